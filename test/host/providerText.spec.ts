import assert from 'node:assert/strict';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalOrg } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { putApp } from '../support/localApps.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { Stage } from '../support/stage.js';
import { repositoryNodeModules } from '../support/temporaryProject.js';

describe('the provider code in states', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;

  before(async () => {
    stage = await Stage.open();
    org = stage.org;
  });
  after(() => stage.close());

  it('runs the linked package', async () => {
    const linked = await realpath(join(repositoryNodeModules, 'pulumi-salesforce-eca'));
    assert.notEqual(linked, join(repositoryNodeModules, 'pulumi-salesforce-eca'));
    putApp(org, 'Linked');
    const { id, outs } = await stage.host.create({
      externalClientApplication: 'Linked',
      isNamedUserJwtEnabled: true,
    });
    assert.equal(id, `${org.organizationId}/Linked`);
    assert.equal(outs['tokenFormat'], 'jwt');
  });

  // What a state may lack: an earlier release did not write it, or an import did not give it.
  const state = {
    externalClientApplication: 'Earlier',
    isNamedUserJwtEnabled: true,
    namedUserJwtSessionTimeoutType: 'Custom',
    namedUserJwtTimeout: 30,
  };
  const putEarlier = (): string => {
    putApp(org, 'Earlier', {
      globalSettings: { isNamedUserJwtEnabled: true },
      policies: { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 30 },
    });
    return `${org.organizationId}/Earlier`;
  };

  it('treats a state with nothing but inputs as unchanged', async () => {
    assert.equal((await stage.host.diff(putEarlier(), state, state)).changes, false);
  });

  it('reads such a state, and completes it', async () => {
    const id = putEarlier();
    const read = await stage.host.read(id, state);
    assert.deepEqual(read, {
      id,
      props: {
        ...state,
        orgId: org.organizationId,
        apiVersion: '68.0',
        tokenFormat: 'jwt',
        components: {
          ExternalClientApplication: 'Earlier',
          ExtlClntAppConfigurablePolicies: 'Earlier_plcy',
          ExtlClntAppGlobalOauthSettings: 'Earlier_glbloauth',
          ExtlClntAppOauthConfigurablePolicies: 'Earlier_oauthPlcy',
        },
        managedFields: ['isNamedUserJwtEnabled', 'namedUserJwtSessionTimeoutType', 'namedUserJwtTimeout'],
        valuesFound: {},
      },
      inputs: state,
    });
  });

  it('updates such a state', async () => {
    const { outs } = await stage.host.update(putEarlier(), state, { ...state, namedUserJwtTimeout: 15 });
    assert.equal(outs['namedUserJwtTimeout'], 15);
    assert.equal(settingsOf(org, 'Earlier').namedUserJwtTimeout, '15');
  });

  it('deletes such a state and leaves the settings, because no value found is known', async () => {
    const id = putEarlier();
    const before = takeSnapshot(org);
    await stage.host.delete(id, state);
    assert.deepEqual(takeSnapshot(org), before);
  });

  it('ignores what a later release wrote', async () => {
    const id = putEarlier();
    const later = {
      ...state,
      managedFields: [
        'isNamedUserJwtEnabled',
        'namedUserJwtSessionTimeoutType',
        'namedUserJwtTimeout',
        'somethingNew',
      ],
      valuesFound: { somethingNew: 7 },
      components: { SomethingNew: 'Earlier_new' },
      allow: ['somethingNew'],
      somethingNew: { deep: [1, 2] },
    };
    assert.equal((await stage.host.diff(id, later, state)).changes, false);
    assert.equal((await stage.host.read(id, later)).props['namedUserJwtTimeout'], 30);
    await stage.host.delete(id, later);
  });
});
