import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import { NotOffered, type SignIn, type SignedIn } from '../client.js';
import type { Operation } from '../operation.js';
import { globalType, refusalOf, storedText } from './portal.js';

const group = 'sign-in';

/** An operation that signs in one way and asks the client who it is. */
function signIn(
  name: string,
  label: string,
  how: (org: LocalOrg) => SignIn,
  expected: (org: LocalOrg) => SignedIn = ({ username, organizationId }) => ({ username, organizationId }),
): Operation {
  return {
    name,
    group,
    label,
    compares: 'The client shows the user and the organization id of the org.',
    check: async ({ org, client }) => {
      assert.deepEqual(await client.signIn(how(org)), expected(org));
    },
  };
}

const agentGateway = 'Agent_Gateway_glbloauth';

/** Credentials of the seed's app for client credentials, and the user that it runs as. */
function clientCredentials(org: LocalOrg): SignIn {
  const text = storedText(org, globalType, agentGateway);
  const value = (element: string): string => new RegExp(`<${element}>([^<]*)<`).exec(text)?.[1] ?? '';
  return { way: 'clientCredentials', clientId: value('consumerKey'), clientSecret: value('consumerSecret') };
}

/** The ways to sign in, and what a refused one prints. */
export const signInOperations: readonly Operation[] = [
  signIn('accessToken', 'access token', ({ accessToken }) => ({ way: 'accessToken', accessToken })),
  signIn('jwtBearer', 'JWT bearer', ({ clientId, username, privateKeyFile }) => ({
    way: 'jwtBearer',
    clientId,
    username,
    privateKeyFile,
  })),
  signIn('refreshToken', 'refresh token, SFDX auth URL', (org) => ({
    way: 'refreshToken',
    clientId: org.clientId,
    refreshToken: org.issueRefreshToken(),
  })),
  signIn('clientCredentials', 'client credentials', clientCredentials, ({ organizationId, users }) => ({
    username: users.find(({ role }) => role === 'none')?.username ?? '',
    organizationId,
  })),
  {
    name: 'password',
    group,
    label: 'password (SOAP login)',
    compares:
      'At 64.0 the client shows the user and the organization id; at 65.0, which no longer has `login()`, it prints `UNSUPPORTED_API_VERSION`.',
    check: async ({ org, client }) => {
      const { username, organizationId, password } = org;
      const how = { way: 'password', username, password } as const;
      assert.deepEqual(await client.signIn({ ...how, apiVersion: '64.0' }), { username, organizationId });
      assert.match(await refusalOf(client.signIn({ ...how, apiVersion: '65.0' })), /UNSUPPORTED_API_VERSION/);
    },
  },
  {
    name: 'browser',
    group,
    label: 'in a browser',
    compares: 'Nothing: the local org has no sign-in page for people.',
    check: () => {
      throw new NotOffered('Not supported by the local org: it has no sign-in page for people.');
    },
  },
  {
    name: 'refusedSignIn',
    group,
    label: 'refused: unknown consumer key',
    compares:
      "The client prints the org's `client identifier invalid` (or `invalid_client_id`) when no app has the consumer key.",
    check: async ({ org: { username, privateKeyFile }, client }) => {
      const how = { way: 'jwtBearer', clientId: '3MVG9.of.another.org', username, privateKeyFile } as const;
      assert.match(await refusalOf(client.signIn(how)), /client identifier invalid|invalid_client_id/);
    },
  },
  {
    name: 'refusedRefresh',
    group,
    label: 'refused: unknown refresh token',
    compares: "The client prints the org's `expired access/refresh token`.",
    check: async ({ org: { clientId }, client }) => {
      const how = { way: 'refreshToken', clientId, refreshToken: '5Aep.of.another.org' } as const;
      assert.match(await refusalOf(client.signIn(how)), /expired access\/refresh token/);
    },
  },
];
