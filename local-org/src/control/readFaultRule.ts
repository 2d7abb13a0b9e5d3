import { requestKinds } from '../http/requestKinds.js';
import type { Fault, FaultRule } from '../org/faultRules.js';
import {
  readFields,
  readHeaderValue,
  readObject,
  readOneOf,
  readText,
  readWholeNumber,
} from '../readInput.js';

const when = readOneOf(['before', 'after']);

/** The possible statuses of a response. */
const status = readWholeNumber(200, 599);

const readFaultOfKind: { readonly [Kind in Fault['kind']]: (value: unknown) => Fault & { kind: Kind } } = {
  reset: readFields('A fault of the kind reset', { kind: readOneOf(['reset']) }, { when }),
  truncate: readFields('A fault of the kind truncate', { kind: readOneOf(['truncate']) }),
  status: readFields(
    'A fault of the kind status',
    { kind: readOneOf(['status']), status },
    { body: readText, contentType: readHeaderValue, retryAfter: readHeaderValue, when },
  ),
  hang: readFields('A fault of the kind hang', { kind: readOneOf(['hang']) }, { when }),
  sessionExpired: readFields('A fault of the kind sessionExpired', { kind: readOneOf(['sessionExpired']) }),
  locked: readFields('A fault of the kind locked', { kind: readOneOf(['locked']) }),
  serverError: readFields('A fault of the kind serverError', { kind: readOneOf(['serverError']) }, { when }),
  malformed: readFields('A fault of the kind malformed', { kind: readOneOf(['malformed']) }),
};

/** Every kind of fault. */
export const faultKinds = Object.keys(readFaultOfKind) as readonly Fault['kind'][];

const readKind = readOneOf(faultKinds);

/**
 * Reads a rule from parsed JSON.
 * @throws InputError
 */
export const readFaultRule: (value: unknown) => FaultRule = readFields(
  'A fault rule',
  {
    on: readOneOf(requestKinds),
    do: (fault, name): Fault => readFaultOfKind[readKind(readObject(fault, name).get('kind'), 'kind')](fault),
  },
  { times: readWholeNumber(1), skip: readWholeNumber(0) },
);
