import { faultKinds, readFaultRule } from './control/readFaultRule.js';
import { InputError } from './readInput.js';
import type { FaultRule } from './org/faultRules.js';

/** The argument after the colon of a fault: `status:503`, `reset:after`. */
const argumentOfKind: ReadonlyMap<string, string> = new Map([
  ['status', 'status'],
  ['reset', 'when'],
  ['hang', 'when'],
  ['serverError', 'when'],
]);

/** Settings after a comma: of the rule, and of its fault. */
const ruleSettings: readonly string[] = ['times', 'skip'];
const faultSettings: readonly string[] = ['when', 'retryAfter', 'contentType', 'body'];

/** Settings whose values are numbers. */
const numbers: readonly string[] = ['times', 'skip', 'status'];

/**
 * Reads a rule as the command line writes it: `<request>=<fault>[:<argument>][,<setting>=<value>]…`, for example `deploy=reset:after,times=1`.
 * Settings have the names of the rule's and the fault's fields; a value cannot contain a comma.
 * @throws InputError
 */
export function parseFaultOption(text: string): FaultRule {
  const [, on, fault = '', settings] = /^([^=,]+)=([^,]+)(?:,(.*))?$/s.exec(text) ?? [];
  if (on === undefined) {
    throw new InputError(`'${text}' is not <request>=<fault>, such as deploy=reset:after,times=1.`);
  }
  const [kind = '', ...rest] = fault.split(':');
  const rule = new Map<string, unknown>([['on', on]]);
  const action = new Map<string, unknown>([['kind', kind]]);
  if (rest.length > 0) {
    const argument = rest.join(':');
    const name = argumentName(kind, argument);
    action.set(name, valueOf(name, argument));
  }
  for (const setting of settings?.split(',') ?? []) {
    const [name, value] = nameAndValue(setting);
    const target = ruleSettings.includes(name) ? rule : action;
    if (target.has(name)) throw new InputError(`${name} is given twice.`);
    target.set(name, valueOf(name, value));
  }
  return readFaultRule({ ...Object.fromEntries(rule), do: Object.fromEntries(action) });
}

function argumentName(kind: string, argument: string): string {
  const name = argumentOfKind.get(kind);
  if (name !== undefined) return name;
  if (!faultKinds.some((known) => known === kind)) return 'argument';
  throw new InputError(`${kind} takes nothing after a colon, not '${argument}'.`);
}

function nameAndValue(setting: string): [name: string, value: string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
  const known = [...ruleSettings, ...faultSettings];
  if (name !== undefined && value !== undefined && known.includes(name)) return [name, value];
  throw new InputError(`'${setting}' is not a setting of a fault; there are: ${known.join('=…, ')}=….`);
}

/** A string that should be a number but is not stays a string, so that the reader of the rule reports what is allowed. */
function valueOf(name: string, text: string): string | number {
  return numbers.includes(name) && /^\d+$/.test(text) ? Number(text) : text;
}
