import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import {
  createProgramActivities,
  programDigest,
  type ActivitySettings,
  type OwnedActivities,
} from '../../src/activities/index.js';
import type { SendHeartbeat } from '../../src/activities/heartbeats.js';
import type { ProgramActivities, StackOutcome, StackTask } from '../../src/contract/activities.js';
import type { FleetOrg, FleetStack, Operation } from '../../src/contract/stacks.js';
import { isolateEnvironment } from './isolatedEnvironment.js';

const repository = resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);

let cli: Promise<string> | undefined;

/** The folder with the Pulumi CLI, as the repository finds, downloads or builds it. */
export const pulumiFolder = (): Promise<string> =>
  (cli ??= run('npm', ['run', '-s', 'pulumi-path'], { cwd: repository }).then(({ stdout }) => stdout.trim()));

/** The app that the program of {@link WorldOfOrgs} manages. */
export const app = 'Agent_Gateway';

const programText = `
const pulumi = require('@pulumi/pulumi');
const { ExternalClientAppJwtPolicy } = require('pulumi-salesforce-eca');
for (const { name, configuration } of new pulumi.Config('fleet').requireObject('orgs')) {
  new ExternalClientAppJwtPolicy(name, {
    org: name,
    externalClientApplication: configuration.app ?? '${app}',
    isNamedUserJwtEnabled: true,
    namedUserJwtTimeout: Number(configuration.minutes ?? 30),
  });
}
`;

/** What a test may change of one call. */
export interface CallOptions {
  readonly attempt?: number;
  readonly heartbeatDetails?: unknown;
  readonly heartbeatTimeoutMs?: number;
  readonly send?: SendHeartbeat;
  readonly earlierHolders?: StackTask['earlierHolders'];
  /** Gets the environment of the call, to cancel it. */
  readonly onStart?: (environment: MockActivityEnvironment) => void;
}

const goOn: SendHeartbeat = () => Promise.resolve('goOn');

/** Local orgs, a program, a state backend, and the activities of a worker. */
export class WorldOfOrgs {
  private constructor(
    readonly server: LocalOrgServer,
    readonly folder: string,
    readonly settings: ActivitySettings,
    readonly digest: string,
  ) {}

  readonly #owned: OwnedActivities[] = [];

  static async create(...names: readonly string[]): Promise<WorldOfOrgs> {
    return WorldOfOrgs.createOn(undefined, ...names);
  }

  /** With the state in another backend than a folder. */
  static async createOn(backend: string | undefined, ...names: readonly string[]): Promise<WorldOfOrgs> {
    isolateEnvironment();
    const server = await startLocalOrg({ orgs: [...names] });
    const folder = await mkdtemp(join(tmpdir(), 'fleet-'));
    const program = join(folder, 'program');
    for (const name of ['program', 'backend', 'home']) await mkdir(join(folder, name));
    await writeFile(join(program, 'Pulumi.yaml'), 'name: policies\nruntime: nodejs\n');
    await writeFile(join(program, 'package.json'), '{ "name": "policies", "private": true }');
    await writeFile(join(program, 'index.js'), programText);
    await symlink(join(repository, 'node_modules'), join(program, 'node_modules'));
    const vault = join(folder, 'vault.mjs');
    const secrets = server.orgs.map(({ name, instanceUrl, clientId, username, privateKey }) => [
      name,
      { address: instanceUrl, credentials: { clientId, username, privateKey } },
    ]);
    await writeFile(
      vault,
      `const all = ${JSON.stringify(Object.fromEntries(secrets))};\nprocess.stdout.write(JSON.stringify(all[process.argv[2]]));\n`,
    );
    const settings: ActivitySettings = {
      identity: 'worker-1',
      programs: { policies: { folder: program } },
      credentials: { command: [process.execPath, vault], passReferenceAs: 'argument' },
      stackSecrets: {
        command: [
          process.execPath,
          '-e',
          'console.log(JSON.stringify({ passphrase: "passphrase of a test" }))',
        ],
        passReferenceAs: 'stdin',
      },
      home: join(folder, 'home'),
      backend: backend ?? `file://${join(folder, 'backend')}`,
      pulumi: await pulumiFolder(),
    };
    return new WorldOfOrgs(server, folder, settings, await programDigest(program));
  }

