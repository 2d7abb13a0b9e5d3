import assert from 'node:assert/strict';
import { stackOrgs } from '../../../../provider/src/commandLine/stackOrgs.js';
import type { StateResource } from '../../../../provider/src/reports/drift/engineEvents.js';
import { StackSignIns } from '../../../../provider/src/reports/stack/stackSignIns.js';
import { nativePolicyType, policyType } from '../../../support/policyProgram.js';

const dev = { instanceUrl: 'https://dev.my.salesforce.com', accessToken: 'dev token' };
const uat = { instanceUrl: 'https://uat.my.salesforce.com', accessToken: 'uat token' };

const prefixed = (namespace: string, settings: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${namespace}:${name}`, value]));
const urnOf = (type: string, name: string): string => `urn:pulumi:test::project::${type}::${name}`;
const inState = (type: string, name: string, changes: Partial<StateResource> = {}): StateResource => ({
  urn: urnOf(type, name),
  type,
  id: 'id',
  provider: '',
  inputs: {},
  outputs: {},
  initErrors: [],
  isPendingDelete: false,
  ...changes,
});
const providerType = 'pulumi:providers:salesforce-eca';
const providerOf = (name: string): string => `${urnOf(providerType, name)}::some-id`;
/** As `pulumi stack export --show-secrets` writes it. */
const secret = (value: unknown): object => ({
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
  plaintext: JSON.stringify(value),
});

/** The orgs as `name of <address> by <token>`. */
const orgs = (
  configuration: Readonly<Record<string, unknown>>,
  state: readonly StateResource[] = [],
  named: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): string[] =>
  stackOrgs(new StackSignIns(configuration, state), environment, named, undefined).map(
    ({ name, settings }) =>
      `${name ?? 'top'}: ${settings.instanceUrl?.value ?? 'nowhere'} ${settings.accessToken?.value ?? ''}`,
  );
const ofDev = 'https://dev.my.salesforce.com dev token';
const ofUat = 'https://uat.my.salesforce.com uat token';

describe('the orgs of a stack', () => {
  for (const namespace of ['salesforce', 'salesforce-eca']) {
    it(`are those of its configuration under ${namespace}:`, () => {
      assert.deepEqual(orgs(prefixed(namespace, dev)), [`top: ${ofDev}`]);
      const aliases = prefixed(namespace, { orgs: JSON.stringify({ dev, uat }) });
      assert.deepEqual(orgs(aliases), [`dev: ${ofDev}`, `uat: ${ofUat}`]);
      assert.deepEqual(orgs(aliases, [], ['uat']), [`uat: ${ofUat}`]);
    });
  }

  it('are named in errors by the settings of the namespace that they are in', () => {
    assert.throws(() => orgs(prefixed('salesforce-eca', { orgs: JSON.stringify({ dev }) }), [], ['prod']), {
      message: /org "prod" was not found in salesforce-eca:orgs \(available: dev\)/,
    });
    assert.throws(() => orgs(prefixed('salesforce-eca', { ...dev, apiVersion: 'newest' })), {
      message: /salesforce-eca:apiVersion/,
    });
    assert.throws(() => orgs(prefixed('salesforce-eca', { orgs: '[]' })), {
      message: /salesforce-eca:orgs must be/,
    });
    assert.throws(
      () => orgs({}, [inState(providerType, 'uat', { inputs: { ...uat, apiVersion: 'newest' } })]),
      { message: /apiVersion of the provider "uat" must be/ },
    );
  });

  it('are those of both namespaces, and one that is the same in both is listed once', () => {
    const both = (native: object): Record<string, unknown> => ({
      ...prefixed('salesforce', dev),
      ...prefixed('salesforce-eca', native),
    });
    assert.deepEqual(orgs(both(dev)), [`top: ${ofDev}`]);
    assert.deepEqual(orgs(both(uat)), [`top: ${ofDev}`, `top: ${ofUat}`]);
    assert.deepEqual(orgs(both({ timeoutMinutes: '5' })), [`top: ${ofDev}`]);
  });

  it('are those of the explicit providers in its state too', () => {
    const state = [
      inState(providerType, 'default_0_1_0', { inputs: { instanceUrl: 'of the last up' } }),
      inState(providerType, 'uat', { inputs: { ...uat, accessToken: secret(uat.accessToken) } }),
      inState(providerType, 'both', { inputs: { orgs: secret(JSON.stringify({ dev })) } }),
      inState('pulumi:providers:aws', 'other', { inputs: { accessToken: 'of another package' } }),
      inState(nativePolicyType, 'gateway', { provider: providerOf('uat') }),
    ];
    assert.deepEqual(orgs({}, state), [`uat: ${ofUat}`, `dev: ${ofDev}`]);
    assert.deepEqual(orgs({}, state, ['uat']), [`uat: ${ofUat}`]);
    assert.deepEqual(orgs({}, state, ['dev', 'uat']), [`dev: ${ofDev}`, `uat: ${ofUat}`]);
    assert.throws(() => orgs({}, state, ['prod']), {
      message: /org "prod" was not found.*\(available: dev\)/,
    });
  });

  it('are the one in the environment if resources sign in with it, or if nothing is configured', () => {
    const environment = {
      SALESFORCE_INSTANCE_URL: dev.instanceUrl,
      SALESFORCE_ACCESS_TOKEN: dev.accessToken,
    };
    assert.deepEqual(orgs({}, [], [], environment), [`top: ${ofDev}`]);
    const explicit = inState(providerType, 'uat', { inputs: uat });
    assert.deepEqual(orgs({}, [explicit], [], environment), [`uat: ${ofUat}`]);
    for (const type of [policyType, nativePolicyType]) {
      const resource = inState(type, 'gateway', { provider: providerOf('default_0_1_0') });
      assert.deepEqual(orgs({}, [explicit, resource], [], environment), [`top: ${ofDev}`, `uat: ${ofUat}`]);
    }
    assert.deepEqual(orgs({}), ['top: nowhere ']);
  });
});

describe('the settings that a resource signs in with', () => {
  const signIns = new StackSignIns(
    { 'salesforce:clientId': 'dynamic', 'salesforce-eca:clientId': 'native' },
    [inState(providerType, 'uat', { inputs: { clientId: 'explicit' } })],
  );
  const clientIdOf = (type: string, provider: string): unknown =>
    signIns.of({ type, provider })?.read('salesforce:clientId');

  it('are those of its provider', () => {
    assert.equal(
      clientIdOf(policyType, `${urnOf('pulumi:providers:pulumi-nodejs', 'default')}::id`),
      'dynamic',
    );
    assert.equal(clientIdOf(nativePolicyType, providerOf('default')), 'native');
    assert.equal(clientIdOf(nativePolicyType, providerOf('default_0_1_0')), 'native');
    assert.equal(clientIdOf(nativePolicyType, providerOf('uat')), 'explicit');
  });

  it('are not known before a provider is in the state', () => {
    assert.equal(signIns.of({ type: nativePolicyType, provider: providerOf('new') }), undefined);
  });
});
