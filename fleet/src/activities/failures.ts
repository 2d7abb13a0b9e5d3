import { failureTypes } from '../contract/activities.js';

/** The kind of a failure: one of {@link failureTypes}. */
export type FailureType = (typeof failureTypes)[keyof typeof failureTypes];

/**
 * The codes of the provider for what may pass: signed in too often, a session that ended, the network, a busy org, a lost response, other
 * people's changes. See docs/troubleshooting.md of the provider.
 */
const passingCodes =
  /^ECA(?:1215|130\d|1403|150[1-7]|1509|151[0-2]|1601|5002|501[345]|600\d|610\d|7001|900[1256])$/;

/** The sign-in led to another org, or to another address, than the one that was meant. */
const otherAddressCodes = /^ECA(?:1408|160[345]|170\d)$/;

/** Inputs, configuration, keys, and whatever else the program or its settings cause. */
const programCodes = /^ECA(?:10\d\d|11\d\d|2\d{3}|8\d{3})$/;

/** What the language hosts say of a program that does not run. */
const programTexts =
  /unhandled exception|exited with non-zero exit code|Cannot find module|failed to compile|Unable to compile|SyntaxError|TSError|Missing required configuration variable|no resource plugin|no stack named|the program has no Pulumi\.yaml/i;

/** The kind of failure that a message is. What is not known may pass: the number of attempts is limited. */
export function failureTypeOf(message: string): FailureType {
  const codes = [...message.matchAll(/\[(ECA\d{4})\]/g)].map(([, code = '']) => code);
  if (codes.length === 0)
    return programTexts.test(message) ? failureTypes.refusedByProgram : failureTypes.passing;
  if (codes.some((code) => otherAddressCodes.test(code))) return failureTypes.otherAddress;
  if (codes.every((code) => passingCodes.test(code))) return failureTypes.passing;
  return codes.some((code) => !passingCodes.test(code) && !programCodes.test(code))
    ? failureTypes.refusedByOrg
    : failureTypes.refusedByProgram;
}

/** The kind of several failures: if anything may pass, another attempt is worth it. */
export function worstFailure(types: readonly FailureType[]): FailureType {
  const order = [
    failureTypes.locked,
    failureTypes.passing,
    failureTypes.credentials,
    failureTypes.otherAddress,
    failureTypes.refusedByOrg,
  ];
  return order.find((type) => types.includes(type)) ?? failureTypes.refusedByProgram;
}
