import { qualifiedName } from '../components/componentName.js';
import {
  flag,
  listOf,
  nameIn,
  objectOf,
  optionalNumber,
  optionalText,
  requiredBytes,
  requiredFlag,
  requiredName,
  requiredText,
  UnexpectedAnswerError,
} from './answerFields.js';

/** One component that an org has, as retrieve and listMetadata describe it. */
export interface FileProperties {
  /** The component's type. */
  type: string;
  /** The component's name with its namespace, as `ns__Name`, even if the org returns them separately. */
  fullName: string;
  /** Its path, within a retrieve's zip below the folder `unpackaged/`; `''` if the org does not return it. */
  fileName: string;
  namespacePrefix: string | undefined;
  lastModifiedByName: string | undefined;
  /** ISO 8601. */
  lastModifiedDate: string | undefined;
}

/** The result of checkRetrieveStatus. */
export type RetrieveStatus =
  | { done: false; status: string }
  | {
      done: true;
      success: true;
      /** The zip itself. The org returns it once and then deletes it. */
      zip: Buffer;
      fileProperties: FileProperties[];
      /** For instance `Entity of type 'T' named 'N' cannot be found`. */
      messages: string[];
    }
  | {
      done: true;
      success: false;
      id: string;
      errorStatusCode: string | undefined;
      errorMessage: string | undefined;
    };

/** A component that a deploy handled. */
export interface ComponentSuccess {
  componentType: string;
  fullName: string;
  fileName: string;
  changed: boolean;
  created: boolean;
}

/** A component that a deploy refused or warned about. */
export interface ComponentFailure {
  componentType: string;
  fullName: string;
  fileName: string;
  /** The org's message. */
  problem: string;
  /** `Error` or `Warning`. */
  problemType: string;
  lineNumber: number | undefined;
  columnNumber: number | undefined;
}

/** The status of a deploy. */
export interface DeployStatus {
  id: string;
  /** For instance `Pending`, `InProgress`, `Succeeded`, `Failed`, `Canceled`. */
  status: string;
  done: boolean;
  success: boolean;
  /** The counts are for progress only: while a deploy waits, the response may lack them (the guide's sample has none). */
  numberComponentsTotal: number | undefined;
  numberComponentsDeployed: number | undefined;
  componentSuccesses: ComponentSuccess[];
  componentFailures: ComponentFailure[];
  errorStatusCode: string | undefined;
  errorMessage: string | undefined;
  createdByName: string | undefined;
  canceledByName: string | undefined;
  /** ISO 8601, like the other date. */
  createdDate: string | undefined;
  startDate: string | undefined;
}

/** A component as readMetadata returns it. */
export interface ReadComponent {
  fullName: string;
  /** The values of elements that occur once and have no child elements, as the org wrote them. */
  texts: ReadonlyMap<string, string>;
}

/** One page of a query result. */
export interface QueryPage {
  records: Record<string, unknown>[];
  /** The path of the next page, `undefined` after the last one. */
  nextPath: string | undefined;
}

/** The id of a newly started job. */
export function parseJobId(answer: unknown): { id: string } {
  return { id: requiredText(objectOf(answer, 'it'), 'id') };
}

/** A retrieve's status, from SOAP; the library fills in what is missing, so only non-empty values count. */
export function parseRetrieveStatus(answer: unknown): RetrieveStatus {
  const result = objectOf(answer, 'it');
  const id = requiredText(result, 'id');
  const status = requiredText(result, 'status');
  const succeeded = status === 'Succeeded';
  if (!flag(result, 'done')) {
    if (succeeded || status === 'Failed') throw new UnexpectedAnswerError(`it is ${status} but not done`);
    return { done: false, status };
  }
  if (flag(result, 'success') !== succeeded) {
    throw new UnexpectedAnswerError('its `status` and `success` contradict each other');
  }
  if (!succeeded) {
    return {
      done: true,
      success: false,
      id,
      errorStatusCode: optionalText(result, 'errorStatusCode'),
      errorMessage: optionalText(result, 'errorMessage'),
    };
  }
  const zipFile = requiredBytes(result, 'zipFile');
  if (!/^[A-Za-z0-9+/\s]+(?:=[=\s]*)?$/.test(zipFile)) {
    throw new UnexpectedAnswerError('its `zipFile` is not base64');
  }
  return {
    done: true,
    success: true,
    zip: Buffer.from(zipFile, 'base64'),
    fileProperties: listOf(result['fileProperties']).map(parseFileProperties),
    messages: listOf(result['messages']).map((message) => requiredText(message, 'problem')),
  };
}

