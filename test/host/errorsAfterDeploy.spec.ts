import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { apiError } from '../support/apiAnswers.js';
import { changeSetting, settingsOf } from '../support/appSettings.js';
import { onArrival, requestKinds } from '../support/arrivals.js';
import { packageProviderText, type Bag } from '../support/dynamicProviderProcess.js';
import { putApp } from '../support/localApps.js';
import { ProviderCallError } from '../support/providerCallError.js';
import { describeForEachProgram, namespaceOf } from '../support/providerProgram.js';
import { accessToken, configuration, Stage } from '../support/stage.js';

describeForEachProgram('when a deploy has been sent', function (program) {
  this.timeout(60_000);
  let stage: Stage;
  let slowServer: LocalOrgServer;
  let org: LocalOrg;
  /** Its deploys run for an hour of its own clock. */
  let slow: LocalOrg;

  before(async () => {
    slowServer = await startLocalOrg({ orgs: ['slow'], deployMs: 3_600_000 });
    slow = slowServer.org('slow');
    stage = await Stage.open({
      configuration: ([dev]) =>
        configuration(
          {},
          {
            dev: accessToken(dev!),
            slow: accessToken(slow),
            impatient: { ...accessToken(slow), timeoutMinutes: '0.02' },
          },
        ),
    });
    org = stage.org;
  });
  beforeEach(() => {
    org.faults.clear();
    slow.faults.clear();
    org.clearRequests();
    slow.clearRequests();
  });
  after(async () => {
    await stage.close();
    await slowServer.close();
  });

  const lifetime = (app: string, alias = 'dev', minutes = 30): Bag => ({
    externalClientApplication: app,
    org: alias,
    namedUserJwtSessionTimeoutType: 'Custom',
    namedUserJwtTimeout: minutes,
  });
  const inOrg = (app: string, alias = 'dev'): string =>
    `External client app "${app}" in org "${alias}" (${(alias === 'dev' ? org : slow).organizationId})`;
  const lastDeploy = (of: LocalOrg): string => of.deploys.at(-1)?.id ?? '';
  const absentBefore = { namedUserJwtSessionTimeoutType: 'absent', namedUserJwtTimeout: 'absent' };

  /** What the engine stores of the resource: the last known live values beside everything that the next `up` needs. */
  const stored = (app: string, alias: string, live: Bag, more: Bag = {}): Bag & { orgId: string } => ({
    externalClientApplication: app,
    org: alias,
    ...live,
    orgId: (alias === 'dev' ? org : slow).organizationId,
    apiVersion: '68.0',
    tokenFormat: 'unknown',
    components: {
      ExternalClientApplication: app,
      ExtlClntAppConfigurablePolicies: `${app}_plcy`,
      ExtlClntAppOauthConfigurablePolicies: `${app}_oauthPlcy`,
    },
    managedFields: ['namedUserJwtSessionTimeoutType', 'namedUserJwtTimeout'],
    valuesFound: absentBefore,
    ...more,
    ...(program === 'dynamic' ? { __provider: packageProviderText } : {}),
  });

  /** Fails with the message, and with what the engine needs to look again at the next `up`; returns that. */
  async function assertHalfDone(
    call: Promise<unknown>,
    app: string,
    message: string,
    properties: Bag & { orgId: string },
  ): Promise<{ id: string; properties: Bag }> {
    const error: unknown = await call.then(
      () => assert.fail('the call succeeded'),
      (thrown: unknown) => thrown,
    );
    const id = `${properties.orgId}/${app}`;
    assert.deepEqual(error, new ProviderCallError(message, { id, reasons: [message], properties }));
    return { id, properties };
  }

  /** What the engine stores of a create that did not see the end of its deploy. */
  async function createWithOpenDeploy(app: string): Promise<{ id: string; properties: Bag }> {
    const error: unknown = await stage.host.create(lifetime(app, 'impatient')).then(
      () => assert.fail('the create succeeded'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ProviderCallError && error.initFailure !== undefined);
    return error.initFailure;
  }

  it('and its response is lost, it is found in the org and not sent twice', async () => {
    putApp(slow, 'Lost');
    slow.faults.add({ on: 'deploy', times: 1, do: { kind: 'reset', when: 'after' } });
    onArrival(slow, 'checkDeployStatus', () => {
      slow.advanceClock(3_600_000);
    });
    const deploys = slow.deploys.length;
    const { outs } = await stage.host.create(lifetime('Lost', 'slow'));
    assert.equal(outs['namedUserJwtTimeout'], 30);
    assert.equal(slow.deploys.length, deploys + 1);
  });

  it('and it never arrived, it is sent again', async () => {
    putApp(org, 'Resent');
    org.faults.add({ on: 'deploy', times: 1, do: { kind: 'reset', when: 'before' } });
    const deploys = org.deploys.length;
    await stage.host.create(lifetime('Resent'));
    assert.equal(settingsOf(org, 'Resent').namedUserJwtTimeout, '30');
    assert.equal(org.deploys.length, deploys + 1);
  });

  it('and its outcome is unknown, the error contains the resource, and the next up continues', async () => {
    putApp(slow, 'Doubtful');
    slow.faults.add({ on: 'deploy', times: 1, do: { kind: 'reset', when: 'after' } });
    slow.faults.add({
      on: 'query',
      // The first asks for deploys that still run.
      skip: 1,
      times: 1,
      do: {
        kind: 'status',
        status: 400,
        contentType: 'application/json',
        body: '[{"errorCode":"INVALID_TYPE","message":"sObject type \'DeployRequest\' is not supported."}]',
      },
    });
    const { id, properties } = await assertHalfDone(
      stage.host.create(lifetime('Doubtful', 'slow')),
      'Doubtful',
      `[ECA6101] ${inOrg('Doubtful', 'slow')}: the response to the deploy request was lost (POST ${new URL(slow.instanceUrl).host}/services/data/v68.0/metadata/deployRequest: ` +
        'the connection was lost before the response (ECONNRESET)), and the deploy could not be looked up (sObject type ' +
        "'DeployRequest' is not supported). Read back afterwards: namedUserJwtSessionTimeoutType is absent, expected Custom; " +
        'namedUserJwtTimeout is absent, expected 30 minutes. Run pulumi up again: it looks at the org first',
      stored('Doubtful', 'slow', {}),
    );
    slow.advanceClock(3_600_000);
    const deploys = slow.deploys.length;
    const { outs } = await stage.host.update(id, properties, lifetime('Doubtful', 'slow'));
    assert.equal(outs['namedUserJwtTimeout'], 30);
    assert.deepEqual(outs['valuesFound'], absentBefore);
    assert.equal(slow.deploys.length, deploys);
  });

  it('and it does not end in time, the next up waits for the same deploy', async () => {
    putApp(slow, 'Waiting');
    const call = stage.host.create(lifetime('Waiting', 'impatient'));
    await call.catch(() => undefined);
    const deployId = lastDeploy(slow);
    const { id, properties } = await assertHalfDone(
      call,
      'Waiting',
      `[ECA6001] ${inOrg('Waiting', 'impatient')}: deploy ${deployId} timed out after 0.02 minutes in the org's ` +
        `queue (${namespaceOf(program)}:timeoutMinutes). The deploy has not failed and may still be running: see Setup, Deployment Status. The ` +
        'next pulumi up resumes waiting for it. Read back afterwards: namedUserJwtSessionTimeoutType is absent, expected Custom; ' +
        'namedUserJwtTimeout is absent, expected 30 minutes. Run pulumi up again: it looks at the org first',
      stored('Waiting', 'impatient', {}, { pendingDeploy: deployId }),
    );
    const deploys = slow.deploys.length;
    slow.clearRequests();
    onArrival(slow, 'checkDeployStatus', () => {
      slow.advanceClock(3_600_000);
    });
    const { outs } = await stage.host.update(id, properties, lifetime('Waiting', 'impatient'));
    assert.equal(outs['namedUserJwtTimeout'], 30);
    assert.equal(outs['pendingDeploy'], undefined);
    assert.deepEqual(requestKinds(slow), ['checkDeployStatus', 'retrieve', 'checkRetrieveStatus']);
    assert.equal(slow.deploys.length, deploys);
  });

  for (const [what, alias, app, fault, message] of [
    [
      'it does not end either',
      'impatient',
      'Late',
      undefined,
      (id: string) =>
        `[ECA6002] ${inOrg('Late', 'impatient')}: deploy ${id} timed out after 0.02 minutes in the org's queue ` +
        `(${namespaceOf(program)}:timeoutMinutes). It was sent earlier. The deploy has not failed and may still be running: see Setup, Deployment Status. The ` +
        'next pulumi up resumes waiting for it. Repeat the command later. ',
    ],
    [
      'its status is refused',
      'slow',
      'Hidden',
      apiError(500, 'UNKNOWN_CODE', 'No status today')('checkDeployStatus'),
      () =>
        `[ECA5001] ${inOrg('Hidden', 'slow')}: checkDeployStatus was refused: UNKNOWN_CODE: No status today. ` +
        'Check what the org reports, and repeat the command. ',
    ],
  ] as const) {
    it(`and ${what} in the next up, the error does not say that the org is unchanged`, async () => {
      putApp(slow, app);
      const { id, properties } = await createWithOpenDeploy(app);
      if (fault !== undefined) slow.faults.add({ on: 'checkDeployStatus', do: fault });
      await assert.rejects(
        stage.host.update(id, { ...properties, org: alias }, lifetime(app, alias)),
        new ProviderCallError(
          `${message(lastDeploy(slow))}The app was not changed, unless by the deploy that was waited for`,
          undefined,
        ),
      );
      slow.advanceClock(3_600_000);
    });
  }

  it('and the next up sees its end but cannot read the org, the error does not say that the org is unchanged', async () => {
    putApp(slow, 'Ended');
    const { id, properties } = await createWithOpenDeploy('Ended');
    slow.advanceClock(3_600_000);
    slow.faults.add({ on: 'retrieve', do: apiError(500, 'UNKNOWN_CODE', 'No files today')('retrieve') });
    await assert.rejects(
      stage.host.update(id, properties, lifetime('Ended', 'impatient')),
      /No files today\. Check .*\. The app was not changed, unless by the deploy that was waited for$/,
    );
  });

  it('and the org cannot be read afterwards, the error says so and contains the resource', async () => {
    putApp(org, 'Unread');
    onArrival(org, 'deploy', () => {
      org.faults.add({ on: 'retrieve', times: 1, do: { kind: 'sessionExpired' } });
    });
    const call = stage.host.create(lifetime('Unread'));
    await call.catch(() => undefined);
    const { id, properties } = await assertHalfDone(
      call,
      'Unread',
      `[ECA6102] ${inOrg('Unread')}: deploy ${lastDeploy(org)} succeeded, but the org could not be read afterwards (INVALID_SESSION_ID: ` +
        'Invalid Session ID found in SessionHeader: Illegal Session. Session not found), so it is unknown whether its ' +
        'settings changed. Run pulumi up again: it looks at the org first',
      stored('Unread', 'dev', {}),
    );
    const { outs } = await stage.host.update(id, properties, lifetime('Unread'));
    assert.equal(outs['namedUserJwtTimeout'], 30);
  });

  it('and the org did not keep a value, the error names the field, the expected value and the found one', async () => {
    putApp(org, 'Slippery');
    onArrival(
      org,
      'retrieve',
      () => {
        changeSetting(org, 'Slippery', 'namedUserJwtTimeout', '10');
      },
      2,
    );
    const call = stage.host.create(lifetime('Slippery'));
    await call.catch(() => undefined);
    await assertHalfDone(
      call,
      'Slippery',
      `[ECA5016] ${inOrg('Slippery')}: deploy ${lastDeploy(org)} succeeded, but the org did not keep every value: namedUserJwtTimeout is 10 ` +
        'minutes, expected 30 minutes. Run pulumi up again: it looks at the org first',
      stored('Slippery', 'dev', { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 10 }),
    );
  });

  it('and an update fails, the error contains the values found before the first change', async () => {
    putApp(org, 'Updated');
    const { id, outs } = await stage.host.create(lifetime('Updated'));
    onArrival(
      org,
      'retrieve',
      () => {
        changeSetting(org, 'Updated', 'namedUserJwtTimeout', '10');
      },
      2,
    );
    const call = stage.host.update(id, outs, lifetime('Updated', 'dev', 15));
    await call.catch(() => undefined);
    await assertHalfDone(
      call,
      'Updated',
      `[ECA5016] ${inOrg('Updated')}: deploy ${lastDeploy(org)} succeeded, but the org did not keep every value: namedUserJwtTimeout is 10 ` +
        'minutes, expected 15 minutes. Run pulumi up again: it looks at the org first',
      stored('Updated', 'dev', { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 10 }),
    );
  });

  it('and it is cancelled before it changed anything, the error says so and contains no resource', async () => {
    putApp(org, 'Cancelled');
    org.faults.cancelNextDeploy();
    const call = stage.host.create(lifetime('Cancelled'));
    await call.catch(() => undefined);
    await assert.rejects(
      call,
      new ProviderCallError(
        `[ECA5001] ${inOrg('Cancelled')}: deploy ${lastDeploy(org)} ended as Canceled by Sam Subscriber. Check it in Setup, ` +
          'Deployment Status, and repeat the command. The org was not changed',
        undefined,
      ),
    );
    assert.deepEqual(settingsOf(org, 'Cancelled'), { isNamedUserJwtEnabled: 'false' });
  });

  it('and it is cancelled after its data was committed, the settings are as wanted and there is no error', async () => {
    putApp(org, 'Committed');
    org.faults.cancelNextDeploy({ committed: true });
    const { outs } = await stage.host.create(lifetime('Committed'));
    assert.equal(outs['namedUserJwtTimeout'], 30);
  });

  it('and the org asks to wait for an hour, it is not sent again, and the error says so', async () => {
    putApp(org, 'Throttled');
    org.faults.add({ on: 'deploy', do: { kind: 'status', status: 429, retryAfter: '3600' } });
    org.clearRequests();
    await assert.rejects(
      stage.host.create(lifetime('Throttled')),
      /deployRequest was refused: .* The org asks to wait 60 minutes\. Repeat the command later\. The org was not changed$/,
    );
    assert.equal(requestKinds(org).filter((kind) => kind === 'deploy').length, 1);
  });

  it('and the org responds with a server error after it acted, the deploy is looked up', async () => {
    putApp(org, 'Worded');
    org.faults.add({ on: 'deploy', times: 1, do: { kind: 'serverError', when: 'after' } });
    const deploys = org.deploys.length;
    const { outs } = await stage.host.create(lifetime('Worded'));
    assert.equal(outs['namedUserJwtTimeout'], 30);
    assert.equal(org.deploys.length, deploys + 1);
  });

  it('and a restore fails, the error says how to continue, and repeating the delete works', async () => {
    putApp(org, 'Kept');
    const { id, outs } = await stage.host.create(lifetime('Kept'));
    onArrival(org, 'deploy', () => {
      org.faults.add({ on: 'retrieve', times: 1, do: { kind: 'sessionExpired' } });
    });
    const call = stage.host.delete(id, outs);
    await call.catch(() => undefined);
    await assert.rejects(
      call,
      new ProviderCallError(
        `[ECA6102] ${inOrg('Kept')}: deploy ${lastDeploy(org)} succeeded, but the org could not be read afterwards ` +
          '(INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session. Session not found), so it is unknown ' +
          'whether its settings changed. Repeat the command: it continues from the values in the org',
        undefined,
      ),
    );
    await stage.host.delete(id, outs);
    assert.deepEqual(settingsOf(org, 'Kept'), { isNamedUserJwtEnabled: 'false' });
  });
});
