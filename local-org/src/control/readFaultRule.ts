import { requestKinds } from '../http/requestKinds.js';
import type { Fault, FaultRule } from '../org/faultRules.js';
import {
  optionalField,
  readFields,
  readHeaderValue,
  readObject,
  readOneOf,
  readText,
  readWholeNumber,
} from './readInput.js';

/** The fields of each kind of fault besides `kind`. */
const fieldsOfKind: Readonly<Record<Fault['kind'], readonly string[]>> = {
  reset: ['when'],
  truncate: [],
  status: ['status', 'body', 'contentType', 'retryAfter', 'when'],
  hang: ['when'],
  sessionExpired: [],
  locked: [],
  serverError: ['when'],
  malformed: [],
};

/** Every kind of fault. */
export const faultKinds = Object.keys(fieldsOfKind) as readonly Fault['kind'][];

/** Statuses that an answer can end with. */
const statusRange = [200, 599] as const;

/**
 * Reads a rule out of parsed JSON.
 * @throws InputError
 */
export function readFaultRule(value: unknown): FaultRule {
  const fields = readFields('A fault rule', value, ['on', 'do', 'times', 'skip']);
  return {
    on: readOneOf('on', fields.get('on'), requestKinds),
    ...optionalField(fields, 'times', (name, times) => readWholeNumber(name, times, 1)),
    ...optionalField(fields, 'skip', (name, skip) => readWholeNumber(name, skip, 0)),
    do: readFault(fields.get('do')),
  };
}

function readFault(value: unknown): Fault {
  const kind = readOneOf('kind', readObject('do', value).get('kind'), faultKinds);
  const fields = readFields(`A fault of the kind ${kind}`, value, ['kind', ...fieldsOfKind[kind]]);
  const when = optionalField(fields, 'when', (name, time) => readOneOf(name, time, ['before', 'after']));
  switch (kind) {
    case 'reset':
      return { kind, ...when };
    case 'hang':
      return { kind, ...when };
    case 'serverError':
      return { kind, ...when };
    case 'status':
      return {
        kind,
        status: readWholeNumber('status', fields.get('status'), ...statusRange),
        ...optionalField(fields, 'body', readText),
        ...optionalField(fields, 'contentType', readHeaderValue),
        ...optionalField(fields, 'retryAfter', readHeaderValue),
        ...when,
      };
    default:
      return { kind };
  }
}
