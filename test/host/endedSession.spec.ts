import assert from 'node:assert/strict';
import type { LocalOrg, RequestKind } from 'salesforce-local-org';
import { endedJwtSession } from '../support/apiAnswers.js';
import { settingsOf } from '../support/appSettings.js';
import { requestKinds } from '../support/arrivals.js';
import type { Bag } from '../support/dynamicProviderProcess.js';
import { putApp } from '../support/localApps.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { accessToken, configuration, jwtBearer, Stage } from '../support/stage.js';

describeForEachProgram('a session that has ended', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;
  let round = 0;
  let app: string;

  before(async () => {
    stage = await Stage.open({
      configuration: ([dev]) =>
        configuration({}, { dev: jwtBearer(dev!), moved: jwtBearer(dev!), token: accessToken(dev!) }),
    });
    org = stage.org;
  });
  beforeEach(() => {
    org.faults.clear();
    round += 1;
    app = `Ended_${round}`;
    putApp(org, app);
    org.clearRequests();
  });
  after(() => stage.close());

  const jwtOn = (alias = 'dev'): Bag => ({
    externalClientApplication: app,
    org: alias,
    isNamedUserJwtEnabled: true,
  });
  const count = (kind: RequestKind): number => requestKinds(org).filter((each) => each === kind).length;

  for (const on of ['checkDeployStatus', 'deploy', 'query', 'retrieve', 'checkRetrieveStatus'] as const) {
    it(`is replaced by one new sign-in for any code that the org returns: ${on}`, async () => {
      // The first call of the process signs in.
      await stage.host.create(jwtOn());
      app += '_again';
      putApp(org, app);
      org.clearRequests();
      org.faults.add({ on, times: 1, do: endedJwtSession(on) });
      const deploys = org.deploys.length;
      await stage.host.create(jwtOn());
      assert.equal(settingsOf(org, app).isNamedUserJwtEnabled, 'true');
      assert.equal(org.deploys.length, deploys + 1);
      assert.equal(count('token'), 1);
    });
  }

  it('of a configured access token is not replaced, and the error says so', async () => {
    org.faults.add({ on: 'deploy', do: endedJwtSession('deploy') });
    await assert.rejects(
      stage.host.create(jwtOn('token')),
      /deployRequest was refused: INVALID_AUTH_HEADER: INVALID_JWT_FORMAT\. The access token has expired, was revoked/,
    );
    assert.equal(count('deploy'), 1);
  });

  it('does not stop the wait for a job although the new sign-in fails at first', async () => {
    await stage.host.create(jwtOn());
    app += '_again';
    putApp(org, app);
    org.clearRequests();
    org.faults.add({ on: 'checkDeployStatus', times: 2, do: endedJwtSession('checkDeployStatus') });
    // As many as one sign-in tries.
    org.faults.add({ on: 'token', times: 4, do: { kind: 'status', status: 503 } });
    await stage.host.create(jwtOn());
    assert.equal(settingsOf(org, app).isNamedUserJwtEnabled, 'true');
    assert.equal(count('token'), 5);
  });

  it('is not replaced by one of another org, even if the sign-in does not report its org', async () => {
    const other = '00D000000000099AAA';
    await stage.host.create(jwtOn('moved'));
    app += '_again';
    putApp(org, app);
    org.clearRequests();
    const json = (body: unknown) =>
      ({ kind: 'status', status: 200, contentType: 'application/json', body: JSON.stringify(body) }) as const;
    org.faults.add({ on: 'query', times: 1, do: { kind: 'sessionExpired' } });
    org.faults.add({
      on: 'token',
      times: 1,
      do: json({ access_token: 'a-token-without-an-organization', instance_url: org.instanceUrl }),
    });
    org.faults.add({
      on: 'userinfo',
      times: 1,
      do: json({ organization_id: other, user_id: '005000000000001AAA' }),
    });
    await assert.rejects(
      stage.host.create(jwtOn('moved')),
      new RegExp(
        `a new sign-in led to organization ${other} instead of ${org.organizationId}; nothing more was sent\\. The org was not changed$`,
      ),
    );
    // The list goes out beside the query, so the sign-in need not wait for it.
    const kinds = requestKinds(org).filter((kind) => kind !== 'listMetadata');
    assert.deepEqual(kinds.slice(-3), ['query', 'token', 'userinfo']);
  });
});
