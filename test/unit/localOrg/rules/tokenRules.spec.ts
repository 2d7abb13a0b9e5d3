import assert from 'node:assert/strict';
import { decodeJwt } from 'jose';
import type { LocalOrg } from '../../../../local-org/src/index.js';
import type { tokenRules } from '../../../../local-org/src/rules/tokenRules.js';
import { globalType, jwtBearer, policies, policiesType } from '../support/client.js';
import { checkRules } from './checkRules.js';

const global = 'Agent_Gateway_glbloauth';

/** Gives the app the global setting, and these elements of policies. */
function set(org: LocalOrg, isNamedUserJwtEnabled: boolean, elements: string): void {
  const xml = org.component(globalType, global)!;
  org.putComponent(
    globalType,
    global,
    xml.replace(/(<isNamedUserJwtEnabled>)\w+/, `$1${String(isNamedUserJwtEnabled)}`),
  );
  org.putComponent(policiesType, 'Agent_Gateway_oauthPlcy', policies('Agent_Gateway', elements));
}

async function issue(org: LocalOrg): Promise<{ token: string; format: 'jwt' | 'opaque' }> {
  const clientId = /<consumerKey>(.*)</.exec(org.component(globalType, global)!)![1]!;
  const reply = await jwtBearer(org, clientId);
  return { token: reply.access_token, format: reply.token_format === 'jwt' ? 'jwt' : 'opaque' };
}

/** Whether the org still takes a token, which counts as a use. */
async function isTaken(org: LocalOrg, token: string): Promise<boolean> {
  const { status } = await fetch(`${org.instanceUrl}/services/data/v66.0/query?q=SELECT+Id+FROM+User`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return status === 200;
}

function lifeMinutes(token: string): number {
  const { exp = NaN, iat = NaN } = decodeJwt(token);
  return (exp - iat) / 60;
}

const approved = '    <permittedUsersPolicyType>AdminApprovedPreAuthorized</permittedUsersPolicyType>\n';

checkRules<keyof typeof tokenRules>('rules of the local org on access tokens', {
  tokenFormat: async (org) => {
    set(org, false, approved);
    const before = await issue(org);
    set(org, true, approved);
    const after = await issue(org);
    assert.deepEqual([before.format, after.format], ['opaque', 'jwt']);
    assert.equal(await isTaken(org, before.token), true);
  },
  policiesJwtField: {
    on: async (org) => {
      set(org, false, `    <isNamedUserJwtEnabled>true</isNamedUserJwtEnabled>\n${approved}`);
      assert.equal((await issue(org)).format, 'jwt');
    },
    off: async (org) => {
      set(org, false, `    <isNamedUserJwtEnabled>true</isNamedUserJwtEnabled>\n${approved}`);
      assert.equal((await issue(org)).format, 'opaque');
    },
  },
  jwtLife: async (org) => {
    const withType = (type: string) =>
      `    <namedUserJwtSessionTimeoutType>${type}</namedUserJwtSessionTimeoutType>\n    <namedUserJwtTimeout>5</namedUserJwtTimeout>\n${approved}`;
    set(org, true, withType('UserSession'));
    assert.equal(lifeMinutes((await issue(org)).token), 120);
    set(org, true, withType('Custom'));
    const { token } = await issue(org);
    assert.equal(lifeMinutes(token), 5);
    org.advanceClock(4 * 60_000);
    assert.equal(await isTaken(org, token), true);
    org.advanceClock(2 * 60_000);
    assert.equal(await isTaken(org, token), false);
  },
  opaqueLife: async (org) => {
    const elements = `${approved}    <sessionTimeoutInMinutes>15</sessionTimeoutInMinutes>\n`;
    set(org, true, elements);
    assert.equal(lifeMinutes((await issue(org)).token), 120);
    set(org, false, elements);
    const { token } = await issue(org);
    for (let use = 0; use < 2; use += 1) {
      org.advanceClock(14 * 60_000);
      assert.equal(await isTaken(org, token), true);
    }
    org.advanceClock(16 * 60_000);
    assert.equal(await isTaken(org, token), false);
  },
  spread: async (org) => {
    org.faults.spreadMs = 15 * 60_000;
    set(org, true, approved);
    assert.equal((await issue(org)).format, 'opaque');
    org.advanceClock(15 * 60_000);
    assert.equal((await issue(org)).format, 'jwt');
  },
});
