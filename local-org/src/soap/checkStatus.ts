import type { OrgState } from '../org/orgState.js';
import { childrenNamed, type XmlFields } from '../xml.js';
import type { SoapOperation } from './soapCall.js';
import { SoapFault } from './soapMessage.js';

/**
 * checkStatus: an AsyncResult for each requested retrieve or deploy. Its documentation refers clients to separate status calls
 * from 29.0 (deploy) and 31.0 (retrieve) on, but CumulusCI and jsforce 1 use it at any version (their source).
 */
export const checkStatus: SoapOperation = ({ org, parameters }) =>
  childrenNamed(parameters, 'asyncProcessId').map(({ text }) => asyncResult(org, text.trim()));

function asyncResult(org: OrgState, id: string): XmlFields {
  const deploy = org.deployJobs.get(id);
  if (deploy) {
    if (deploy.completedAt === undefined) {
      return { done: false, id: deploy.id, state: deploy.startedAt === undefined ? 'Queued' : 'InProgress' };
    }
    const isGood = deploy.status === 'Succeeded' || deploy.status === 'SucceededPartial';
    return { done: true, id: deploy.id, state: isGood ? 'Completed' : 'Error' };
  }
  const retrieve = org.retrieveJobs.get(id);
  if (!retrieve) throw new SoapFault('INVALID_ID_FIELD', `Invalid id of a retrieve or deploy: ${id}`);
  const status = org.retrieveJobs.status(retrieve);
  if (status === 'Pending' || status === 'InProgress') {
    return { done: false, id: retrieve.id, state: status === 'Pending' ? 'Queued' : 'InProgress' };
  }
  if (!('errorStatusCode' in retrieve.result)) return { done: true, id: retrieve.id, state: 'Completed' };
  const { errorStatusCode, errorMessage } = retrieve.result;
  return { done: true, id: retrieve.id, message: errorMessage, state: 'Error', statusCode: errorStatusCode };
}