  async close(): Promise<void> {
    for (const { close } of this.#owned) close();
    await this.server.close();
    // What a killed CLI had started may still be ending, and write.
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
  }

  org(name: string): LocalOrg {
    return this.server.org(name);
  }

  /** An org as the inventory has it. */
  entry(name: string, changes: Partial<FleetOrg> = {}): FleetOrg {
    const address = new URL(this.org(name).instanceUrl).origin;
    return { name, stage: 'prod', credential: name, address, configuration: {}, ...changes };
  }

  /** The stack of an org. */
  stack(name: string, changes: Partial<FleetOrg> = {}): FleetStack {
    return { stack: name, stage: 'prod', orgs: [this.entry(name, changes)] };
  }

  /** The activities of another worker of the same fleet. */
  activities(send: SendHeartbeat = goOn, settings: ActivitySettings = this.settings): ProgramActivities {
    const owned = createProgramActivities(settings, 'policies', this.digest, () => send);
    this.#owned.push(owned);
    return owned.activities;
  }

  task(operation: Operation, stack: FleetStack, options: CallOptions = {}): StackTask {
    return {
      operation,
      program: 'policies',
      digest: this.digest,
      stack,
      askedBy: 'test',
      earlierHolders: options.earlierHolders ?? [],
    };
  }

  /** Calls an activity as the engine does. */
  async call(operation: Operation, stack: FleetStack, options: CallOptions = {}): Promise<StackOutcome> {
    return this.callOn(this.settings, operation, stack, options);
  }

  /** As {@link call}, of a worker with other settings. */
  async callOn(
    settings: ActivitySettings,
    operation: Operation,
    stack: FleetStack,
    options: CallOptions = {},
  ): Promise<StackOutcome> {
    const { attempt = 1, heartbeatDetails, heartbeatTimeoutMs = 60_000, onStart } = options;
    const environment = new MockActivityEnvironment(
      { attempt, heartbeatDetails, heartbeatTimeoutMs },
      { logger: new DefaultLogger('ERROR') },
    );
    onStart?.(environment);
    const activities = this.activities(options.send, settings);
    const task = this.task(operation, stack, options);
    return environment.run(() => activities[operation](task));
  }

  /** Pulumi's home of {@link pulumi}. */
  get homeByHand(): string {
    return join(this.folder, 'by-hand');
  }

  /** Runs the Pulumi CLI by hand, as somebody beside the fleet. */
  async pulumi(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<string> {
    const { stdout } = await run(join(this.settings.pulumi ?? '', 'pulumi'), [...args], {
      cwd: join(this.folder, 'program'),
      env: {
        ...process.env,
        PULUMI_BACKEND_URL: this.settings.backend,
        PULUMI_CONFIG_PASSPHRASE: 'passphrase of a test',
        PULUMI_SKIP_UPDATE_CHECK: 'true',
        PULUMI_HOME: this.homeByHand,
        PATH: `${this.settings.pulumi ?? ''}:${process.env['PATH'] ?? ''}`,
        ...variables,
      },
    });
    return stdout;
  }

  /** Runs `pulumi refresh` of a shard by hand, as somebody beside the fleet. */
  async refreshByHand({ stack, orgs }: FleetStack): Promise<void> {
    const credentials = orgs.map(({ name }) => {
      const { instanceUrl, accessToken } = this.org(name);
      return [name, { instanceUrl, accessToken }] as const;
    });
    await this.pulumi(['refresh', '--yes', '--skip-preview', '--stack', stack], {
      SALESFORCE_ORGS: JSON.stringify(Object.fromEntries(credentials)),
    });
  }

  /** The files that hold one of some texts, below the folders of the state and the worker. */
  async filesWith(texts: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (const part of ['home', 'backend']) {
      const entries = await readdir(join(this.folder, part), { recursive: true, withFileTypes: true });
      for (const entry of entries.filter((each) => each.isFile())) {
        const file = join(entry.parentPath, entry.name);
        const content = await readFile(file, 'utf8');
        if (texts.some((text) => content.includes(text))) found.push(file);
      }
    }
    return found;
  }
}

const componentOf = {
  isNamedUserJwtEnabled: ['ExtlClntAppGlobalOauthSettings', `${app}_glbloauth`],
  namedUserJwtTimeout: ['ExtlClntAppOauthConfigurablePolicies', `${app}_oauthPlcy`],
} as const;

/** A setting of {@link app}, as the org has it; `undefined` for none. */
export function settingOf(org: LocalOrg, name: keyof typeof componentOf): string | undefined {
  const [type, fullName] = componentOf[name];
  return new RegExp(`<${name}>([^<]*)<`).exec(org.component(type, fullName) ?? '')?.[1];
}

/** Changes a setting of {@link app} that is there, as somebody does it by hand. */
export function changeSetting(org: LocalOrg, name: keyof typeof componentOf, value: string): void {
  const [type, fullName] = componentOf[name];
  const xml = org.component(type, fullName) ?? '';
  org.putComponent(type, fullName, xml.replace(new RegExp(`<${name}>[^<]*<`), `<${name}>${value}<`));
}

/** The components with the settings of {@link app}. */
export const componentsOf = (org: LocalOrg): readonly (string | undefined)[] =>
  Object.values(componentOf).map(([type, fullName]) => org.component(type, fullName));

/** The number of deploys that an org was sent. */
export const deploysOf = (org: LocalOrg): number =>
  org.requests.filter(({ kind }) => kind === 'deploy').length;
