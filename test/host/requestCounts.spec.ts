import assert from 'node:assert/strict';
import type { LocalOrg, RequestKind } from 'salesforce-local-org';
import { onArrival, requestKinds } from '../support/arrivals.js';
import { putApp } from '../support/localApps.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { accessToken, configuration, jwtBearer, Stage, type CreatedResource } from '../support/stage.js';

/** A sign-in of its own for each test, so that each sees the requests of a whole run. */
const aliases = [
  'create',
  'adopt',
  'sideBySide',
  'update',
  'names',
  'read',
  'delete',
  'token',
  'fifty',
  'manyReads',
  'manyUpdates',
  'manyDeletes',
];
const signIn = ['token', 'versions'];
const retrieve = ['retrieve', 'checkRetrieveStatus'];
/** Right before a deploy: whether another one still runs, and whether somebody else has changed the components meanwhile. */
const deploy = ['query', 'listMetadata', 'deploy', 'checkDeployStatus'];

describeForEachProgram('requests to the org', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;

  before(async () => {
    stage = await Stage.open({
      // Calls that the engine sends together arrive while the first one signs in.
      localOrg: { latencyMs: 20 },
      configuration: ([first]) =>
        configuration(
          {},
          Object.fromEntries(
            aliases.map((alias) => [alias, alias === 'token' ? accessToken(first!) : jwtBearer(first!)]),
          ),
        ),
    });
    org = stage.org;
  });
  beforeEach(() => {
    org.faults.clear();
    org.clearRequests();
  });
  after(() => stage.close());

  const settings = { isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 };

  it('are none in check, and none in diff when nothing has changed', async () => {
    putApp(org, 'Checked');
    const args = { externalClientApplication: 'Checked', org: 'create', ...settings };
    const inputs = await stage.declare('checked', args);
    const state = {
      ...inputs,
      managedFields: ['isNamedUserJwtEnabled', 'namedUserJwtSessionTimeoutType', 'namedUserJwtTimeout'],
    };
    const difference = await stage.host.diff(`${org.organizationId}/Checked`, state, inputs);
    assert.equal(difference.changes, false);
    assert.deepEqual(requestKinds(org), []);
  });

  it('are none in diff when a setting has changed', async () => {
    const inputs = { externalClientApplication: 'Checked', isNamedUserJwtEnabled: true, org: 'create' };
    const difference = await stage.host.diff(`${org.organizationId}/Checked`, inputs, {
      ...inputs,
      isNamedUserJwtEnabled: false,
    });
    assert.equal(difference.changes, true);
    assert.deepEqual(requestKinds(org), []);
  });

  it('are sign-in, versions, one retrieve, one deploy and one retrieve for a create', async () => {
    putApp(org, 'Created');
    await stage.create('created', { externalClientApplication: 'Created', org: 'create', ...settings });
    assert.deepEqual(requestKinds(org), [...signIn, ...retrieve, ...deploy, ...retrieve]);
  });

  it('are sign-in, versions and one retrieve for a create that has nothing to change', async () => {
    putApp(org, 'As_Wanted', { globalSettings: { isNamedUserJwtEnabled: true } });
    await stage.create('as-wanted', {
      externalClientApplication: 'As_Wanted',
      org: 'adopt',
      isNamedUserJwtEnabled: true,
    });
    assert.deepEqual(requestKinds(org), [...signIn, ...retrieve]);
  });

  it('are sent in parallel if one does not depend on the other', async () => {
    putApp(org, 'Side_By_Side');
    for (const [held, beside] of [
      ['token', 'versions'],
      ['query', 'listMetadata'],
    ] as const) {
      const release = org.faults.holdNext(held);
      onArrival(org, beside, release);
    }
    const args = { externalClientApplication: 'Side_By_Side', org: 'sideBySide', ...settings };
    await stage.create('side-by-side', args);
  });

  it('include no sign-in with an access token, which contains its organization', async () => {
    putApp(org, 'By_Token', { globalSettings: { certificate: 'MIIC' } });
    await stage.create('by-token', { externalClientApplication: 'By_Token', org: 'token', ...settings });
    assert.deepEqual(requestKinds(org), ['versions', ...retrieve, ...deploy, ...retrieve]);
  });

  it('are the same for an update', async () => {
    putApp(org, 'Updated');
    const { id, inputs, outs } = await createWith('create', 'Updated');
    org.clearRequests();
    await stage.host.update(id, outs, { ...inputs, org: 'update', namedUserJwtTimeout: 15 });
    assert.deepEqual(requestKinds(org), [...signIn, ...retrieve, ...deploy, ...retrieve]);
  });

  it('ask for components by the names in the state, not by wildcards', async () => {
    // Wildcards do not show an installed app here: only the names can.
    org.faults.wildcardReturnsManaged = false;
    const args = { externalClientApplication: 'acme__Ledger', org: 'names', namedUserJwtTimeout: 30 };
    const { id, inputs, outs } = await stage.create('ledger', args);
    assert.ok(requestKinds(org).includes('listMetadata'));
    org.clearRequests();
    await stage.host.update(id, outs, { ...inputs, namedUserJwtTimeout: 15 });
    assert.deepEqual(requestKinds(org), [...retrieve, ...deploy, ...retrieve]);
  });

  it('are sign-in, versions and one readMetadata for each type for a read', async () => {
    putApp(org, 'Seen');
    const { id, outs } = await createWith('create', 'Seen');
    org.clearRequests();
    await stage.host.read(id, { ...outs, org: 'read' });
    assert.deepEqual(requestKinds(org), [...signIn, ...Array.from({ length: 4 }, () => 'readMetadata')]);
  });

  it('are one retrieve, one deploy and one retrieve for a delete', async () => {
    putApp(org, 'Deleted');
    const { id, outs } = await createWith('create', 'Deleted');
    org.clearRequests();
    await stage.host.delete(id, { ...outs, org: 'delete' });
    assert.deepEqual(requestKinds(org), [...signIn, ...retrieve, ...deploy, ...retrieve]);
  });

  describe('for fifty resources at once', () => {
    let fleet: CreatedResource[];
    let requestsOfCreate: RequestKind[];

    before(async () => {
      const apps = Array.from({ length: 50 }, (_, index) => `Fleet_${index + 1}`);
      for (const app of apps) putApp(org, app);
      org.clearRequests();
      fleet = await Promise.all(apps.map((app) => createWith('fifty', app)));
      requestsOfCreate = requestKinds(org);
    });

    it('are one deploy and two retrieves when they are created', () => {
      assert.deepEqual(requestsOfCreate, [...signIn, ...retrieve, ...deploy, ...retrieve]);
    });

    it('are one retrieve when they are read', async () => {
      await Promise.all(fleet.map(({ id, outs }) => stage.host.read(id, { ...outs, org: 'manyReads' })));
      assert.deepEqual(requestKinds(org), [...signIn, ...retrieve]);
    });

    it('are one deploy and two retrieves when they are updated', async () => {
      const updated = await Promise.all(
        fleet.map(({ id, inputs, outs }) =>
          stage.host.update(id, outs, { ...inputs, org: 'manyUpdates', namedUserJwtTimeout: 5 }),
        ),
      );
      assert.deepEqual(requestKinds(org), [...signIn, ...retrieve, ...deploy, ...retrieve]);
      assert.ok(updated.every(({ outs }) => outs['namedUserJwtTimeout'] === 5));
    });

    it('are one deploy and two retrieves when they are deleted', async () => {
      await Promise.all(fleet.map(({ id, outs }) => stage.host.delete(id, { ...outs, org: 'manyDeletes' })));
      assert.deepEqual(requestKinds(org), [...signIn, ...retrieve, ...deploy, ...retrieve]);
    });
  });

  /** Creates without a declaration, so that a delete in the same process restores. */
  async function createWith(alias: string, app: string): Promise<CreatedResource> {
    const inputs = {
      externalClientApplication: app,
      org: alias,
      isNamedUserJwtEnabled: true,
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: 30,
    };
    return { inputs, ...(await stage.host.create(inputs)) };
  }
});
