import { renderComponent } from '../components/renderComponent.js';
import { elementSchema, schemas } from '../components/schema.js';
import { componentType, rootElement, type ComponentTypeName } from '../components/types.js';
import { saveComponent } from '../deploy/saveComponent.js';
import type { OrgState } from '../org/orgState.js';
import {
  childrenNamed,
  childText,
  parseXml,
  xmlElement,
  type XmlElement,
  type XmlFields,
  type XmlValue,
} from '../xml.js';
import type { SoapCall, SoapOperation } from './soapCall.js';
import { SoapFault } from './soapMessage.js';

/** The maximum number of components in one call. */
const maximumRecords = 10;

/** readMetadata: the components as records; one that does not exist is `xsi:nil`. */
export const readMetadata: SoapOperation = ({ org, user, version, parameters }) => {
  const typeName = childText(parameters, 'type') ?? '';
  const type = componentType(typeName);
  if (!type || type.since > version || org.faults.refuseReadMetadata.includes(type.name))
    throw unreadableType(org, typeName);
  const fullNames = childrenNamed(parameters, 'fullNames').map(({ text }) => text.trim());
  checkCount(fullNames.length);
  const reader = { version, role: user.role, returnCertificate: org.faults.returnCertificate };
  const records = fullNames.map((fullName): XmlValue => {
    const component = org.store.get(type.name, fullName);
    const hidden = component && org.hiddenHow(component);
    if (hidden === 'loadFails' && org.faults.holds('unloadableRecord'))
      throw new SoapFault('UNKNOWN_EXCEPTION', 'An unexpected error occurred.');
    if (!component || hidden) return { '@xsi:nil': true };
    const { children } = parseXml(renderComponent(component, reader));
    const shown = children.filter(({ name }) => isInRecord(org, type.name, name));
    return { '@xsi:type': type.name, fullName, ...fieldsOf(shown) };
  });
  return { records };
};

/** By the rules `unreadableType` and `unknownTypeRead`. */
function unreadableType(org: OrgState, typeName: string): SoapFault {
  return org.faults.holds('unknownTypeRead')
    ? new SoapFault('UNKNOWN_EXCEPTION', `${typeName} is not a valid metadata type for reading`)
    : new SoapFault('INVALID_TYPE', 'This type of metadata is not available for this organization');
}

/** By the rules `wholeRecords` and `recordsOfSchema`. */
function isInRecord({ faults }: OrgState, type: ComponentTypeName, element: string): boolean {
  if (faults.omitFromReadMetadata.includes(element)) return false;
  const isTypeKnown = Object.keys(schemas[type]).length > 0;
  return !isTypeKnown || elementSchema(type, element) !== undefined || !faults.holds('recordsOfSchema');
}

/** updateMetadata: replaces components that exist. */
export const updateMetadata: SoapOperation = (call) => save(call, false);

/** upsertMetadata: replaces components, or creates them. */
export const upsertMetadata: SoapOperation = (call) => save(call, true);

/** Each component succeeds or fails independently, by the rules of a deploy at the endpoint's version. */
function save({ org, user, version, parameters }: SoapCall, mayCreate: boolean): XmlValue {
  const records = childrenNamed(parameters, 'metadata');
  checkCount(records.length);
  return records.map((record): XmlValue => {
    const type = componentType((record.attributes.get('type') ?? '').replace(/^.*:/, ''));
    const fullName = childText(record, 'fullName') ?? '';
    if (!type)
      throw new SoapFault('INVALID_TYPE', 'Each metadata element needs the xsi:type of a known type');
    const failed = (statusCode: string, message: string): XmlValue => ({
      errors: { message, statusCode },
      fullName,
      success: false,
    });
    if (!mayCreate && !org.store.get(type.name, fullName)) {
      return failed(
        'INVALID_CROSS_REFERENCE_KEY',
        `In field: fullName - no ${type.name} named ${fullName} found`,
      );
    }
    const xml = fileOf(rootElement(type.name, fullName), record);
    const saved = saveComponent(org, user, version, { type, fullName, xml });
    if (saved.problem !== undefined) {
      const coded = /^([A-Z_]{6,}): (.*)$/s.exec(saved.problem);
      return failed(coded?.[1] ?? 'INVALID_FIELD', coded?.[2] ?? saved.problem);
    }
    return { ...(mayCreate && { created: saved.created }), fullName, success: true };
  });
}

/** A record as the file in a retrieve: elements in alphabetical order, because clients send them in any order. */
function fileOf(rootName: string, record: XmlElement): string {
  const elements = sorted(record.children).filter(({ name }) => name !== 'fullName');
  const lines = elements.map((element) => `    ${xmlElement(element.name, valueOf(element))}\n`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${rootName} xmlns="http://soap.sforce.com/2006/04/metadata">\n${lines}</${rootName}>\n`;
}

function sorted(elements: readonly XmlElement[]): XmlElement[] {
  return elements.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function fieldsOf(elements: readonly XmlElement[]): XmlFields {
  const byName = Map.groupBy(sorted(elements), ({ name }) => name);
  return Object.fromEntries([...byName].map(([name, same]) => [name, same.map(valueOf)]));
}

function valueOf({ children, text }: XmlElement): XmlValue {
  return children.length > 0 ? fieldsOf(children) : text;
}

function checkCount(count: number): void {
  if (count > maximumRecords) {
    throw new SoapFault(
      'EXCEEDED_ID_LIMIT',
      `record limit reached. cannot submit more than ${maximumRecords} records in this operation`,
    );
  }
}
