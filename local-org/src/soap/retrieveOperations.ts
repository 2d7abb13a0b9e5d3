import { strToU8, zipSync } from 'fflate';
import type { StoredComponent } from '../components/storedComponent.js';
import { renderComponent } from '../components/renderComponent.js';
import { componentPath, componentType } from '../components/types.js';
import { dateTime } from '../deploy/deployResultFields.js';
import { readManifest, versionText, writePackageXml, type PackageManifest } from '../packageXml.js';
import type { OrgState } from '../org/orgState.js';
import type { OrgUser } from '../org/users.js';
import { child, childText, XmlError, type XmlElement, type XmlValue } from '../xml.js';
import { fileProperties } from './fileProperties.js';
import type { RetrieveContent, RetrieveFailure, RetrieveJob } from './retrieveJobs.js';
import type { SoapOperation } from './soapCall.js';
import { SoapFault } from './soapMessage.js';

/** retrieve: starts a job for the components that `unpackaged` names. */
export const retrieve: SoapOperation = ({ org, user, version, parameters }) => {
  const request = child(parameters, 'request') ?? child(parameters, 'retrieveRequest');
  const unpackaged = request && child(request, 'unpackaged');
  if (!request || !unpackaged)
    throw new SoapFault('INVALID_OPERATION', 'Retrieve takes unpackaged components here');
  const singlePackage = childText(request, 'singlePackage') === 'true';
  const job = org.retrieveJobs.add(collect(org, user, unpackaged, version, singlePackage));
  return { done: false, id: job.id, state: 'Queued' };
};

/** checkRetrieveStatus: the job's state; the response with the zip deletes it from the org (documented). */
export const checkRetrieveStatus: SoapOperation = ({ org, user, parameters }) => {
  const id = childText(parameters, 'asyncProcessId') ?? '';
  const job = org.retrieveJobs.get(id);
  if (!job) throw new SoapFault('INVALID_ID_FIELD', `Invalid retrieve id: ${id}`);
  const status = org.retrieveJobs.status(job);
  if (status === 'Pending' || status === 'InProgress')
    return { done: false, id: job.id, status, success: false };
  if ('errorStatusCode' in job.result) {
    return { done: true, ...job.result, id: job.id, status: 'Failed', success: false };
  }
  return finished(org, job, job.result, user, childText(parameters, 'includeZip') !== 'false');
};

function finished(
  org: OrgState,
  job: RetrieveJob,
  content: RetrieveContent,
  user: OrgUser,
  includeZip: boolean,
): XmlValue {
  const { zip, files } = content;
  // The wording of a real org is unknown.
  if (!zip)
    throw new SoapFault(
      'INVALID_LOCATOR',
      `The result of retrieve ${job.id} has been handed out and deleted`,
    );
  if (includeZip) {
    content.zip = undefined;
    content.files = [];
  }
  return {
    done: true,
    fileProperties: files.map(({ path, component }) =>
      component
        ? fileProperties(component, folderOf(path, component), org.store)
        : packageProperties(job, path, user),
    ),
    id: job.id,
    messages: content.messages.map(({ fileName, problem }) => ({ fileName, problem })),
    status: 'Succeeded',
    success: true,
    zipFile: includeZip ? zip.toString('base64') : undefined,
  };
}

function folderOf(path: string, { type, fullName }: StoredComponent): string {
  const known = componentType(type);
  return known ? path.slice(0, -componentPath(known, fullName).length) : '';
}

function packageProperties(job: RetrieveJob, path: string, user: OrgUser): Record<string, XmlValue> {
  const by = { ById: user.userId, ByName: user.displayName, Date: dateTime(job.createdAt) };
  return {
    createdById: by.ById,
    createdByName: by.ByName,
    createdDate: by.Date,
    fileName: path,
    fullName: path,
    id: '',
    lastModifiedById: by.ById,
    lastModifiedByName: by.ByName,
    lastModifiedDate: by.Date,
    manageableState: 'unmanaged',
    type: 'Package',
  };
}

function collect(
  org: OrgState,
  user: OrgUser,
  unpackaged: XmlElement,
  endpointVersion: number,
  singlePackage: boolean,
): RetrieveContent | RetrieveFailure {
  let manifest: PackageManifest;
  try {
    manifest = readManifest(unpackaged);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    return { errorStatusCode: 'INVALID_OPERATION', errorMessage: error.message };
  }
  const version = manifest.version ?? endpointVersion;
  if (version > org.newestVersion) {
    return {
      errorStatusCode: 'UNSUPPORTED_API_VERSION',
      errorMessage: `Invalid API version ${versionText(version)}: this org offers up to ${versionText(org.newestVersion)}`,
    };
  }
  const folder = singlePackage ? '' : 'unpackaged/';
  const { found, problems } = withoutHidden(org, findMembers(org, manifest, version));
  const reader = { version, role: user.role, returnCertificate: org.faults.returnCertificate };
  const entries: Record<string, Uint8Array> = {};
  const files: { path: string; component: StoredComponent | undefined }[] = [];
  const members = new Map<string, string[]>();
  for (const component of found) {
    const type = componentType(component.type);
    if (!type) continue;
    const path = folder + componentPath(type, component.fullName);
    entries[path] = strToU8(renderComponent(component, reader));
    files.push({ path, component });
    members.set(type.name, [...(members.get(type.name) ?? []), component.fullName]);
  }
  const manifestPath = `${folder}package.xml`;
  entries[manifestPath] = strToU8(writePackageXml(members, versionText(version)));
  files.push({ path: manifestPath, component: undefined });
  return {
    zip: Buffer.from(zipSync(entries)),
    files,
    messages: problems.map((problem) => ({ fileName: manifestPath, problem })),
  };
}

/** Unknown members and types cause messages; the retrieve itself succeeds (seen with real clients). */
function findMembers(org: OrgState, manifest: PackageManifest, version: number) {
  const found = new Set<StoredComponent>();
  const problems: string[] = [];
  for (const { name, members } of manifest.types) {
    const type = componentType(name);
    if (!type) problems.push(`Entity type: '${name}' is unknown`);
    else if (type.since > version)
      problems.push(`Entity type: '${name}' is not available in this api version`);
    else {
      for (const member of members) {
        const stored = org.store.get(name, member);
        const component = stored && org.hiddenHow(stored) !== 'notListed' ? stored : undefined;
        if (member === '*') {
          org.store
            .list(type.name)
            .filter(({ fullName }) => org.faults.wildcardReturnsManaged || !org.store.isInstalled(fullName))
            .forEach((each) => found.add(each));
        } else if (component) found.add(component);
        else problems.push(`Entity of type '${name}' named '${member}' cannot be found`);
      }
    }
  }
  return { found: [...found], problems };
}

/** Omits hidden components: a retrieve succeeds without them, with or without a message (sfdx-hardis#2070). */
function withoutHidden(org: OrgState, { found, problems }: ReturnType<typeof findMembers>) {
  const failed = found
    .filter((component) => org.hiddenHow(component) === 'loadFails')
    .map(
      ({ type, fullName }) =>
        `Load of metadata from db failed for metadata of type:${type} and file name:${fullName}.`,
    );
  return {
    found: found.filter((component) => org.hiddenHow(component) === undefined),
    problems: [...problems, ...failed],
  };
}
