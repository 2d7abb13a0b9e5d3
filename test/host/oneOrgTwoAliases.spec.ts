import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import { requestKinds } from '../support/arrivals.js';
import { DynamicProviderProcess, type Bag } from '../support/dynamicProviderProcess.js';
import { componentNamesOf, putApp } from '../support/localApps.js';
import { policyUrn } from '../support/policyProgram.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { until } from '../support/until.js';
import { accessToken, configuration, jwtBearer, Stage } from '../support/stage.js';

/** Two keys of `salesforce:orgs` that lead to one organization, one by JWT bearer and one by an access token, and one that leads elsewhere. */
const aliases = ([dev, uat]: readonly LocalOrg[]): Record<string, string> =>
  configuration({}, { key: jwtBearer(dev!), token: accessToken(dev!), elsewhere: jwtBearer(uat!) });

describeForEachProgram('one org through two aliases', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;
  /** A provider process for each phase of a run, as the engine starts it. */
  let host: DynamicProviderProcess;

  before(async () => {
    stage = await Stage.open({ localOrg: { orgs: ['dev', 'uat'] }, configuration: aliases });
    org = stage.org;
  });
  beforeEach(async () => {
    for (const each of stage.orgs) putApp(each, 'Shared', { policies: { namedUserJwtTimeout: 10 } });
    await newPhase();
    org.clearRequests();
  });
  afterEach(async () => {
    org.faults.clear();
    await host.dispose();
  });
  after(() => stage.close());

  async function newPhase(): Promise<void> {
    host = await DynamicProviderProcess.start();
    await host.configure(aliases(stage.orgs));
  }
  async function nextPhase(): Promise<void> {
    await host.dispose();
    await newPhase();
  }

  const timeout = (alias: string, minutes: number): Bag => ({
    externalClientApplication: 'Shared',
    org: alias,
    namedUserJwtSessionTimeoutType: 'Custom',
    namedUserJwtTimeout: minutes,
  });
  const jwtOn = (alias: string): Bag => ({
    externalClientApplication: 'Shared',
    org: alias,
    isNamedUserJwtEnabled: true,
  });
  const check = async (name: string, args: Bag, isPreview = false, olds: Bag = {}) =>
    host.check(olds, { ...args, __dryRun: isPreview, __urn: policyUrn(name) });
  const declare = async (name: string, args: Bag, olds: Bag = {}): Promise<Bag> => {
    const { inputs, failures } = await check(name, args, false, olds);
    assert.deepEqual(failures, []);
    return inputs;
  };
  const policies = (): string | undefined =>
    org.component('ExtlClntAppOauthConfigurablePolicies', componentNamesOf('Shared').policies);
  const deploys = (): number => requestKinds(org).filter((kind) => kind === 'deploy').length;
  const conflictWith = (name: string, alias: string, own: string, field = 'namedUserJwtSessionTimeoutType') =>
    new RegExp(
      `^\\[ECA2012\\] External client app "Shared" in org "${own}" \\(${org.organizationId}\\): ${field} is already managed by the ` +
        `resource ${name} through the org "${alias}", which leads to the same organization. Two resources for one app can manage ` +
        'different fields, but not the same one\\. Remove it from one of them\\. The org was not changed$',
    );

  it('refuses the same field twice before it changes anything for the second resource', async () => {
    const before = policies();
    const first = await declare('first', timeout('key', 15));
    const second = await declare('second', timeout('token', 30));
    const created = await host.create(first);
    const after = policies();
    await assert.rejects(host.create(second), { message: conflictWith('first', 'key', 'token') });
    assert.deepEqual([deploys(), policies()], [1, after]);

    await nextPhase();
    await host.delete(created.id, created.outs);
    assert.equal(policies(), before);
  });

  it('refuses one of two that arrive at once, and never changes the field twice', async () => {
    const inputs = [
      await declare('first', timeout('key', 15)),
      await declare('second', timeout('token', 30)),
    ];
    const results = await Promise.allSettled(inputs.map((each) => host.create(each)));
    assert.ok(results.some(({ status }) => status === 'rejected'));
    assert.ok(deploys() <= 1);
  });

  it('refuses it in a preview', async () => {
    const first = await check('first', timeout('key', 15), true);
    assert.deepEqual(first.failures, []);
    const second = await check('second', timeout('token', 30), true);
    assert.match(second.failures[0]?.reason ?? '', conflictWith('first', 'key', 'token'));
    assert.equal(deploys(), 0);
  });

  it('identifies the org by the states, without a request', async () => {
    const first = await declare('first', timeout('key', 15));
    const second = await declare('second', timeout('token', 30));
    const id = `${org.organizationId}/Shared`;
    const managedFields = ['namedUserJwtSessionTimeoutType', 'namedUserJwtTimeout'];
    assert.equal((await host.diff(id, { ...first, managedFields }, first)).changes, false);
    await assert.rejects(host.diff(id, { ...second, managedFields }, second), {
      message: conflictWith('first', 'key', 'token'),
    });
    assert.deepEqual(requestKinds(org), []);
  });

  it('refuses a new resource if the state of another one shows the org', async () => {
    const first = await declare('first', timeout('key', 15));
    const managedFields = ['namedUserJwtSessionTimeoutType', 'namedUserJwtTimeout'];
    await host.diff(`${org.organizationId}/Shared`, { ...first, managedFields }, first);
    await assert.rejects(host.create(await declare('second', timeout('token', 30))), {
      message: conflictWith('first', 'key', 'token'),
    });
    assert.equal(deploys(), 0);
  });

  it('refuses a resource whose conflict appears while the org is being read', async () => {
    const second = await declare('second', timeout('token', 30));
    const release = org.faults.holdNext('checkRetrieveStatus');
    const creating = host.create(second);
    await Promise.race([
      until('the org is being read', () => requestKinds(org).includes('checkRetrieveStatus')),
      creating.then(() => assert.fail('created before the org was read')),
    ]);
    const first = await declare('first', timeout('key', 15));
    const managedFields = ['namedUserJwtSessionTimeoutType', 'namedUserJwtTimeout'];
    const diffing = host.diff(`${org.organizationId}/Shared`, { ...first, managedFields }, first);
    await assert.rejects(diffing, { message: conflictWith('second', 'token', 'key') });
    release();
    await assert.rejects(creating, { message: conflictWith('first', 'key', 'token') });
    assert.equal(deploys(), 0);
  });

  it('accepts different fields, and restores what each found', async () => {
    const before = policies();
    const globalSettings = (): string | undefined =>
      org.component('ExtlClntAppGlobalOauthSettings', componentNamesOf('Shared').globalSettings);
    const globalBefore = globalSettings();
    const inputs = [await declare('first', jwtOn('key')), await declare('second', timeout('token', 30))];
    const created = await Promise.all(inputs.map((each) => host.create(each)));
    assert.notEqual(policies(), before);

    await nextPhase();
    await Promise.all(created.map(({ id, outs }) => host.delete(id, outs)));
    assert.deepEqual([policies(), globalSettings()], [before, globalBefore]);
  });

  it('accepts the same field in another org', async () => {
    const inputs = [
      await declare('first', timeout('key', 15)),
      await declare('second', timeout('elsewhere', 30)),
    ];
    const created = await Promise.all(inputs.map((each) => host.create(each)));
    assert.deepEqual(
      created.map(({ outs }) => [outs['orgId'], outs['namedUserJwtTimeout']]),
      [
        [org.organizationId, 15],
        [stage.orgs[1]!.organizationId, 30],
      ],
    );
  });

  it('passes the values found to the resource that replaces it through the other alias', async () => {
    const before = policies();
    const first = await host.create(await declare('first', timeout('key', 15)));
    await nextPhase();
    // A replacement that deletes first: the program declares the same resource through the other alias.
    const again = await declare('first', timeout('token', 30));
    await host.delete(first.id, first.outs);
    const { id, outs } = await host.create(again);
    await nextPhase();
    await host.delete(id, outs);
    assert.equal(policies(), before);
  });
});
