import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { settingsOf, type AppSettings } from '../support/appSettings.js';
import { componentNamesOf, putApp } from '../support/localApps.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { accessTokenEnvironment, newPolicy, policyProgram, policyUrn } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';
import { until } from '../support/until.js';

const app = 'Agent_Gateway';
const inputs = { externalClientApplication: app, isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 };
const settings = (minutes: number): AppSettings => ({
  isNamedUserJwtEnabled: 'true',
  namedUserJwtSessionTimeoutType: 'Custom',
  namedUserJwtTimeout: String(minutes),
});

const policy = (changed: object = {}, options = '{}'): string =>
  policyProgram(newPolicy('gateway', { ...inputs, ...changed }, options));

/** What a program does with a resource whose `up` has set the values, in one or two more `up`s, and what `destroy` makes of it then. */
interface Move {
  title: string;
  /** The name of the app and of the resource in the first program. */
  app: string;
  first?: string;
  /** In the second program, which changes nothing in the org. */
  second?: string;
  third: string;
  destroy: 'restores' | 'leaves' | 'has nothing to do with';
}

/** The policy of an app, as a statement of a program. */
const policyOf = (of: string, options = '{}', name = of, changed = of): string =>
  newPolicy(name, { ...inputs, externalClientApplication: changed }, options);

/** The same inside a component resource. */
const wrapped = (of: string, options = ''): string =>
  [
    'new (class extends pulumi.ComponentResource {',
    '  constructor() {',
    `    super('test:index:Gateway', 'component_of_${of}');`,
    `    ${policyOf(of, `{ parent: this, ${options} }`)}`,
    '  }',
    '})();',
  ].join('\n');

const alias = (name: string): string => `{ aliases: [{ name: '${name}' }] }`;
const retained = '{ retainOnDelete: true }';
const deletedFirst = '{ deleteBeforeReplace: true }';

const moves: readonly Move[] = [
  {
    title: 'is renamed with an alias keeps its values found, and nothing is sent',
    app: 'Renamed',
    second: policyOf('Renamed', alias('Renamed'), 'renamed'),
    third: policyOf('Renamed', alias('Renamed'), 'renamed'),
    destroy: 'restores',
  },
  {
    title: 'is renamed without an alias keeps the settings, which destroy leaves',
    app: 'Renamed_Bare',
    third: policyOf('Renamed_Bare', '{}', 'renamedBare'),
    destroy: 'leaves',
  },
  {
    title: 'moves into a component with an alias keeps its values found',
    app: 'Wrapped',
    second: wrapped('Wrapped', 'aliases: [{ parent: pulumi.rootStackResource }]'),
    third: wrapped('Wrapped', 'aliases: [{ parent: pulumi.rootStackResource }]'),
    destroy: 'restores',
  },
  {
    title: 'moves into a component without an alias keeps the settings, which destroy leaves',
    app: 'Wrapped_Bare',
    third: wrapped('Wrapped_Bare'),
    destroy: 'leaves',
  },
  {
    title: 'is replaced by --replace keeps the settings, which destroy leaves',
    app: 'Replaced',
    third: policyOf('Replaced'),
    destroy: 'leaves',
  },
  {
    title: 'is tainted keeps the settings, which destroy leaves',
    app: 'Tainted',
    third: policyOf('Tainted'),
    destroy: 'leaves',
  },
  {
    title: 'is deleted before it is replaced hands its values found over',
    app: 'Deleted_First',
    second: policyOf('Deleted_First', deletedFirst),
    third: policyOf('Deleted_First', deletedFirst),
    destroy: 'restores',
  },
  {
    title: 'leaves the program with retainOnDelete leaves the settings',
    app: 'Retained',
    second: policyOf('Retained', retained),
    third: '',
    destroy: 'leaves',
  },
  {
    title: 'leaves the program restores the values found',
    app: 'Gone',
    third: '',
    destroy: 'has nothing to do with',
  },
  ...(
    [
      ['after', 'Moved', '{}'],
      ['before', 'Moved_Later', deletedFirst],
    ] as const
  ).map(([order, old, options]): Move => ({
    title: `gets another app sets that one, and the old one is restored ${order} that`,
    app: old,
    first: policyOf(old, options),
    third: policyOf(old, options, old, `${old}_To`),
    destroy: 'has nothing to do with',
  })),
];

