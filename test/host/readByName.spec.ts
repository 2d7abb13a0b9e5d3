import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import { changeSetting, settingsOf } from '../support/appSettings.js';
import { onArrival, requestKinds } from '../support/arrivals.js';
import type { Bag } from '../support/dynamicProviderProcess.js';
import { componentNamesOf, putApp, type AppElements } from '../support/localApps.js';
import { ProviderCallError } from '../support/providerCallError.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { accessToken, configuration, Stage, type CreatedResource } from '../support/stage.js';

/** A sign-in of its own for each step: what a run has seen of an org is remembered. */
const aliases = Array.from({ length: 400 }, (_, index) => `run${index + 1}`);

const types = [
  'ExternalClientApplication',
  'ExtlClntAppConfigurablePolicies',
  'ExtlClntAppGlobalOauthSettings',
  'ExtlClntAppOauthConfigurablePolicies',
];

/** What readMetadata of an org may be like: documented, refused, or less than a file holds. */
const ways: readonly {
  name: string;
  /** Whether readMetadata alone decides where nothing has changed. */
  isEnough: boolean;
  set: (org: LocalOrg) => void;
}[] = [
  { name: 'returns every element', isEnough: true, set: () => undefined },
  {
    name: 'refuses the types',
    isEnough: false,
    set: ({ faults }) => {
      faults.refuseReadMetadata = types;
    },
  },
  {
    name: 'refuses one of the types',
    isEnough: false,
    set: ({ faults }) => {
      faults.refuseReadMetadata = types.slice(3);
    },
  },
  {
    name: 'leaves out the elements of JWT-based access tokens',
    isEnough: false,
    set: ({ faults }) => {
      faults.omitFromReadMetadata = ['isNamedUserJwtEnabled', 'namedUserJwtTimeout'];
    },
  },
  {
    name: 'leaves out the app that a component belongs to',
    isEnough: false,
    set: ({ faults }) => {
      faults.omitFromReadMetadata = ['externalClientApplication'];
    },
  },
];

const reads = ['retrieve', 'readMetadata'];

const turnedOff = { isNamedUserJwtEnabled: false, namedUserJwtTimeout: undefined };

