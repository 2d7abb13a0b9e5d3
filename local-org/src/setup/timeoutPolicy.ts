import { elementSchema, isElementOfVersion } from '../components/schema.js';
import { removeElements, setElement } from '../components/editComponent.js';
import { readOneOf } from '../readInput.js';
import { childText, parseXml } from '../xml.js';

/** Whose tokens a timeout is for: the beginning of the names of its two elements. */
export type TimeoutSubject = 'namedUserJwt' | 'guestJwt';

/** A timeout as the Setup page offers it. */
export type TimeoutPolicy = { type: 'UserSession' } | { type: 'Custom'; minutes: string };

const policies = 'ExtlClntAppOauthConfigurablePolicies';

/** Whether an API version has the type of a timeout, which came with 65.0 (documented). */
export function hasTimeoutType(subject: TimeoutSubject, version: number): boolean {
  return isElementOfVersion(policies, `${subject}SessionTimeoutType`, version);
}

/** The timeouts that an API version has, in minutes, as texts. */
export function timeoutsOf(subject: TimeoutSubject, version: number): string[] {
  const schema = elementSchema(policies, `${subject}Timeout`);
  if (schema?.kind !== 'picklistNumber') return [];
  return [...schema.values].filter(([, since]) => version >= since).map(([minutes]) => minutes);
}

/**
 * Reads what a form says about a timeout.
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
 * The policies with that timeout, every other byte as it was. With `UserSession` the timeout has to go (documented). Where nothing says
 * anything yet, the session timeout counts already, and nothing is written: what Setup itself writes there is not known.
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
