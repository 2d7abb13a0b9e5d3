import type { OrgState, UserSession } from '../org/orgState.js';
import type { OrgUser } from '../org/users.js';
import type { QueryableObject } from './objects.js';
import { RestError } from './restError.js';
import { compareValues, fieldOf, parseSoql, type SoqlRow, type SoqlValue } from './soql.js';

/** A page of query results; everything fits on one. */
export interface QueryResult {
  totalSize: number;
  done: true;
  records: Record<string, unknown>[];
}

/** The queryable objects of an API. */
export interface QueryApi {
  objects: readonly QueryableObject[];
  /** For example 66. */
  version: number;
  /** Of the API, for the urls of records: `/services/data/v68.0` or the tooling one. */
  path: string;
}

/** Finds an object that a user may see; names are not case-sensitive. */
export function findObject(
  { objects, version }: QueryApi,
  objectName: string,
  user: OrgUser,
  org: OrgState,
): QueryableObject | undefined {
  return objects.find(
    ({ name, since = 0, isVisibleTo }) =>
      name.toLowerCase() === objectName.toLowerCase() &&
      since <= version &&
      isVisibleTo?.(user, org) !== false,
  );
}

/** The fields of an API version. */
export function fieldsOfVersion({ fields, fieldsSince = {} }: QueryableObject, version: number): string[] {
  return fields.filter((field) => (fieldsSince[field] ?? 0) <= version);
}

/**
 * Runs a query.
 * @param asking who asks, and with which session
 * @throws RestError MALFORMED_QUERY, INVALID_TYPE, INVALID_FIELD
 */
export function runQuery(org: OrgState, asking: UserSession, api: QueryApi, soql: string): QueryResult {
  const query = parseSoql(soql);
  const object = findObject(api, query.object, asking.user, org);
  if (!object) throw new RestError(400, 'INVALID_TYPE', `sObject type '${query.object}' is not supported.`);
  const fields = fieldsOfVersion(object, api.version);
  const canonical = (field: string): string => {
    const known = fields.find((name) => name.toLowerCase() === field.toLowerCase());
    if (known !== undefined) return known;
    throw new RestError(400, 'INVALID_FIELD', `No such column '${field}' on entity '${object.name}'.`);
  };
  query.namedFields.forEach(canonical);
  const compareRows = (a: SoqlRow, b: SoqlRow): number => {
    for (const { field, descending } of query.orderBy) {
      const order = compareValues(fieldOf(a, field), fieldOf(b, field));
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  };
  const rows = object.rows(org, asking.session).filter(query.matches).sort(compareRows).slice(0, query.limit);
  const records = rows.map((row) => recordOf(object.name, row, query.fields.map(canonical), api.path));
  return { totalSize: records.length, done: true, records };
}

/** A row as the REST API shows it. */
export function recordOf(
  object: string,
  row: SoqlRow,
  fields: readonly string[],
  path: string,
): Record<string, unknown> {
  const record: Record<string, unknown> = {
    attributes: { type: object, url: `${path}/sobjects/${object}/${String(row['Id'])}` },
  };
  const parents = new Map<string, Record<string, unknown>>();
  for (const field of fields) {
    const value = written(row[field] ?? null);
    const [parent, ofParent] = field.split('.');
    if (parent === undefined || ofParent === undefined) {
      record[field] = value;
    } else {
      const nested = parents.get(parent) ?? { attributes: { type: parent } };
      nested[ofParent] = value;
      parents.set(parent, nested);
      record[parent] = nested;
    }
  }
  return record;
}

/** Dates of the REST API end with `+0000`. */
function written(value: SoqlValue): unknown {
  return value instanceof Date ? value.toISOString().replace('Z', '+0000') : value;
}