describeForEachProgram('an app whose components are in the state', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;
  let step = 0;
  let app: string;

  before(async () => {
    stage = await Stage.open({
      configuration: ([dev]) =>
        configuration({}, Object.fromEntries(aliases.map((alias) => [alias, accessToken(dev!)]))),
    });
    org = stage.org;
  });
  beforeEach(() => {
    org.faults.clear();
    step += 1;
    app = `Known_${step}`;
  });
  afterEach(() => stage.forgetDeclarations());
  after(() => stage.close());

  const newAlias = (): string => {
    step += 1;
    return aliases[step - 1]!;
  };
  const settings = { isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 };
  const create = async (name = app, elements: AppElements = {}, args: Bag = settings) => {
    putApp(org, name, { ...elements, globalSettings: { certificate: 'Portal', ...elements.globalSettings } });
    const created = await stage.create(name, {
      externalClientApplication: name,
      org: newAlias(),
      ...args,
    });
    org.clearRequests();
    return created;
  };
  const asked = (): string[] => requestKinds(org).filter((kind) => reads.includes(kind));
  const isRetrieved = (): boolean => asked().includes('retrieve');
  /** Reads a resource as another run does. */
  const refresh = async ({ id, outs }: CreatedResource): Promise<{ before: Bag; after: Bag }> => {
    const before = { ...outs, org: newAlias() };
    const { props } = await stage.host.read(id, before);
    return { before, after: props };
  };
  /** Previews other inputs as another run does; `undefined` leaves one out. What refuses it. */
  const preview = async (
    { id, outs }: CreatedResource,
    changes: Readonly<Record<string, boolean | number | undefined>>,
  ): Promise<string> => {
    const olds = { ...outs, org: newAlias() };
    const values: typeof changes = { ...settings, ...changes };
    const args = Object.entries(values).filter(([, value]) => value !== undefined);
    const { inputs, failures } = await stage.preview(
      app,
      { ...(Object.fromEntries(args) as Bag), externalClientApplication: app, org: olds.org },
      olds,
    );
    assert.deepEqual(failures, []);
    try {
      await stage.host.diff(id, olds, inputs);
      return '';
    } catch (thrown) {
      assert.ok(thrown instanceof ProviderCallError);
      return thrown.message;
    }
  };
  /** The app in the org of the last alias. */
  const inOrg = (): string =>
    `External client app "${app}" in org "${aliases[step - 1]!}" (${org.organizationId})`;
  const said = (message: string): Promise<unknown> => stage.host.waitForLog(message);

  for (const { name, isEnough, set } of ways) {
    describe(`in an org whose readMetadata ${name}`, () => {
      beforeEach(() => {
        set(org);
      });

      it(`is refreshed ${isEnough ? 'without' : 'by'} a retrieve`, async () => {
        const { before, after } = await refresh(await create());
        assert.deepEqual(after, before);
        assert.equal(isRetrieved(), !isEnough);
      });

      it('is refreshed to what somebody else has set, by a retrieve', async () => {
        const created = await create();
        changeSetting(org, app, 'namedUserJwtTimeout', '60');
        const { before, after } = await refresh(created);
        assert.deepEqual(after, { ...before, namedUserJwtTimeout: 60 });
        assert.ok(isRetrieved());
      });

      it('is refreshed to what somebody else has removed, by a retrieve', async () => {
        const created = await create();
        changeSetting(org, app, 'isNamedUserJwtEnabled', undefined);
        const { after } = await refresh(created);
        assert.deepEqual([after['isNamedUserJwtEnabled'], after['tokenFormat']], [undefined, 'opaque']);
        assert.ok(isRetrieved());
      });

      it('leaves the state if the org no longer has it, by a retrieve and a list', async () => {
        const { id, outs } = await create();
        const { plugins, globalSettings, policies, oauthSettings } = componentNamesOf(app);
        org.removeComponent('ExternalClientApplication', app);
        org.removeComponent('ExtlClntAppConfigurablePolicies', plugins);
        org.removeComponent('ExtlClntAppGlobalOauthSettings', globalSettings);
        org.removeComponent('ExtlClntAppOauthConfigurablePolicies', policies);
        org.removeComponent('ExtlClntAppOauthSettings', oauthSettings);
        const { id: read } = await stage.host.read(id, { ...outs, org: newAlias() });
        assert.equal(read, '');
        assert.ok(isRetrieved());
      });

      it(`is previewed ${isEnough ? 'without' : 'by'} a retrieve`, async () => {
        const created = await create();
        const refused = await preview(created, { namedUserJwtTimeout: 10 });
        assert.equal(refused, '');
        assert.equal(isRetrieved(), !isEnough);
      });

      it('is previewed with the drift that a retrieve shows', async () => {
        const created = await create();
        changeSetting(org, app, 'namedUserJwtTimeout', '60');
        await preview(created, { namedUserJwtTimeout: 10 });
        assert.ok(isRetrieved());
        await said(
          `${inOrg()}: up would change namedUserJwtTimeout 60 minutes (the state says 30 minutes) → 10 minutes.`,
        );
      });

      it('is refused in a preview by a guard that a retrieve confirms', async () => {
        const created = await create(app, { policies: { isGuestCodeCredFlowEnabled: true } });
        const refused = await preview(created, turnedOff);
        assert.match(refused, /ECA4002.*refused by the guard guestFlow/);
        assert.ok(isRetrieved());
      });

      it('is refused in a preview if it is disabled, as a retrieve confirms', async () => {
        const created = await create(app, {});
        org.faults.clear();
        putApp(org, app, { plugins: { isEnabled: false }, globalSettings: { isNamedUserJwtEnabled: true } });
        set(org);
        const refused = await preview(created, { namedUserJwtTimeout: 10 });
        assert.match(refused, /ECA3006/);
        assert.ok(isRetrieved());
      });
    });
  }

  const doubtful: readonly [element: string, change: Parameters<typeof preview>[1]][] = [
    ['certificate', turnedOff],
    ['distributionState', turnedOff],
    ['isGuestCodeCredFlowEnabled', turnedOff],
    ['isEnabled', { namedUserJwtTimeout: 10 }],
    ['isOauthPluginEnabled', { namedUserJwtTimeout: 10 }],
  ];
  for (const [element, change] of doubtful) {
    it(`is retrieved for a preview that depends on ${element} if readMetadata leaves it out`, async () => {
      const created = await create();
      org.faults.omitFromReadMetadata = [element];
      const refused = await preview(created, change);
      assert.equal(refused, '');
      assert.ok(isRetrieved());
    });
  }

  for (const element of ['certificate', 'distributionState', 'isGuestCodeCredFlowEnabled']) {
    it(`is not retrieved for a preview of a lifetime, which does not depend on ${element}`, async () => {
      const created = await create();
      org.faults.omitFromReadMetadata = [element];
      assert.equal(await preview(created, { namedUserJwtTimeout: 10 }), '');
      assert.ok(!isRetrieved());
    });
  }

  it('is retrieved for a preview of a field that the state does not have', async () => {
    const created = await create(app, {}, { namedUserJwtTimeout: 30 });
    await preview(created, { isNamedUserJwtEnabled: true });
    assert.ok(isRetrieved());
  });

  it('is retrieved if the state has a field that the org does not have', async () => {
    const created = await create(
      app,
      {},
      { isNamedUserJwtEnabled: true, namedUserJwtSessionTimeoutType: 'UserSession' },
    );
    const { before, after } = await refresh(created);
    assert.deepEqual(after, before);
    assert.deepEqual(asked(), ['retrieve']);
  });

  it('is refreshed to what a retrieve returns if readMetadata returns the values from before a deploy', async () => {
    const created = await create();
    onArrival(org, 'readMetadata', () => {
      changeSetting(org, app, 'namedUserJwtTimeout', '15');
    });
    onArrival(org, 'retrieve', () => {
      changeSetting(org, app, 'namedUserJwtTimeout', '30');
    });
    const { before, after } = await refresh(created);
    assert.deepEqual(after, before);
    assert.equal(settingsOf(org, app).namedUserJwtTimeout, '30');
  });

  it('is retrieved on its own if it is one of the first ten of a run; from the eleventh on, one retrieve serves all', async () => {
    const created = await Promise.all(
      Array.from({ length: 14 }, (_, index) => create(`${app}_${index}`, {}, { ...settings, org: 'run1' })),
    );
    org.clearRequests();
    const org_ = newAlias();
    const read = (some: readonly CreatedResource[]): Promise<unknown> =>
      Promise.all(some.map(({ id, outs }) => stage.host.read(id, { ...outs, org: org_ })));
    await read(created.slice(0, 8));
    await read(created.slice(8, 10));
    assert.deepEqual(new Set(asked()), new Set(['readMetadata']));
    org.clearRequests();
    await read(created.slice(10, 12));
    await read(created.slice(12));
    assert.deepEqual(asked()[0], 'retrieve');
    assert.ok(!asked().includes('readMetadata'));
  });

  it('is retrieved on its own if it is one of the first three of a preview; the fourth retrieves all', async () => {
    const created = await Promise.all(
      Array.from({ length: 5 }, (_, index) => create(`${app}_${index}`, {}, { ...settings, org: 'run1' })),
    );
    org.clearRequests();
    const alias = newAlias();
    for (const [index, { id, outs, inputs }] of created.entries()) {
      const olds = { ...outs, org: alias };
      const args = { ...inputs, org: alias, namedUserJwtTimeout: 10 };
      const checked = await stage.preview(`${app}_${index}`, args, olds);
      await stage.host.diff(id, olds, checked.inputs);
    }
    assert.equal(asked().filter((kind) => kind === 'readMetadata').length, 3 * types.length);
    assert.deepEqual(asked().slice(3 * types.length), ['retrieve']);
  });
});
