import { createPrivateKey } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import type { LocalOrg } from 'salesforce-local-org';

/** What a client gets from an app's token endpoint, as far as the quickstart shows it. */
export interface IssuedToken {
  format: 'opaque' | 'jwt';
  /** What a person may see of it: the decoded parts of a JWT, the shape of an opaque one; never the token. */
  description: string;
  /** `exp − iat` of a JWT, in minutes; `undefined` for an opaque token, which does not contain it. */
  lifetimeMinutes: number | undefined;
}

/** The text of a component's element. */
function elementOf(xml: string | undefined, element: string): string {
  const text = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml ?? '')?.[1];
  if (text === undefined) {
    throw new Error(`the app has no ${element}`);
  }
  return text;
}

/** Gets an access token as a client of the app does: by the JWT bearer flow, with the app's own consumer key. */
export async function requestAccessToken(org: LocalOrg, globalSettings: string): Promise<IssuedToken> {
  const consumerKey = elementOf(
    org.component('ExtlClntAppGlobalOauthSettings', globalSettings),
    'consumerKey',
  );
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(consumerKey)
    .setSubject(org.username)
    .setAudience('https://login.salesforce.com')
    .setExpirationTime('60s')
    .sign(createPrivateKey(org.privateKey));
  const response = await fetch(`${org.instanceUrl}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion,
    }),
  });
  const reply: unknown = await response.json();
  if (typeof reply !== 'object' || reply === null || !('access_token' in reply)) {
    throw new Error(`no access token (HTTP ${response.status}): ${JSON.stringify(reply)}`);
  }
  const isJwt = 'token_format' in reply && reply.token_format === 'jwt';
  return isJwt ? describeJwt(String(reply.access_token)) : describeOpaque(String(reply.access_token));
}

function describeOpaque(token: string): IssuedToken {
  const [organizationId = ''] = token.split('!', 1);
  return {
    format: 'opaque',
    lifetimeMinutes: undefined,
    description: `${organizationId}!… (${token.length} characters that say nothing to an API gateway)`,
  };
}

function describeJwt(token: string): IssuedToken {
  const header = decodeProtectedHeader(token);
  const claims = decodeJwt(token);
  const lifetimeMinutes = ((claims.exp ?? 0) - (claims.iat ?? 0)) / 60;
  return {
    format: 'jwt',
    lifetimeMinutes,
    description:
      `header ${JSON.stringify(header)}\n` +
      `claims ${JSON.stringify(claims)}\n` +
      `exp − iat = ${lifetimeMinutes} minutes, fixed from issue: use does not extend it`,
  };
}
