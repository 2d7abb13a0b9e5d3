import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { LocalOrg } from 'salesforce-local-org';

/**
 * Signs in to an org once, as the cells do, by JWT bearer, while no fault is laid: an org that refuses this would make every one of its cells
 * wrong, and do so quickly, so that it would take the cells of the other orgs too. The request is not counted.
 *
 * @throws Error with what the org answered
 */
export async function checkSignIn(org: LocalOrg): Promise<void> {
  const { name, instanceUrl, clientId, username, privateKey } = org;
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(clientId)
    .setSubject(username)
    .setAudience(instanceUrl)
    .setExpirationTime('60s')
    .sign(createPrivateKey(privateKey));
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
  const reply = await fetch(`${instanceUrl}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  if (!reply.ok) {
    throw new Error(
      `No cell was run: the local org '${name}' refuses a sign-in without any fault (HTTP ${reply.status}: ${await reply.text()}).`,
    );
  }
  await reply.body?.cancel();
  org.clearRequests();
}
