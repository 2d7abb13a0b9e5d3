import assert from 'node:assert/strict';
import type { Fault, LocalOrg, RequestKind } from 'salesforce-local-org';
import { apiError, badMessage, invalidCrossReference, pendingWithoutCounts } from '../support/apiAnswers.js';
import { settingsOf } from '../support/appSettings.js';
import { onArrival, requestKinds } from '../support/arrivals.js';
import type { Bag } from '../support/dynamicProviderProcess.js';
import { putApp } from '../support/localApps.js';
import { describeForEachProgram, withOwnSettings } from '../support/providerProgram.js';
import { accessToken, configuration, Stage } from '../support/stage.js';

/** More refusals in a row than any single request survives. */
const manyTimes = 6;

/** An id of the right form that no org has given. */
const unknownDeploy = '0Af000000000042AAA';

const page: Fault = {
  kind: 'status',
  status: 503,
  contentType: 'text/html',
  body: '<html><head><title>Service Unavailable</title></head></html>',
};

describeForEachProgram('a job of the org that is followed', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;
  let round = 0;
  let app: string;

  before(async () => {
    stage = await Stage.open({
      localOrg: { deployMs: 50 },
      configuration: ([dev]) =>
        configuration(
          {},
          {
            dev: accessToken(dev!),
            impatient: { ...accessToken(dev!), timeoutMinutes: '0.05' },
          },
        ),
    });
    org = stage.org;
  });
  beforeEach(() => {
    org.faults.clear();
    org.clearRequests();
    round += 1;
    app = `Followed_${round}`;
    putApp(org, app);
  });
  after(() => stage.close());

  const jwtOn = (alias = 'dev'): Bag => ({
    externalClientApplication: app,
    org: alias,
    isNamedUserJwtEnabled: true,
  });
  const inOrg = (alias: string): string =>
    `External client app "${app}" in org "${alias}" (${org.organizationId})`;
  const count = (kind: RequestKind): number => requestKinds(org).filter((each) => each === kind).length;
  const isOn = (): boolean => settingsOf(org, app).isNamedUserJwtEnabled === 'true';

  const passing: readonly [name: string, fault: (on: RequestKind) => Fault, times: number][] = [
    ['invalid cross reference id', invalidCrossReference, manyTimes],
    ['Bad Message 400', badMessage, manyTimes],
    [
      'a query cursor that could not be created',
      apiError(
        400,
        'INVALID_QUERY_LOCATOR',
        'Unable to complete the creation of the query cursor at this time, please retry your query later.',
      ),
      manyTimes,
    ],
    ['a 503 page', () => page, manyTimes],
    ['420', () => ({ kind: 'status', status: 420 }), manyTimes],
    ['a page instead of an answer', () => ({ kind: 'malformed' }), manyTimes],
    ['a connection that is reset', () => ({ kind: 'reset' }), manyTimes],
  ];
  for (const [name, fault, times] of passing) {
    it(`is polled again after ${name}: a deploy`, async () => {
      org.faults.add({ on: 'checkDeployStatus', times, do: fault('checkDeployStatus') });
      const deploys = org.deploys.length;
      await stage.host.create(jwtOn());
      assert.ok(isOn());
      assert.equal(org.deploys.length, deploys + 1);
      assert.ok(count('checkDeployStatus') > times);
    });

    it(`is polled again after ${name}: a retrieve`, async () => {
      org.faults.add({ on: 'checkRetrieveStatus', times, do: fault('checkRetrieveStatus') });
      await stage.host.create(jwtOn());
      assert.ok(isOn());
      // What was written is confirmed without one.
      assert.equal(count('retrieve'), 1);
    });
  }

  it('fails at the limit of the wait, with the last refusal: a deploy', async () => {
    const release = org.faults.occupyDeploys();
    org.faults.add({ on: 'checkDeployStatus', do: page });
    const call = stage.host.create(jwtOn('impatient'));
    await call.catch(() => undefined);
    release();
    const deploy = org.deploys.at(-1)?.id ?? '';
    await assert.rejects(call, (error: Error) => {
      assert.equal(
        error.message,
        withOwnSettings(
          `[ECA6003] ${inOrg('impatient')}: deploy ${deploy} did not report its end within 0.05 minutes ` +
            '(salesforce:timeoutMinutes); the last status request failed: ERROR_HTTP_503: The org responded to checkDeployStatus with ' +
            'HTTP 503 and an HTML page titled "Service Unavailable". It may have finished: see Setup, Deployment Status. The next pulumi ' +
            'up resumes waiting for it. Read back afterwards: isNamedUserJwtEnabled is false, expected true. Run pulumi up again: it ' +
            'looks at the org first',
        ),
      );
      return true;
    });
  });

  it('fails at the limit of the wait, with the last refusal: a retrieve', async () => {
    org.faults.add({ on: 'checkRetrieveStatus', do: invalidCrossReference('checkRetrieveStatus') });
    await assert.rejects(stage.host.create(jwtOn('impatient')), (error: Error) => {
      assert.match(
        error.message,
        /in org "impatient" \(00D\w+\): retrieve 09S\w{15} did not report its end within 0\.05 minutes \(salesforce(?:-eca)?:timeoutMinutes\); the last status request failed: INVALID_CROSS_REFERENCE_KEY: invalid cross reference id\. Repeat the command later\. The org was not changed$/,
      );
      return true;
    });
    assert.equal(count('retrieve'), 1);
  });

  it('ends at once when the org asks to wait beyond the limit', async () => {
    org.faults.add({ on: 'checkRetrieveStatus', do: { kind: 'status', status: 429, retryAfter: '7200' } });
    await assert.rejects(
      stage.host.create(jwtOn()),
      /checkRetrieveStatus was refused: .* The org asks to wait 120 minutes\. Repeat the command later\. The org was not changed$/,
    );
    assert.equal(count('checkRetrieveStatus'), 1);
  });

  it('is not retrieved again if its status request is permanently refused', async () => {
    org.faults.add({
      on: 'checkRetrieveStatus',
      do: apiError(
        500,
        'INSUFFICIENT_ACCESS',
        'use of the Metadata API requires a user with the right',
      )('checkRetrieveStatus'),
    });
    await assert.rejects(stage.host.create(jwtOn()), /checkRetrieveStatus was refused: INSUFFICIENT_ACCESS/);
    assert.equal(count('retrieve'), 1);
  });

  for (const [name, refusal] of [
    ['does not find it', invalidCrossReference],
    ['has deleted it', apiError(500, 'INVALID_ID_FIELD', 'retrieve result has been deleted')],
  ] as const) {
    it(`is retrieved again if a response was lost and then the org ${name}`, async () => {
      org.faults.add({ on: 'checkRetrieveStatus', times: 1, do: { kind: 'reset', when: 'after' } });
      org.faults.add({ on: 'checkRetrieveStatus', times: 1, do: refusal('checkRetrieveStatus') });
      await stage.host.create(jwtOn());
      assert.ok(isOn());
      assert.equal(count('retrieve'), 2);
    });
  }

  it('is retrieved at most three times', async () => {
    for (let time = 1; time <= 3; time += 1) {
      org.faults.add({ on: 'checkRetrieveStatus', times: 1, do: { kind: 'reset', when: 'after' } });
      org.faults.add({
        on: 'checkRetrieveStatus',
        times: 1,
        do: invalidCrossReference('checkRetrieveStatus'),
      });
    }
    await assert.rejects(
      stage.host.create(jwtOn()),
      /checkRetrieveStatus was refused: INVALID_CROSS_REFERENCE_KEY: invalid cross reference id.* The org was not changed$/,
    );
    assert.equal(count('retrieve'), 3);
  });

  it('is followed although the org reports no counts while it waits', async () => {
    org.faults.add({ on: 'checkDeployStatus', times: 3, do: pendingWithoutCounts });
    const deploys = org.deploys.length;
    await stage.host.create(jwtOn());
    assert.ok(isOn());
    assert.equal(org.deploys.length, deploys + 1);
    assert.ok(count('checkDeployStatus') > 3);
  });

  describe('of an earlier run', () => {
    const pending = async (id: string): Promise<{ id: string; outs: Bag }> => {
      const created = await stage.host.create(jwtOn());
      org.clearRequests();
      return { ...created, outs: { ...created.outs, pendingDeploy: id } };
    };

    for (const [name, status, code] of [
      ['404', 404, 'UNKNOWN'],
      ['NOT_FOUND', 400, 'NOT_FOUND'],
      ['INVALID_ID_FIELD', 400, 'INVALID_ID_FIELD'],
      ['MALFORMED_ID', 400, 'MALFORMED_ID'],
    ] as const) {
      it(`counts as ended if the org no longer has it: ${name}`, async () => {
        const { id, outs } = await pending(unknownDeploy);
        org.faults.add({ on: 'checkDeployStatus', do: apiError(status, code, 'gone')('checkDeployStatus') });
        const { props } = await stage.host.read(id, outs);
        assert.equal(props['pendingDeploy'], undefined);
        assert.equal(count('checkDeployStatus'), 1);
      });
    }

    it('counts as ended if the org does not find it and does not list it', async () => {
      const { id, outs } = await pending(unknownDeploy);
      org.faults.add({ on: 'checkDeployStatus', do: invalidCrossReference('checkDeployStatus') });
      const { props } = await stage.host.read(id, outs);
      assert.equal(props['pendingDeploy'], undefined);
      assert.deepEqual(requestKinds(org).slice(0, 2), ['checkDeployStatus', 'query']);
    });

    it('is waited for if the org does not find it for a moment but lists it', async () => {
      const { id, outs } = await stage.host.create(jwtOn());
      const release = org.faults.occupyDeploys();
      onArrival(org, 'deploy', () => {
        org.faults.add({ on: 'checkDeployStatus', do: { kind: 'status', status: 503 } });
      });
      await assert.rejects(
        stage.host.update(id, outs, { ...jwtOn('impatient'), isNamedUserJwtEnabled: false }),
      );
      org.faults.clear();
      org.clearRequests();
      const deploy = org.deploys.at(-1)!;
      org.faults.add({ on: 'checkDeployStatus', times: 2, do: invalidCrossReference('checkDeployStatus') });
      onArrival(org, 'checkDeployStatus', release, 3);
      const { props } = await stage.host.read(id, { ...outs, pendingDeploy: deploy.id });
      assert.deepEqual([props['pendingDeploy'], props['isNamedUserJwtEnabled']], [undefined, false]);
    });

    it('is waited for before a change, and its changes are seen even if there is nothing to change', async () => {
      const { id, outs } = await stage.host.create(jwtOn());
      const release = org.faults.occupyDeploys();
      await assert.rejects(
        stage.host.update(id, outs, { ...jwtOn('impatient'), isNamedUserJwtEnabled: false }),
      );
      const other = `${app}_other`;
      putApp(org, other);
      onArrival(org, 'checkDeployStatus', release);
      await Promise.all([
        stage.host.update(id, outs, { ...jwtOn(), allow: ['guestFlow'] }),
        stage.host.create({ ...jwtOn(), externalClientApplication: other }),
      ]);
      assert.deepEqual(
        [app, other].map((each) => settingsOf(org, each).isNamedUserJwtEnabled),
        ['true', 'true'],
      );
    });
  });
});