/** The components that listMetadata found. */
export function parseFilePropertiesList(answer: unknown): FileProperties[] {
  return listOf(answer).map(parseFileProperties);
}

/** The components that readMetadata found; a missing one has no name. */
export function parseReadComponents(answer: unknown): ReadComponent[] {
  return listOf(answer).flatMap((component) => {
    const fullName = nameIn(component, 'fullName');
    const texts = Object.entries(component).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    );
    return fullName === '' ? [] : [{ fullName, texts: new Map(texts) }];
  });
}

/** A deploy's status, from REST. */
export function parseDeployStatus(answer: unknown): DeployStatus {
  const result = objectOf(answer, 'it');
  const details = result['details'];
  const { componentSuccesses, componentFailures } =
    details === undefined || details === null ? {} : objectOf(details, '`details`');
  return {
    id: requiredText(result, 'id'),
    status: requiredText(result, 'status'),
    done: requiredFlag(result, 'done'),
    success: requiredFlag(result, 'success'),
    numberComponentsTotal: optionalNumber(result, 'numberComponentsTotal'),
    numberComponentsDeployed: optionalNumber(result, 'numberComponentsDeployed'),
    componentSuccesses: listOf(componentSuccesses).map((component) => ({
      ...parseComponentName(component),
      changed: flag(component, 'changed'),
      created: flag(component, 'created'),
    })),
    componentFailures: listOf(componentFailures).map((component) => ({
      ...parseComponentName(component),
      problem: requiredText(component, 'problem'),
      problemType: optionalText(component, 'problemType') ?? 'Error',
      lineNumber: optionalNumber(component, 'lineNumber'),
      columnNumber: optionalNumber(component, 'columnNumber'),
    })),
    errorStatusCode: optionalText(result, 'errorStatusCode'),
    errorMessage: optionalText(result, 'errorMessage'),
    createdByName: optionalText(result, 'createdByName'),
    canceledByName: optionalText(result, 'canceledByName'),
    createdDate: optionalText(result, 'createdDate'),
    startDate: optionalText(result, 'startDate'),
  };
}

/** A page of a query result. */
export function parseQueryPage(answer: unknown): QueryPage {
  const page = objectOf(answer, 'it');
  if (!Array.isArray(page['records'])) throw new UnexpectedAnswerError('it has no `records`');
  const records = listOf(page['records']);
  if (requiredFlag(page, 'done')) return { records, nextPath: undefined };
  const nextPath = requiredBytes(page, 'nextRecordsUrl');
  // The access token would be sent to another host.
  if (!nextPath.startsWith('/services/data/')) {
    throw new UnexpectedAnswerError('its `nextRecordsUrl` is not a path of the REST API');
  }
  return { records, nextPath };
}

function parseFileProperties(properties: Record<string, unknown>): FileProperties {
  const namespacePrefix = nameIn(properties, 'namespacePrefix') || undefined;
  return {
    type: requiredName(properties, 'type'),
    fullName: qualifiedName({ fullName: requiredName(properties, 'fullName'), namespacePrefix }),
    fileName: nameIn(properties, 'fileName'),
    namespacePrefix,
    lastModifiedByName: optionalText(properties, 'lastModifiedByName'),
    lastModifiedDate: optionalText(properties, 'lastModifiedDate'),
  };
}

/** The manifest's own entry has no component type. */
function parseComponentName(component: Record<string, unknown>): {
  componentType: string;
  fullName: string;
  fileName: string;
} {
  return {
    componentType: nameIn(component, 'componentType'),
    fullName: nameIn(component, 'fullName'),
    fileName: nameIn(component, 'fileName'),
  };
}
