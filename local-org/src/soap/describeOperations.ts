import { unqualifiedName } from '../components/componentStore.js';
import { componentType, componentTypes } from '../components/types.js';
import { childrenNamed, childText, type XmlElement } from '../xml.js';
import { fileProperties } from './fileProperties.js';
import type { SoapOperation } from './soapCall.js';
import { SoapFault } from './soapMessage.js';

/** The maximum number of queries in one listMetadata call (documented). */
const maximumQueries = 3;

/** listMetadata: every component of up to three types, with its namespace in its name or separate. */
export const listMetadata: SoapOperation = ({ org, version: endpointVersion, parameters }) => {
  const version = asOfVersion(parameters, endpointVersion);
  const queries = childrenNamed(parameters, 'queries');
  if (queries.length > maximumQueries) {
    throw new SoapFault(
      'LIMIT_EXCEEDED',
      `listMetadata takes up to ${maximumQueries} queries, not ${queries.length}`,
    );
  }
  return queries.flatMap((query) => {
    const name = childText(query, 'type') ?? '';
    const type = componentType(name);
    if (!type || type.since > version) throw new SoapFault('INVALID_TYPE', `Unknown type:${name}`);
    return org.store
      .list(type.name)
      .filter((component) => org.hiddenHow(component) !== 'notListed')
      .map((component) => ({
        ...fileProperties(component, '', org.store),
        ...(org.faults.holds('namesApart') && { fullName: unqualifiedName(component.fullName) }),
      }));
  });
};

/** describeMetadata: the types of the requested version. */
export const describeMetadata: SoapOperation = ({ org, version, parameters }) => ({
  metadataObjects: componentTypes
    .filter(({ since }) => since <= asOfVersion(parameters, version))
    .map(({ name, folder, suffix }) => ({
      directoryName: folder,
      inFolder: false,
      metaFile: false,
      suffix,
      xmlName: name,
    })),
  organizationNamespace: org.store.namespace ?? '',
  partialSaveAllowed: true,
  testRequired: false,
});

/** The version of a call: `asOfVersion`, by default that of the endpoint (documented). */
function asOfVersion(parameters: XmlElement, endpointVersion: number): number {
  return Number(childText(parameters, 'asOfVersion') ?? endpointVersion);
}
