import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import { changeSetting, settingsOf } from '../support/appSettings.js';
import type { Bag } from '../support/dynamicProviderProcess.js';
import { putApp } from '../support/localApps.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { policyUrn } from '../support/policyProgram.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { Stage } from '../support/stage.js';

describeForEachProgram('how an org responds to a removal', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;
  let pristine: OrgSnapshot;

  before(async () => {
    stage = await Stage.open();
    org = stage.org;
    pristine = takeSnapshot(org);
  });
  afterEach(() => {
    restoreSnapshot(org, pristine);
    org.clearRequests();
  });
  after(() => stage.close());

  const userSession = (app: string): Bag => ({
    externalClientApplication: app,
    namedUserJwtSessionTimeoutType: 'UserSession',
  });
  const custom = { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 30 };
  const subjectOf = (app: string): string =>
    `External client app "${app}" in org ${org.instanceUrl} (${org.organizationId})`;
  /** Runs something and counts the deploys that it sent. */
  const deploysOf = async (run: () => Promise<unknown>): Promise<number> => {
    const before = org.deploys.length;
    await run();
    return org.deploys.length - before;
  };

  it('UserSession instead of the type is accepted, after one deploy', async () => {
    putApp(org, 'Answered');
    org.faults.change({ orgRules: { removedTypeIsUserSession: true } });
    const { id, outs } = await stage.host.create(userSession('Answered'));
    assert.equal(await deploysOf(() => stage.host.delete(id, outs)), 1);
    assert.deepEqual(settingsOf(org, 'Answered'), {
      isNamedUserJwtEnabled: 'false',
      namedUserJwtSessionTimeoutType: 'UserSession',
    });
    assert.equal(await deploysOf(() => stage.host.create(userSession('Answered'))), 0);
  });

  it('false instead of the token format is accepted, after one deploy', async () => {
    putApp(org, 'Shown', { globalSettings: { isNamedUserJwtEnabled: undefined } });
    const on = { externalClientApplication: 'Shown', isNamedUserJwtEnabled: true };
    const { id, outs } = await stage.host.create(on);
    assert.deepEqual(outs['valuesFound'], { isNamedUserJwtEnabled: 'absent' });
    assert.equal(await deploysOf(() => stage.host.delete(id, outs)), 1);
    assert.deepEqual(settingsOf(org, 'Shown'), { isNamedUserJwtEnabled: 'false' });
  });

  it('is not accepted if the removal was refused', async () => {
    putApp(org, 'Refused');
    const { id, outs } = await stage.host.create(userSession('Refused'));
    const before = takeSnapshot(org);
    org.faults.failComponent('Refused', 'No change today');
    await assert.rejects(
      stage.host.delete(id, outs),
      /"Refused" in org .*: No change today\. .*The org was not changed/,
    );
    assert.deepEqual(takeSnapshot(org), before);
    org.faults.clear();
    await stage.host.delete(id, outs);
    assert.deepEqual(settingsOf(org, 'Refused'), { isNamedUserJwtEnabled: 'false' });
  });

  describe('a timeout that it keeps with UserSession', () => {
    beforeEach(() => {
      org.faults.change({ orgRules: { timeoutKeptBesideUserSession: true } });
    });

    const held = {
      isNamedUserJwtEnabled: 'false',
      namedUserJwtSessionTimeoutType: 'UserSession',
      namedUserJwtTimeout: '30',
    };
    const warningOf = (app: string): string =>
      `[ECA3104] ${subjectOf(app)}: the org kept namedUserJwtTimeout (30 minutes) with namedUserJwtSessionTimeoutType UserSession, ` +
      'although its removal was deployed. It has no effect: a timeout applies only with Custom (documented).';
    const warnings = (app: string): string[] =>
      stage.host.logs.flatMap(({ severity, message }) =>
        severity === 'warning' && message.includes(`"${app}"`) ? [message] : [],
      );

    it('is accepted and reported once, and causes no difference after that', async () => {
      putApp(org, 'Kept', { policies: custom });
      const inputs = await stage.declare('kept', userSession('Kept'));
      const deploys = org.deploys.length;
      const { id, outs } = await stage.host.create(inputs);
      assert.equal(org.deploys.length, deploys + 1);
      assert.deepEqual(settingsOf(org, 'Kept'), held);
      assert.equal(outs['namedUserJwtTimeout'], 30);
      assert.deepEqual(outs['valuesKept'], { namedUserJwtTimeout: 30 });
      assert.deepEqual(await stage.host.waitForLog('the org kept'), {
        severity: 'warning',
        message: warningOf('Kept'),
        urn: policyUrn('kept'),
        ephemeral: false,
      });

      assert.equal((await stage.host.diff(id, outs, inputs)).changes, false);
      const read = await stage.host.read(id, outs);
      assert.equal(read.props['namedUserJwtTimeout'], 30);
      assert.equal((await stage.host.diff(id, read.props, inputs)).changes, false);
      // Another guard to pass is a change of the resource, not of the org.
      const allowing = { ...inputs, allow: ['packagedApp'] };
      assert.equal((await stage.host.diff(id, read.props, allowing)).changes, true);
      const updated = await stage.host.update(id, read.props, allowing);
      const guest = { ...allowing, guestJwtSessionTimeoutType: 'Custom', guestJwtTimeout: 5 };
      assert.equal(org.deploys.length, deploys + 1);
      const again = await stage.host.update(id, updated.outs, guest);
      assert.deepEqual(settingsOf(org, 'Kept'), {
        ...held,
        guestJwtSessionTimeoutType: 'Custom',
        guestJwtTimeout: '5',
      });
      assert.equal((await stage.host.diff(id, again.outs, guest)).changes, false);
      changeSetting(org, 'Kept', 'namedUserJwtTimeout', '60');
      const changed = await stage.host.read(id, again.outs);
      assert.equal(
        (await stage.host.diff(id, changed.props, guest)).changes,
        true,
        'another timeout is drift',
      );
      // The warning about the guest flow, which is off, is the last word.
      await stage.host.waitForLog('guest timeouts have no effect yet');
      assert.deepEqual(warnings('Kept').slice(0, 1), [warningOf('Kept')]);
      assert.equal(warnings('Kept').length, 2);
    });

    it('is removed once if it was there before, and is left at destroy', async () => {
      putApp(org, 'Adopted', { policies: { ...custom, namedUserJwtSessionTimeoutType: 'UserSession' } });
      const before = takeSnapshot(org);
      const deploys = org.deploys.length;
      const { id, outs } = await stage.host.create(userSession('Adopted'));
      assert.equal(org.deploys.length, deploys + 1);
      await stage.host.waitForLog(warningOf('Adopted'));
      await stage.host.delete(id, outs);
      assert.equal(org.deploys.length, deploys + 1);
      assert.deepEqual(takeSnapshot(org), before);
    });

    it('is not restored with UserSession if an org refuses it', async () => {
      putApp(org, 'Replaced', { policies: { ...custom, namedUserJwtSessionTimeoutType: 'UserSession' } });
      const { id, outs } = await stage.host.create({
        externalClientApplication: 'Replaced',
        ...custom,
        namedUserJwtTimeout: 60,
      });
      await stage.host.delete(id, outs);
      assert.deepEqual(settingsOf(org, 'Replaced'), { ...held, namedUserJwtTimeout: '60' });
    });

    it('is replaced at destroy by the value from before', async () => {
      putApp(org, 'Restored', { policies: custom });
      const before = takeSnapshot(org);
      const { id, outs } = await stage.host.create(userSession('Restored'));
      await stage.host.delete(id, outs);
      assert.deepEqual(takeSnapshot(org), before);
    });

    it('may stay when both elements are removed and the org leaves UserSession', async () => {
      org.faults.change({ orgRules: { removedTypeIsUserSession: true } });
      putApp(org, 'Both');
      const { id, outs } = await stage.host.create({ externalClientApplication: 'Both', ...custom });
      await stage.host.delete(id, outs);
      assert.deepEqual(settingsOf(org, 'Both'), held);
      await stage.host.waitForLog(warningOf('Both'));
    });
  });
});
