import assert from 'node:assert/strict';
import type { LocalOrg } from '../../../../local-org/src/index.js';
import { withOrg } from '../support/client.js';

async function accessTokenFor(org: LocalOrg, refreshToken: string): Promise<string> {
  const response = await fetch(`${org.instanceUrl}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: org.clientId,
    }),
  });
  assert.equal(response.status, 200);
  return ((await response.json()) as { access_token: string }).access_token;
}

async function usernameOf(org: LocalOrg, accessToken: string): Promise<string> {
  const response = await fetch(`${org.instanceUrl}/services/oauth2/userinfo`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  return ((await response.json()) as { preferred_username: string }).preferred_username;
}

describe('a refresh token of the local org', () => {
  it("is the developer's by default", () =>
    withOrg(async (org) => {
      const accessToken = await accessTokenFor(org, org.issueRefreshToken());
      assert.equal(await usernameOf(org, accessToken), org.username);
    }));

  it('is that of the user that was requested', () =>
    withOrg(async (org) => {
      const { username } = org.users.find(({ role }) => role === 'viewer')!;
      const accessToken = await accessTokenFor(org, org.issueRefreshToken(username));
      assert.equal(await usernameOf(org, accessToken), username);
    }));

  it('is not issued to an unknown user', () =>
    withOrg((org) => {
      assert.throws(() => org.issueRefreshToken('nobody'), {
        message:
          "There is no user 'nobody'; there are: developer@dev.example, subscriberadmin@dev.example, viewer@dev.example, none@dev.example.",
      });
      return Promise.resolve();
    }));
});