describe('what careless providers get wrong: a resource that', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let original: OrgSnapshot;
  let stack: PulumiStack;
  /** What the org held before the last command, and after it. */
  let beforeDestroy: OrgSnapshot;
  let afterDestroy: OrgSnapshot;
  let secondRequests: unknown;
  let output: string;

  /** The components of an app, of a snapshot. */
  const componentsIn = (snapshot: OrgSnapshot, of: string): string[] =>
    Object.values(snapshot).filter((xml) =>
      xml.includes(`<externalClientApplication>${of}</externalClientApplication>`),
    );
  const assertLifetime = (snapshot: OrgSnapshot, of: string): void => {
    const text = componentsIn(snapshot, of).join('');
    assert.match(text, /<isNamedUserJwtEnabled>true</, of);
    assert.match(text, /<namedUserJwtTimeout>30</, of);
  };

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    for (const { app: of } of moves) for (const name of [of, `${of}_To`]) putApp(org, name);
    original = takeSnapshot(org);
    const first = moves.map((move) => move.first ?? policyOf(move.app));
    stack = await PulumiStack.create({ program: policyProgram(...first), env: accessTokenEnvironment(org) });
    await stack.up();
    for (const { app: of } of moves) assertLifetime(takeSnapshot(org), of);

    org.clearRequests();
    await stack.setProgram(
      policyProgram(...moves.map((move) => move.second ?? move.first ?? policyOf(move.app))),
    );
    await stack.up();
    secondRequests = [...org.requests];

    await stack.run(['state', 'taint', policyUrn('Tainted'), '--yes']);
    await stack.setProgram(policyProgram(...moves.map(({ third }) => third)));
    const replaced = ['Replaced', 'Deleted_First'].flatMap((name) => ['--replace', policyUrn(name)]);
    ({ stdout: output } = await stack.up({ args: replaced }));
    beforeDestroy = takeSnapshot(org);
    await stack.destroy();
    afterDestroy = takeSnapshot(org);
  });
  after(async () => {
    await stack.dispose();
    await server.close();
  });

  it('is only declared differently sends no request', () => {
    assert.deepEqual(secondRequests, []);
  });

  for (const { title, app: of, destroy } of moves) {
    it(title, () => {
      const target = `${of}_To`;
      if (destroy === 'has nothing to do with') {
        assert.deepEqual(componentsIn(beforeDestroy, of), componentsIn(original, of));
      } else {
        assertLifetime(beforeDestroy, of);
      }
      if (title.includes('another app')) assertLifetime(beforeDestroy, target);
      if (destroy === 'leaves') {
        assert.deepEqual(componentsIn(afterDestroy, of), componentsIn(beforeDestroy, of));
        const written = org.deploys.at(-1)?.components.map(({ fullName }) => fullName) ?? [];
        assert.deepEqual(
          written.filter((name) => Object.values(componentNamesOf(of)).includes(name)),
          [],
        );
      } else {
        assert.deepEqual(componentsIn(afterDestroy, of), componentsIn(original, of));
      }
      assert.deepEqual(componentsIn(afterDestroy, target), componentsIn(original, target));
    });
  }

  it('is tainted, replaced or gets another app is replaced, as Pulumi shows', () => {
    assert.match(output, /\+-\s*5 replaced/);
  });
});

