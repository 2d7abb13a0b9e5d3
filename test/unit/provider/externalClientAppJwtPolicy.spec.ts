import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';
import sinon from 'sinon';
import { ExternalClientAppJwtPolicy } from '../../../provider/src/externalClientAppJwtPolicy.js';
import * as index from '../../../provider/src/index.js';

const type = 'pulumi-nodejs:dynamic/salesforce:ExternalClientAppJwtPolicy';

/** What the engine would give back beside the inputs. */
const outputs = {
  orgId: '00D000000000062EAA',
  apiVersion: '66.0',
  tokenFormat: 'jwt',
  components: { ExtlClntAppOauthConfigurablePolicies: 'portal_oauthPlcy' },
  managedFields: ['isNamedUserJwtEnabled'],
  valuesFound: { isNamedUserJwtEnabled: 'absent' },
};

/** A resource as it reaches the engine. */
interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

class PlainDynamicResource extends pulumi.dynamic.Resource {}

class Team extends pulumi.ComponentResource {
  constructor(name: string) {
    super('example:index:Team', name);
  }
}

describe('ExternalClientAppJwtPolicy', () => {
  let registered: Registered[];
  let state: Record<string, unknown>;

  async function useMocks(isPreview: boolean): Promise<void> {
    await pulumi.runtime.setMocks(
      {
        newResource: (args) => {
          const inputs = args.inputs as Record<string, unknown>;
          registered.push({ type: args.type, name: args.name, inputs });
          return { id: '00D000000000062EAA/portal', state: { ...inputs, ...state } };
        },
        call: () => ({}),
      },
      'project',
      'stack',
      isPreview,
    );
  }

  beforeEach(async () => {
    registered = [];
    state = outputs;
    await useMocks(false);
  });

  const resolved = <T>(output: pulumi.Output<T>): Promise<T> =>
    new Promise((resolve) => {
      output.apply(resolve);
    });

  async function register(resource: pulumi.Resource): Promise<Registered> {
    const urn = await resolved(resource.urn);
    const found = registered.find(({ name, type: own }) => urn.endsWith(`${own}::${name}`));
    assert(found !== undefined);
    return found;
  }

  const policy = (name = 'portal', opts?: pulumi.CustomResourceOptions): ExternalClientAppJwtPolicy =>
    new ExternalClientAppJwtPolicy(
      name,
      { externalClientApplication: 'portal', isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 },
      opts,
    );

  it('registers under the type that stacks hold', async () => {
    assert.equal((await register(policy())).type, type);
  });

  it('passes its inputs, the frozen text of the provider and the hidden inputs, and nothing undefined', async () => {
    assert.deepEqual((await register(policy())).inputs, {
      externalClientApplication: 'portal',
      isNamedUserJwtEnabled: true,
      namedUserJwtTimeout: 30,
      __provider: 'exports.handler = () => require("pulumi-salesforce-eca/provider");',
      __dryRun: false,
      __urn: `urn:pulumi:stack::project::${type}::portal`,
    });
  });

  it('marks a preview', async () => {
    await useMocks(true);
    assert.equal((await register(policy())).inputs['__dryRun'], true);
  });

  it('warns once per run of a credential in clear text, however many resources there are', async () => {
    const warn = sinon.stub(pulumi.log, 'warn').resolves();
    try {
      for (const run of [1, 2]) {
        await useMocks(false);
        pulumi.runtime.setAllConfig({ 'salesforce:accessToken': 'token' });
        await Promise.all(['one', 'two'].map((name) => register(policy(name))));
        assert.equal(warn.callCount, run);
      }
    } finally {
      pulumi.runtime.setAllConfig({});
      warn.restore();
    }
  });

  it('passes the URN that it has under a parent', async () => {
    const resource = policy('portal', { parent: new Team('team') });
    const { inputs } = await register(resource);
    assert.equal(inputs['__urn'], `urn:pulumi:stack::project::example:index:Team$${type}::portal`);
  });

  it('resolves every output', async () => {
    state = {
      ...outputs,
      org: 'uat',
      namedUserJwtSessionTimeoutType: 'Custom',
      guestJwtSessionTimeoutType: 'Custom',
      guestJwtTimeout: 5,
      allow: ['lockOut'],
      tokenFormatReason: 'the org does not say it',
    };
    const resource = policy();
    const declared = Object.entries(resource).filter(
      ([name, value]) => !name.startsWith('__') && pulumi.Output.isInstance(value),
    );
    const values = await Promise.all(
      declared.map(async ([name, value]) => [name, await resolved(pulumi.output(value))] as const),
    );
    const { id, urn, ...found } = Object.fromEntries(values);
    assert.equal(id, '00D000000000062EAA/portal');
    assert.match(String(urn), /::portal$/);
    assert.deepEqual(found, {
      externalClientApplication: 'portal',
      isNamedUserJwtEnabled: true,
      namedUserJwtTimeout: 30,
      ...state,
    });
  });

  it('resolves outputs that have no value to undefined', async () => {
    const { org, guestJwtTimeout } = policy();
    assert.deepEqual(await resolved(pulumi.all([org, guestJwtTimeout])), [undefined, undefined]);
  });

  it('accepts outputs of other resources as inputs', async () => {
    const resource = new ExternalClientAppJwtPolicy('portal', {
      externalClientApplication: pulumi.output('portal'),
      guestJwtTimeout: pulumi.output(5 as const),
      allow: [pulumi.output('lockOut' as const)],
    });
    const { inputs } = await register(resource);
    assert.deepEqual([inputs['guestJwtTimeout'], inputs['allow']], [5, ['lockOut']]);
  });

  it('is known to policy packs by its type', async () => {
    const resource = policy();
    await resolved(resource.urn);
    assert.equal(ExternalClientAppJwtPolicy.__pulumiType, type);
    assert(ExternalClientAppJwtPolicy.isInstance(resource));
    assert(ExternalClientAppJwtPolicy.isInstance({ __pulumiType: type }), 'of another copy of the package');
  });

  for (const [what, value] of [
    ['undefined', undefined],
    ['null', null],
    ['a text', type],
    ['an object', {}],
    ['another resource', { __pulumiType: 'pulumi-nodejs:dynamic:Resource' }],
  ] as const) {
    it(`does not regard ${what} as an instance`, () => {
      assert(!ExternalClientAppJwtPolicy.isInstance(value));
    });
  }

  it('and the functions that read are the only values that the package exports', () => {
    assert.deepEqual(Object.keys(index).sort(), [
      'ExternalClientAppJwtPolicy',
      'getExternalClientAppJwtPolicy',
      'getExternalClientAppJwtPolicyOutput',
      'listExternalClientApps',
      'listExternalClientAppsOutput',
      'readOrgSettings',
    ]);
    assert.equal(index.ExternalClientAppJwtPolicy, ExternalClientAppJwtPolicy);
  });

  describe('is what the SDK’s own dynamic.Resource would register:', () => {
    const provider: pulumi.dynamic.ResourceProvider = {
      create: () => Promise.resolve({ id: '1' }),
    };

    it('the same type from its module and type', async () => {
      const resource = new PlainDynamicResource(
        provider,
        'portal',
        {},
        undefined,
        'salesforce',
        'ExternalClientAppJwtPolicy',
      );
      assert.equal((await register(resource)).type, type);
    });

    it('a string that exports a handler, under the same key', async () => {
      const { inputs } = await register(new PlainDynamicResource(provider, 'plain', {}));
      assert.deepEqual(Object.keys(inputs), ['__provider']);
      assert.match(String(inputs['__provider']), /^exports\.handler = /);
    });

    it('the prefix by which the engine finds the dynamic provider', async () => {
      assert.equal(
        (await register(new PlainDynamicResource(provider, 'plain', {}))).type,
        'pulumi-nodejs:dynamic:Resource',
      );
    });
  });
});
