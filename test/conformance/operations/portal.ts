import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import { ClientFailure, type Members, type Package } from '../client.js';

/** An app of the seed: its files have a comment, several callback URLs and no final newline. */
export const app = 'portal';
export const headerType = 'ExternalClientApplication';
export const globalType = 'ExtlClntAppGlobalOauthSettings';
export const policiesType = 'ExtlClntAppOauthConfigurablePolicies';

const globalSettings = {
  type: globalType,
  fullName: 'portalGlblOAuth',
  path: 'extlClntAppGlobalOauthSets/portalGlblOAuth.ecaGlblOauth',
};
const policies = {
  type: policiesType,
  fullName: 'portal_defaultPolicy',
  path: 'extlClntAppOauthPolicies/portal_defaultPolicy.ecaOauthPlcy',
};

/** The components of the app that are read and written, with their paths in metadata format. */
export const components = [globalSettings, policies] as const;

/** The same, as package.xml names them. */
export const members: Members = Object.fromEntries(
  components.map(({ type, fullName }) => [type, [fullName]]),
);

/** The text of a component in the org. */
export function storedText(org: LocalOrg, type: string, fullName: string): string {
  const text = org.component(type, fullName);
  assert.ok(text !== undefined, `the org has no ${type} ${fullName}`);
  return text;
}

/** The elements of these components that came later than 61.0, with the first version whose WSDL has them. */
const laterElements: ReadonlyMap<string, number> = new Map([
  ['guestJwtSessionTimeoutType', 65],
  ['isEnforceRefreshTokenTTL', 67],
  ['namedUserJwtSessionTimeoutType', 65],
]);

/** Whether an element of these components is in the WSDL of a version such as `66.0`. */
export function isInVersion(element: string, apiVersion: string): boolean {
  return (laterElements.get(element) ?? 0) <= Number(apiVersion);
}

/** The text of a component as an answer at a version has it: without the elements that came later, which have lines of their own. */
export function answeredText(org: LocalOrg, type: string, fullName: string, apiVersion: string): string {
  return storedText(org, type, fullName).replace(/ *<(\w+)>.*\n/g, (line, element: string) =>
    isInVersion(element, apiVersion) ? line : '',
  );
}

/** The app's settings with JWT-based access tokens switched on: a change that is there afterwards, or not. */
export function changedPackage(org: LocalOrg, apiVersion: string): Package {
  const { type, fullName, path } = globalSettings;
  const text = answeredText(org, type, fullName, apiVersion);
  const changed = text.replace('<isNamedUserJwtEnabled>false<', '<isNamedUserJwtEnabled>true<');
  assert.notEqual(changed, text, 'the org of this check was changed before');
  return { members: { [type]: [fullName] }, files: new Map([[path, changed]]) };
}

/** The app's policies with a value that no such field has. */
export function refusedPackage(org: LocalOrg, apiVersion: string): Package {
  const { type, fullName, path } = policies;
  const text = answeredText(org, type, fullName, apiVersion);
  const changed = text.replace(/(<permittedUsersPolicyType>)[^<]*/, '$1AdminApproved');
  assert.notEqual(changed, text, `${fullName} has no permittedUsersPolicyType`);
  return { members: { [type]: [fullName] }, files: new Map([[path, changed]]) };
}

/** Whether the content of {@link changedPackage} is in the org. */
export function isChanged(org: LocalOrg): boolean {
  return storedText(org, globalSettings.type, globalSettings.fullName).includes(
    '<isNamedUserJwtEnabled>true<',
  );
}

/** Runs a check that may change the app, and puts the app back. */
export async function keepingTheApp(org: LocalOrg, check: () => Promise<void>): Promise<void> {
  const before = components.map(
    ({ type, fullName }) => [type, fullName, storedText(org, type, fullName)] as const,
  );
  try {
    await check();
  } finally {
    for (const [type, fullName, text] of before) org.putComponent(type, fullName, text);
  }
}

/** What a client prints when it is refused; throws when it is not. */
export async function refusalOf(what: Promise<unknown>): Promise<string> {
  try {
    await what;
  } catch (error) {
    if (error instanceof ClientFailure) return error.message;
    throw error;
  }
  return assert.fail('the client says nothing of the refusal');
}
