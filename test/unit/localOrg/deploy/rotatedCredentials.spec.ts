import assert from 'node:assert/strict';
import type { LocalOrg } from '../../../../local-org/src/index.js';
import { connect, deploy, globalType, withOrg } from '../support/client.js';

const fullName = 'Agent_Gateway_glbloauth';

const elementOf = (org: LocalOrg, element: string): string =>
  new RegExp(`<${element}>(.*)<`).exec(org.component(globalType, fullName)!)![1]!;

async function rotate(org: LocalOrg, flag: string): Promise<void> {
  const xml = org.component(globalType, fullName)!.replace(`<${flag}>false`, `<${flag}>true`);
  const { status } = await deploy(connect(org), [{ type: globalType, fullName, xml }]);
  assert.equal(status, 'Succeeded');
}

async function signIn(
  org: LocalOrg,
  clientId: string,
  clientSecret: string,
): Promise<Record<string, string>> {
  const reply = await fetch(`${org.instanceUrl}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    }),
  });
  return (await reply.json()) as Record<string, string>;
}

async function isAlive(org: LocalOrg, token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${org.instanceUrl}/services/oauth2/userinfo`, { headers })).ok;
}

describe('credentials that a deploy rotates', () => {
  for (const [flag, refusal] of [
    ['shouldRotateConsumerKey', 'invalid_client_id'],
    ['shouldRotateConsumerSecret', 'invalid_client'],
  ] as const) {
    it(`by ${flag} are replaced: only the new ones can sign in, and tokens of the old ones remain valid`, () =>
      withOrg(async (org) => {
        const [key, secret] = [elementOf(org, 'consumerKey'), elementOf(org, 'consumerSecret')];
        const { access_token: token } = await signIn(org, key, secret);
        assert.ok(token !== undefined);
        await rotate(org, flag);
        assert.equal((await signIn(org, key, secret))['error'], refusal);
        const next = await signIn(org, elementOf(org, 'consumerKey'), elementOf(org, 'consumerSecret'));
        assert.ok(next['access_token'] !== undefined, next['error']);
        assert.equal(await isAlive(org, token), true);
      }));
  }
});
