import assert from 'node:assert/strict';
import { Connection } from '@jsforce/jsforce-node';
import type { Fault, LocalOrg, LocalOrgServer } from '../../../../local-org/src/index.js';
import { startLocalOrg } from '../../../../local-org/src/index.js';
import { until } from '../../../support/until.js';
import { connect, jwtBearer, listApps, soapCall, withOrg, zip } from '../support/client.js';

const soap = (org: LocalOrg, version: string, token: string, operation = 'listMetadata'): Promise<Response> =>
  soapCall(org, token, operation, operation === 'listMetadata' ? listApps : '', version);

describe('the local org, sessions and faults', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  afterEach(() => {
    org.faults.clear();
    org.clearRequests();
  });
  after(() => server.close());

  it('signs the deployer in by JWT bearer with the key that it provides', async () => {
    const { access_token: accessToken } = await jwtBearer(org, org.clientId);
    assert.ok(accessToken.startsWith(`${org.organizationId.slice(0, 15)}!`));
    assert.equal((await soap(org, '66.0', accessToken)).status, 200);
  });

  it('ends an idle session after the session timeout by its own clock', () =>
    withOrg(async (other) => {
      const { access_token: token } = await jwtBearer(other, other.clientId);
      other.advanceClock(119 * 60_000);
      assert.equal((await soap(other, '66.0', token)).status, 200);
      other.advanceClock(121 * 60_000);
      assert.equal((await soap(other, '66.0', token)).status, 500);
    }));

  it('logs in by SOAP up to 64.0', async () => {
    const connection = new Connection({ loginUrl: org.instanceUrl, version: '64.0' });
    const user = await connection.login(org.username, org.password);
    assert.equal(user.organizationId, org.organizationId);
    assert.equal((await connection.metadata.list([{ type: 'ConnectedApp' }])).length, 1);
    const newer = new Connection({ loginUrl: org.instanceUrl, version: '65.0' });
    await assert.rejects(newer.login(org.username, org.password), /not available from API version 65.0/);
    await assert.rejects(connection.login(org.username, 'wrong'), /INVALID_LOGIN/);
  });

  it('generates a new password at each start, so that nobody can guess it', () =>
    withOrg(async (other) => {
      assert.match(other.password, /^[0-9a-f]{32}$/);
      assert.notEqual(other.password, org.password);
      const connection = new Connection({ loginUrl: other.instanceUrl, version: '64.0' });
      for (const guess of ['local-org', org.password, other.password.slice(0, -1)]) {
        await assert.rejects(connection.login(other.username, guess), /INVALID_LOGIN/);
      }
    }));

  it('refuses versions that it does not offer, unknown operations, and bodies that are not envelopes', async () => {
    assert.match(await (await soap(org, '69.0', org.accessToken)).text(), /sf:UNSUPPORTED_API_VERSION/);
    assert.match(await (await soap(org, '66.0', org.accessToken, 'fly')).text(), /sf:INVALID_OPERATION/);
    for (const body of ['<!DOCTYPE a><a/>', '<a>', '{}', '<a/>']) {
      const reply = await fetch(`${org.instanceUrl}/services/Soap/m/66.0`, {
        method: 'POST',
        headers: { 'content-type': 'text/xml' },
        body,
      });
      assert.equal(reply.status, 500);
      assert.match(await reply.text(), /<faultcode>sf:INVALID_SOAP<\/faultcode>/);
    }
  });

  it('dates its responses by its own clock', () =>
    withOrg(async (other) => {
      other.advanceClock(365 * 24 * 3_600_000);
      const before = other.now();
      const reply = await fetch(`${other.instanceUrl}/services/data`);
      const date = Date.parse(reply.headers.get('date')!);
      // The header has whole seconds.
      assert.ok(date > before - 1000 && date <= other.now());
    }));

  it('records requests by kind with path and length', async () => {
    await connect(org).metadata.list([{ type: 'ConnectedApp' }]);
    await connect(org).query('SELECT Id FROM User');
    await fetch(`${org.instanceUrl}/nowhere`);
    assert.deepEqual(
      org.requests.map(({ kind, method }) => [kind, method]),
      [
        ['listMetadata', 'POST'],
        ['query', 'GET'],
        ['other', 'GET'],
      ],
    );
    assert.ok(org.requests[0]!.bytesIn > 100);
    assert.ok(org.requests[0]!.bytesOut > 100);
    org.clearRequests();
    assert.deepEqual(org.requests, []);
  });

  const versions = () => fetch(`${org.instanceUrl}/services/data`);
  for (const [fault, outcome] of [
    [{ kind: 'reset', when: 'before' }, /ECONNRESET/],
    [{ kind: 'reset', when: 'after' }, /ECONNRESET/],
    [{ kind: 'truncate' }, /terminated/],
  ] as const) {
    it(`cuts the connection: ${JSON.stringify(fault)}`, async () => {
      org.faults.add({ on: 'versions', do: fault });
      const failure = await versions()
        .then((reply) => reply.text())
        .then(
          () => assert.fail('the answer came whole'),
          (error: unknown) => error as Error & { cause?: { code?: string } },
        );
      assert.match(`${failure.message} ${failure.cause?.code ?? ''}`, outcome);
    });
  }

  it('acts before a reset with "after", and not with "before"', async () => {
    const { metadata } = connect(org);
    for (const [when, deploys] of [
      ['before', 0],
      ['after', 1],
    ] as const) {
      org.faults.add({ on: 'deploy', times: 1, do: { kind: 'reset', when } });
      await assert.rejects(metadata.deploy(zip([], '68.0'), { singlePackage: true }).then());
      assert.equal(org.deploys.length, deploys);
    }
  });

  for (const [name, fault, status, body] of [
    ['a status', { kind: 'status', status: 503, body: 'later', retryAfter: '7' }, 503, /^later$/],
    ['an expired session', { kind: 'sessionExpired' }, 401, /INVALID_SESSION_ID/],
    ['a lock', { kind: 'locked' }, 400, /ALREADY_IN_PROCESS.*|temporarily lock/],
    ['an error of its server', { kind: 'serverError' }, 500, /"errorCode":"UNKNOWN_EXCEPTION"/],
    ['a page', { kind: 'malformed' }, 200, /<html>/],
  ] as const satisfies readonly (readonly [string, Fault, number, RegExp])[]) {
    it(`returns ${name}, as often and after as many requests as configured`, async () => {
      org.faults.add({ on: 'versions', skip: 1, times: 1, do: fault });
      assert.equal((await versions()).status, 200);
      const reply = await versions();
      assert.equal(reply.status, status);
      assert.match(await reply.text(), body);
      if (fault.kind === 'status') assert.equal(reply.headers.get('retry-after'), '7');
      assert.match(await (await versions()).text(), /v66\.0/);
    });
  }

  it('holds the next request of a kind before it acts, and before a fault, until it is released', async () => {
    const release = org.faults.holdNext('versions');
    const removeFault = org.faults.add({ on: 'versions', times: 1, do: { kind: 'status', status: 503 } });
    const before = org.requests.length;
    let isAnswered = false;
    const held = fetch(`${org.instanceUrl}/services/data`).then(({ status }) => {
      isAnswered = true;
      return status;
    });
    await until('the request has arrived', () => org.requests.length === before + 1);
    const other = await soap(org, '66.0', org.accessToken);
    assert.equal(other.status, 200);
    assert.equal(isAnswered, false);
    assert.equal(org.faults.rules[0]?.met, 0);
    release();
    assert.equal(await held, 503);
    removeFault();

    org.faults.holdNext('versions');
    const second = fetch(`${org.instanceUrl}/services/data`);
    await until('the second request has arrived', () => org.requests.length === before + 3);
    org.faults.clear();
    assert.equal((await second).status, 200);
  });

  it('returns SOAP faults for a lock, an expired session or a server error', async () => {
    for (const [kind, code] of [
      ['locked', /<faultcode>sf:ALREADY_IN_PROCESS</],
      ['sessionExpired', /<faultcode>sf:INVALID_SESSION_ID</],
      ['serverError', /<faultcode>sf:UNKNOWN_EXCEPTION</],
    ] as const) {
      const remove = org.faults.add({ on: 'listMetadata', do: { kind } });
      const reply = await soap(org, '66.0', org.accessToken);
      assert.equal(reply.status, 500);
      assert.match(await reply.text(), code);
      remove();
    }
    assert.equal((await soap(org, '66.0', org.accessToken)).status, 200);
  });

  it('acts and returns with a status if the fault comes after', () =>
    withOrg(async (other) => {
      other.faults.add({
        on: 'deploy',
        times: 1,
        do: { kind: 'status', status: 503, body: 'gateway', when: 'after' },
      });
      const { metadata } = connect(other);
      await assert.rejects(metadata.deploy(zip([], '68.0'), { singlePackage: true }).then(), /gateway/);
      assert.equal(other.deploys.length, 1);
    }));

  it('makes deploys wait behind another one until that ends', () =>
    withOrg(async (other) => {
      const ends = [other.faults.occupyDeploys(), other.faults.occupyDeploys()];
      const { metadata } = connect(other);
      await metadata.deploy(zip([], '68.0'), { singlePackage: true });
      const statuses = ends.map((end) => {
        const { status } = other.deploys[0]!;
        end();
        // Ending it once more ends no other deploy.
        end();
        return status;
      });
      assert.deepEqual([...statuses, other.deploys[0]!.status], ['Pending', 'Pending', 'Succeeded']);
    }));

  it('refuses connections while it is offline, and comes back at the same address', () =>
    withOrg(async (other) => {
      const ask = () => fetch(`${other.instanceUrl}/services/data`);
      assert.equal((await ask()).status, 200);
      const comeBack = other.faults.goOffline();
      const failure = await ask().then(
        () => assert.fail('somebody answered'),
        (error: unknown) => error as Error & { cause?: { code?: string } },
      );
      assert.equal(failure.cause?.code, 'ECONNREFUSED');
      await comeBack();
      assert.equal((await ask()).status, 200);
    }));

  it('closes while it is offline', () =>
    withOrg((other) => {
      other.faults.goOffline();
      return Promise.resolve();
    }));

  for (const [when, deploys] of [
    ['before', 0],
    ['after', 1],
  ] as const) {
    it(`never answers a request that hangs ${when} it acts`, async () => {
      let outcome: Promise<string> | undefined;
      await withOrg(async (other) => {
        other.faults.add({ on: 'deploy', do: { kind: 'hang', when } });
        const content = `<met:ZipFile>${zip([], '68.0').toString('base64')}</met:ZipFile><met:DeployOptions><met:singlePackage>true</met:singlePackage></met:DeployOptions>`;
        outcome = soapCall(other, other.accessToken, 'deploy', content).then(
          ({ status }) => `HTTP ${status}`,
          () => 'no response',
        );
        await until('the org has the request', () => other.faults.rules[0]?.met === 1);
        await until('the org has acted if it does', () => other.deploys.length === deploys);
        const list = await connect(other).metadata.list([{ type: 'ConnectedApp' }]);
        assert.equal(list.length, 1);
        assert.equal(other.deploys.length, deploys);
      });
      assert.equal(await outcome, 'no response');
    });
  }
});
