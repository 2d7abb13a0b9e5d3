import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';

const [type, fullName] = ['ExtlClntAppGlobalOauthSettings', 'Deployer_glbloauth'];

/**
 * Gives the app that a local org's key signs in with the certificate of another key.
 *
 * @param pem the certificate
 * @returns the path of the changed component in a snapshot
 */
export function replaceCertificate(org: LocalOrg, pem: string): string {
  const xml = org.component(type, fullName) ?? '';
  const changed = xml.replace(/(?<=<certificate>)[^<]*/, pem.replace(/-----[^-]+-----/g, '').trim());
  assert.notEqual(changed, xml);
  org.putComponent(type, fullName, changed);
  return `${type}/${fullName}`;
}
