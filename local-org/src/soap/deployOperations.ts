import type { DeployJob } from '../deploy/deployJob.js';
import { CancelRefused } from '../deploy/deployJobs.js';
import { deployDetails, deployResultFields } from '../deploy/deployResultFields.js';
import { readDeployOptions, submitDeploy } from '../deploy/submitDeploy.js';
import type { OrgState } from '../org/orgState.js';
import { child, childText, type XmlElement } from '../xml.js';
import type { SoapOperation } from './soapCall.js';
import { SoapFault } from './soapMessage.js';

/** deploy: queues the zip. `ZipFile` and `DeployOptions` are capitalised in the WSDL. */
export const deploy: SoapOperation = async ({ org, user, version, parameters }) => {
  const options = child(parameters, 'DeployOptions');
  const zip = Buffer.from(childText(parameters, 'ZipFile') ?? '', 'base64');
  const job = await submitDeploy(
    org,
    user,
    zip,
    readDeployOptions((name) => options && childText(options, name)),
    version,
  );
  return { done: false, id: job.id, state: 'Queued' };
};

/** checkDeployStatus: the result so far; `details` is in every response (WSDL), the component results only with `includeDetails`. */
export const checkDeployStatus: SoapOperation = ({ org, version, parameters }) => {
  const job = findJob(org, childText(parameters, 'asyncProcessId'));
  const includeDetails = childText(parameters, 'includeDetails') === 'true';
  const details = (includeDetails ? deployDetails(job) : undefined) ?? {};
  return deployResultFields(job, org.deployJobs.statusFor(job, version), details);
};

/** cancelDeploy: in the WSDL the id is called `String`, jsforce sends `id`. */
export const cancelDeploy: SoapOperation = ({ org, user, parameters }) => {
  const job = findJob(org, idOf(parameters));
  try {
    org.deployJobs.cancel(job, user);
  } catch (error) {
    if (error instanceof CancelRefused) throw new SoapFault('INVALID_ID_FIELD', error.message);
    throw error;
  }
  return { done: job.completedAt !== undefined, id: job.id };
};

function idOf(parameters: XmlElement): string | undefined {
  return childText(parameters, 'String') ?? childText(parameters, 'id');
}

function findJob(org: OrgState, id: string | undefined): DeployJob {
  const job = id === undefined ? undefined : org.deployJobs.get(id);
  if (!job) throw new SoapFault('INVALID_ID_FIELD', `Invalid deploy id: ${id ?? '(none)'}`);
  return job;
}
