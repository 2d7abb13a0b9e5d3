import { fieldsOf, fieldValuesIn, wantedValues } from './policy/difference.js';
import { absent, jwtFields } from './policy/fields.js';
import type { FieldValues, JwtField } from './policy/fields.js';
import type { Guard } from './policy/guards.js';
import { parseAllow } from './policy/validation.js';
import type { LiveApp } from './reconcile/request.js';
import type { TokenFormat } from './reconcile/plan/tokenFormat.js';
import { componentTypeNames } from './components/componentTypes.js';
import type { ComponentNames } from './components/componentTypes.js';

/** Properties as received over gRPC. */
export type Properties = Readonly<Record<string, unknown>>;

/** The checked inputs of a resource. */
export interface ResourceInputs {
  app: string;
  /** The key into `salesforce:orgs`; `undefined` for the top-level settings. */
  org: string | undefined;
  /** The managed fields and their values. */
  settings: FieldValues;
  allow: readonly Guard[];
}

/** A resource in the state. */
export interface ResourceState extends ResourceInputs {
  id: string;
  /** The 18-character organization id of the org that the resource is in. */
  organizationId: string;
  /** The managed fields: a field among them without a value in the outputs is absent in the org. */
  managedFields: readonly JwtField[];
  /** The values as last seen in the org. */
  live: FieldValues;
  /** The values found before the first change, which destroy restores. */
  valuesFound: FieldValues;
  /** Values that the org kept although they were removed: timeouts with `UserSession`; `undefined` if there are none. */
  valuesKept?: FieldValues;
  names: ComponentNames;
  /** A deploy of the last run whose result is not known. */
  pendingDeploy: string | undefined;
}

/** The id of the resource of an app: `<18-character organization id>/<app>`. */
export function formatId(organizationId: string, app: string): string {
  return `${organizationId}/${app}`;
}

function isRecord(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const textIn = (properties: Properties, key: string): string | undefined => {
  const value = properties[key];
  return typeof value === 'string' ? value : undefined;
};

/** Reads checked inputs. */
export function parseInputs(properties: Properties): ResourceInputs {
  return {
    app: textIn(properties, 'externalClientApplication') ?? '',
    org: textIn(properties, 'org'),
    settings: fieldValuesIn(properties),
    allow: parseAllow(properties['allow']),
  };
}

/**
 * Reads a state of this or any earlier release. What an earlier release or an import did not write is derived: the managed
 * fields from the values. Without a value found, destroy does not change the field.
 */
export function parseState(id: string, properties: Properties): ResourceState {
  const inputs = parseInputs(properties);
  const separator = id.indexOf('/');
  const listed = properties['managedFields'];
  const managedFields = Array.isArray(listed)
    ? jwtFields.filter((field) => listed.includes(field))
    : fieldsOf(wantedValues(inputs.settings));
  const live: FieldValues = {};
  for (const field of managedFields) {
    live[field] = inputs.settings[field] ?? absent;
  }
  const found = properties['valuesFound'];
  const kept = properties['valuesKept'];
  const names = properties['components'];
  return {
    ...inputs,
    id,
    organizationId: separator < 0 ? '' : id.slice(0, separator),
    app: separator < 0 ? inputs.app : id.slice(separator + 1),
    managedFields,
    live,
    valuesFound: isRecord(found) ? fieldValuesIn(found) : {},
    ...(isRecord(kept) ? { valuesKept: fieldValuesIn(kept) } : {}),
    names: isRecord(names)
      ? Object.fromEntries(
          componentTypeNames.flatMap((type) => {
            const name = textIn(names, type);
            return name === undefined ? [] : [[type, name]];
          }),
        )
      : {},
    pendingDeploy: textIn(properties, 'pendingDeploy'),
  };
}

/** The parts of the outputs. */
export interface OutputParts {
  inputs: ResourceInputs;
  organizationId: string;
  apiVersion: number | string;
  observed: LiveApp;
  valuesFound: FieldValues;
  valuesKept?: FieldValues;
}

/** The inputs as read reports them: in the form of the checked inputs, with live values. An absent field has no value. */
export function formatInputs(inputs: ResourceInputs, live: FieldValues): Record<string, unknown> {
  const values = Object.fromEntries(
    fieldsOf(live).flatMap((field) => (live[field] === absent ? [] : [[field, live[field]]])),
  );
  return {
    externalClientApplication: inputs.app,
    ...(inputs.org === undefined ? {} : { org: inputs.org }),
    ...values,
    ...(inputs.allow.length === 0 ? {} : { allow: [...inputs.allow] }),
  };
}

/** The outputs of a resource. Contains no `undefined`, because the host fails on it after the org was changed. */
export function formatOutputs(parts: OutputParts): Record<string, unknown> {
  const { inputs, observed, valuesKept = {} } = parts;
  return {
    ...formatInputs(inputs, observed.live),
    orgId: parts.organizationId,
    apiVersion: typeof parts.apiVersion === 'number' ? `${parts.apiVersion}.0` : parts.apiVersion,
    tokenFormat: observed.tokenFormat satisfies TokenFormat,
    ...(observed.tokenFormatReason === undefined ? {} : { tokenFormatReason: observed.tokenFormatReason }),
    components: { ...observed.names },
    managedFields: fieldsOf(observed.live),
    valuesFound: { ...parts.valuesFound },
    ...(fieldsOf(valuesKept).length === 0 ? {} : { valuesKept: { ...valuesKept } }),
  };
}