describe('a program that is reverted or loses a resource after an error', function () {
  this.timeout(120_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let original: OrgSnapshot;
  let stack: PulumiStack;

  const assertSettings = (minutes: number): void => {
    assert.deepEqual(settingsOf(org, app), settings(minutes));
  };
  const upWith = async (program: string): Promise<void> => {
    await stack.setProgram(program);
    await stack.up();
  };

  // One story: each test begins where the one before ended.
  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    original = takeSnapshot(org);
    stack = await PulumiStack.create({ program: policy(), env: accessTokenEnvironment(org) });
  });
  after(async () => {
    await stack.dispose();
    await server.close();
  });

  it('restores a resource whose create had an unknown outcome when it leaves the program', async () => {
    // The deploy succeeds, and the org cannot be read afterwards.
    org.faults.add({ on: 'retrieve', skip: 1, do: { kind: 'locked' } });
    const { stdout } = await stack.up({ expectCode: 1 });
    assert.match(stdout, /the org could not be read afterwards/);
    assertSettings(30);
    org.faults.clear();

    await upWith(policyProgram());
    assert.deepEqual(takeSnapshot(org), original);
  });

  it('finds nothing changed after a refused update', async () => {
    await upWith(policy());
    org.faults.failComponent(app, 'the org does not want it');
    await stack.setProgram(policy({ namedUserJwtTimeout: 60 }));
    const { stdout } = await stack.up({ expectCode: 1 });
    assert.match(stdout, /the org does not want it\. .*The org was not changed/);
    assertSettings(30);
    org.faults.clear();

    org.clearRequests();
    await upWith(policy());
    assert.deepEqual(org.requests, []);
  });

  it('restores the old settings after an update with unknown outcome', async () => {
    org.faults.add({ on: 'retrieve', skip: 1, do: { kind: 'locked' } });
    await stack.setProgram(policy({ namedUserJwtTimeout: 60 }));
    const { stdout } = await stack.up({ expectCode: 1 });
    assert.match(stdout, /the org could not be read afterwards/);
    assertSettings(60);
    org.faults.clear();

    await upWith(policy());
    assertSettings(30);
    await stack.destroy();
    assert.deepEqual(takeSnapshot(org), original);
  });
});

describe('a resource that moves to another org', function () {
  this.timeout(120_000);
  let server: LocalOrgServer;

  before(async () => {
    server = await startLocalOrg({ orgs: ['dev', 'uat'] });
  });
  after(() => server.close());

  it('is restored in the old org and set in the new one', async () => {
    const [dev, uat] = [server.org('dev'), server.org('uat')];
    const originals = server.orgs.map(takeSnapshot);
    const stack = await PulumiStack.create({ program: policy({ org: 'dev' }) });
    try {
      for (const { name, instanceUrl, accessToken } of server.orgs) {
        await stack.config({
          [`salesforce:orgs.${name}.instanceUrl`]: instanceUrl,
          [`salesforce:orgs.${name}.accessToken`]: { secret: accessToken },
        });
      }
      await stack.up();
      assert.deepEqual(settingsOf(dev, app), settings(30));

      await stack.setProgram(policy({ org: 'uat' }));
      await stack.up();
      assert.deepEqual(settingsOf(uat, app), settings(30));
      assert.deepEqual(takeSnapshot(dev), originals[0]);

      await stack.destroy();
      assert.deepEqual(server.orgs.map(takeSnapshot), originals);
    } finally {
      await stack.dispose();
    }
  });
});

describe('a create that is killed with the Pulumi CLI', function () {
  this.timeout(120_000);
  const deployMs = 3_600_000;
  let server: LocalOrgServer;

  before(async () => {
    server = await startLocalOrg({ deployMs });
  });
  after(() => server.close());

  it('is restored by destroy if the old values were set by hand before the next up', async () => {
    const org = server.org('dev');
    const original = takeSnapshot(org);
    const finishDeploy = async (nth: number): Promise<void> => {
      await until(`the org has taken deploy ${nth}`, () => org.deploys.length === nth);
      org.advanceClock(deployMs);
    };
    const stack = await PulumiStack.create({ program: policy(), env: accessTokenEnvironment(org) });
    try {
      const running = stack.start(['up', '--yes', '--skip-preview']);
      await until('the org has taken the deploy', () => org.deploys.length === 1);
      running.signal('SIGKILL');
      await running.result;
      await until(
        'the provider process ends by itself',
        async () => (await stack.providerProcesses()).length === 0,
      );
      org.advanceClock(deployMs);
      assert.deepEqual(settingsOf(org, app), settings(30));

      // What docs/interrupted-runs.md says.
      await stack.run(['cancel', '--yes']);
      await stack.run(['refresh', '--clear-pending-creates', '--yes']);
      restoreSnapshot(org, original);
      await Promise.all([stack.up(), finishDeploy(2)]);
      assert.deepEqual(settingsOf(org, app), settings(30));

      await Promise.all([stack.destroy(), finishDeploy(3)]);
      assert.deepEqual(takeSnapshot(org), original);
    } finally {
      await stack.dispose();
    }
  });
});
