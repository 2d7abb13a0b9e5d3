import { elementSchema, isElementOfVersion } from '../components/schema.js';
import { removeElements, setElement } from '../components/editComponent.js';
import { readOneOf } from '../readInput.js';
import { childText, parseXml } from '../xml.js';

/** Whose tokens a timeout applies to: the beginning of the names of its two elements. */
export type TimeoutSubject = 'namedUserJwt' | 'guestJwt';

/** A timeout as the Setup page offers it. */
export type TimeoutPolicy = { type: 'UserSession' } | { type: 'Custom'; minutes: string };

const policies = 'ExtlClntAppOauthConfigurablePolicies';

/** Whether an API version has the type of a timeout, which came with 65.0 (documented). */
export function hasTimeoutType(subject: TimeoutSubject, version: number): boolean {
  return isElementOfVersion(policies, `${subject}SessionTimeoutType`, version);
}

/** The timeouts of an API version, in minutes, as strings. */
export function timeoutsOf(subject: TimeoutSubject, version: number): string[] {
  const schema = elementSchema(policies, `${subject}Timeout`);
  if (schema?.kind !== 'picklistNumber') return [];
  return [...schema.values].filter(([, since]) => version >= since).map(([minutes]) => minutes);
}

/**
 * Reads a timeout from a form.
 * @returns undefined when the form does not have it
 * @throws InputError for what the page does not offer
 */
export function readTimeoutPolicy(
  form: URLSearchParams,
  subject: TimeoutSubject,
  version: number,
): TimeoutPolicy | undefined {
  const typeName = `${subject}SessionTimeoutType`;
  if (!form.has(typeName)) return undefined;
  const type = readOneOf(['UserSession', 'Custom'])(form.get(typeName), typeName);
  if (type === 'UserSession') return { type };
  const timeoutName = `${subject}Timeout`;
  return { type, minutes: readOneOf(timeoutsOf(subject, version))(form.get(timeoutName), timeoutName) };
}

/**
 * The policies with this timeout; all other bytes stay. With `UserSession` the timeout is removed (documented). If neither is set,
 * the session timeout already applies, and nothing is written: it is unknown what Setup writes.
 */
export function withTimeoutPolicy(xml: string, subject: TimeoutSubject, policy: TimeoutPolicy): string {
  const typeName = `${subject}SessionTimeoutType`;
  const timeoutName = `${subject}Timeout`;
  if (policy.type === 'Custom') {
    return setElement(setElement(xml, typeName, 'Custom'), timeoutName, policy.minutes);
  }
  const withoutTimeout = removeElements(xml, (name) => name === timeoutName);
  const isDefault = childText(parseXml(xml), typeName) === undefined;
  return isDefault ? withoutTimeout : setElement(withoutTimeout, typeName, 'UserSession');
}
