import assert from 'node:assert/strict';
import {
  startLocalOrg,
  type Fault,
  type LocalOrg,
  type LocalOrgServer,
  type RequestKind,
} from 'salesforce-local-org';
import { kindsBesideVersions } from '../support/arrivals.js';
import { callCommandLine } from '../support/commandLine.js';
import { jwtBearerEnvironment } from '../support/policyProgram.js';

const json = (status: number, body: unknown): Fault => ({
  kind: 'status',
  status,
  contentType: 'application/json',
  body: JSON.stringify(body),
});
const page = (status: number): Fault => ({
  kind: 'status',
  status,
  contentType: 'text/html',
  body: '<!doctype html><html><head><title>Access Denied</title></head><body>Reference 18.2d</body></html>',
});
const isPage = 'HTTP 403 and an HTML page titled "Access Denied"';
const limit =
  'The org has reached an API request limit. TotalRequests is the 24-hour limit (Setup, Company Information): wait until ' +
  'requests are available again. For any other limit, repeat the command in a few minutes';

describe('a command whose sign-in is refused', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  beforeEach(() => {
    org.faults.clear();
    org.clearRequests();
  });
  after(() => server.close());

  const refused = 'was refused by ORG:';
  const cases: [what: string, on: RequestKind, fault: Fault, message: string][] = [
    [
      'for its address',
      'token',
      json(400, { error: 'invalid_grant', error_description: 'ip restricted' }),
      `[ECA1214] sign-in to org ORG ${refused} invalid_grant · ip restricted. The org does not allow this user to sign in from the ` +
        'IP address of this machine. Add the address to the login IP ranges of the user’s profile, or relax the IP restrictions in ' +
        'the app’s policies',
    ],
    [
      'for signing in too often',
      'token',
      json(400, { error: 'invalid_grant', error_description: 'login rate exceeded' }),
      `[ECA1215] sign-in to org ORG ${refused} invalid_grant · login rate exceeded. This user has signed in too often. Wait a few ` +
        'minutes, then repeat the command',
    ],
    [
      'for the limit of API requests, as a REST API words it',
      'token',
      json(403, [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }]),
      `[ECA5014] sign-in to org ORG ${refused} REQUEST_LIMIT_EXCEEDED · TotalRequests Limit exceeded. ${limit}`,
    ],
    [
      'without a description',
      'token',
      json(400, { error: 'invalid_grant' }),
      `[ECA1219] sign-in to org ORG ${refused} invalid_grant. Check salesforce:clientId, salesforce:username and the app’s policies in that org`,
    ],
    [
      'with JSON that gives no reason',
      'token',
      json(400, {}),
      '[ECA1601] sign-in to org ORG failed: The org responded to token with HTTP 400 and JSON. Repeat the command later. If it ' +
        'fails again, check the address (My Domain) and the proxy',
    ],
    [
      'by a page',
      'token',
      page(403),
      `[ECA1601] sign-in to org ORG failed: The org responded to token with ${isPage}. Repeat the command later. If it fails again, ` +
        'check the address (My Domain) and the proxy',
    ],
    [
      'by a page, at the question for the versions, which needs no session',
      'versions',
      page(403),
      `[ECA1601] org ORG did not respond as expected: The org responded to versions with ${isPage}. Check the address, the network ` +
        'and the proxy, then repeat the command',
    ],
    [
      'for the limit of API requests, at the question for the versions',
      'versions',
      json(403, [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }]),
      `[ECA5014] org ORG refused versions: REQUEST_LIMIT_EXCEEDED: TotalRequests Limit exceeded. ${limit}`,
    ],
  ];
  for (const [what, on, fault, message] of cases) {
    it(`${what} says so, and what to do`, async () => {
      org.faults.add({ on, do: fault });
      const { code, stdout, stderr } = await callCommandLine(['audit'], jwtBearerEnvironment(org));
      assert.deepEqual([code, stdout], [1, '']);
      assert.ok(
        stderr.replaceAll(org.instanceUrl, 'ORG').startsWith(`pulumi-salesforce-eca: ${message}.`),
        stderr,
      );
      assert.deepEqual(kindsBesideVersions(org), ['token']);
    });
  }
});
