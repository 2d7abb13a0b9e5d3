import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import type { LocalOrg, RequestKind } from 'salesforce-local-org';
import { startRollOut } from '../../src/commandLine/commands/rollOut.js';
import { isMoving, readRun } from '../../src/commandLine/runs.js';
import type { StackOutcome } from '../../src/contract/activities.js';
import { stackId, type RollOutInput, type Timings } from '../../src/contract/runs.js';
import type { FleetStack } from '../../src/contract/stacks.js';
import type { stack as stackWorkflow } from '../../src/workflows/index.js';
import { arrival } from '../support/arrival.js';
import { PostgresServer } from '../support/postgresServer.js';
import { rollOutInput, testOptions, testTimings } from '../support/runs.js';
import { TcpProxy } from '../support/tcpProxy.js';
import { RestartableServer } from '../support/testServer.js';
import { WorkerProcess, hasOtherMachines, type WorkerOptions } from '../support/workerProcess.js';
import { deploysOf, WorldOfOrgs } from '../support/worldOfOrgs.js';

/** The heartbeat time-out is short, for rows that wait for it; the others take {@link patient}. */
const timings: Timings = {
  ...testTimings,
  heartbeatTimeout: 6000,
  attemptTimeout: 240_000,
  attempts: 12,
  firstRetryAfter: 200,
  lastRetryAfter: 2000,
  askForStackAgainAfter: 500,
  quietAfter: 600_000,
  lookIsFreshFor: 600_000,
};

/** No heartbeat is missed, however busy the machine is. */
export const patient: Partial<Timings> = { heartbeatTimeout: 60_000 };
/** A stack is given up after two attempts. */
export const fewAttempts: Partial<Timings> = { ...patient, attempts: 2 };

/** How a row starts a roll-out. */
export interface StartOptions {
  readonly operation?: RollOutInput['operation'];
  readonly plan?: Partial<RollOutInput['plan']>;
  readonly timings?: Partial<Timings>;
  /** By default one of each org. */
  readonly stacks?: readonly FleetStack[];
}

/** What a row of the fault table has: orgs, a server with a database, workers as processes, the real Pulumi CLI. */
export class Scene {
  /** What could not be done here as the row says. */
  readonly notes: string[] = [];
  readonly #workers: Promise<WorkerProcess>[] = [];
  readonly #networks: TcpProxy[] = [];
  readonly #rollOuts: WorkflowHandle[] = [];
  readonly #client: Client;
  #isClosed = false;

  private constructor(
    readonly world: WorldOfOrgs,
    readonly server: RestartableServer,
    private readonly connection: Connection,
    private readonly stateDatabase: PostgresServer | undefined,
  ) {
    this.#client = new Client({ connection });
  }

  /** @param hasDatabase whether the state is in PostgreSQL, and not in a folder */
  static async open(orgs: readonly string[], hasDatabase = false): Promise<Scene> {
    const opened = new AsyncDisposableStack();
    try {
      const database = hasDatabase ? await PostgresServer.start() : undefined;
      opened.defer(() => database?.close());
      const world = await WorldOfOrgs.createOn(database?.backend, ...orgs);
      opened.defer(() => world.close());
      await makeWatchedCli(world);
      const server = await RestartableServer.start(world.folder);
      opened.defer(() => server.close());
      const connection = await Connection.connect({ address: server.address });
      opened.move();
      return new Scene(world, server, connection, database);
    } finally {
      await opened.disposeAsync();
    }
  }

  /** The first org. */
  get org(): LocalOrg {
    const [org] = this.world.server.orgs;
    if (org === undefined) throw new Error('no org');
    return org;
  }

  /** A way to the server that can be cut. */
  async network(): Promise<TcpProxy> {
    const network = await TcpProxy.start(this.server.address);
    this.#networks.push(network);
    return network;
  }

  /** Starts a worker, on this machine unless it is to have one of its own. */
  worker(
    identity: string,
    options: Partial<Pick<WorkerOptions, 'graceSeconds' | 'machine' | 'address'>> = {},
  ): Promise<WorkerProcess> {
    if (options.machine !== undefined && !hasOtherMachines()) {
      this.notes.push('no namespaces here, so the machines have one name and see each other’s processes');
    }
    const { settings, folder } = this.world;
    const worker = WorkerProcess.start({
      folder,
      address: this.server.address,
      ...options,
      settings: { ...settings, identity, home: join(folder, `home-${identity}`), pulumi: watchedCli(folder) },
    });
    this.#workers.push(worker);
    return worker;
  }

  /** Starts a roll-out over all orgs, in one wave a stage. */
  async start({ operation = 'up', plan, stacks, ...options }: StartOptions = {}): Promise<WorkflowHandle> {
    const input = rollOutInput({ operation, program: 'policies', digest: this.world.digest });
    const handle = await startRollOut(
      this.#client,
      {
        ...input,
        plan: { ...input.plan, stages: ['prod'], ...plan },
        options: { ...testOptions, timings: { ...timings, ...options.timings } },
      },
      stacks ?? this.world.server.orgs.map(({ name }) => this.world.stack(name)),
    );
    this.#rollOuts.push(handle);
    return handle;
  }

  /** Starts a roll-out and waits until a request of it is held by the first org: of its kind, the one of that number. */
  async startHeldAt(
    { kind, nth = 1 }: HeldRequest,
    options?: StartOptions,
  ): Promise<{ handle: WorkflowHandle; release: () => void }> {
    const { org } = this;
    let release = (): void => undefined;
    const held = (async () => {
      for (let count = 1; count < nth; count++) await arrival(org, kind);
      release = org.faults.holdNext(kind);
      await arrival(org, kind);
    })();
    const handle = await this.start(options);
    await held;
    return { handle, release };
  }

  /** Waits until a roll-out has ended or waits for somebody. */
  async ended(handle: WorkflowHandle): Promise<WorkflowHandle> {
    while (isMoving(await readRun(handle))) await this.#pause();
    return handle;
  }

  /** The outcome of the last operation on a stack. */
  outcomeOf(stack: string): Promise<StackOutcome> {
    return this.#client.workflow.getHandle<typeof stackWorkflow>(stackId(stack)).result();
  }

  /** Resolves when somebody has set the first org, and has left its stack. Rejects when no roll-out goes on. */
  async isSet(): Promise<void> {
    const isSet = async (): Promise<boolean> => deploysOf(this.org) > 0 && (await this.locks()).length === 0;
    while (!(await isSet())) {
      const runs = await Promise.all(this.#rollOuts.map(readRun));
      if (!runs.some(isMoving) && !(await isSet())) {
        throw new Error('the roll-out does not go on, and the org is not set');
      }
      await this.#pause();
    }
  }

  /** Resolves when the engine has given the first attempt at a stack up. */
  async isGivenUp(stack: string): Promise<void> {
    for (;;) {
      const { raw } = await this.#client.workflow.getHandle(stackId(stack)).describe();
      if (raw.pendingActivities?.some(({ attempt }) => (attempt ?? 1) > 1) === true) return;
      await this.#pause();
    }
  }

  /** The database with the state. */
  get database(): PostgresServer {
    if (this.stateDatabase === undefined) throw new Error('the state of this row is in a folder');
    return this.stateDatabase;
  }

  /** The locks of Pulumi. */
  async locks(): Promise<readonly string[]> {
    if (this.stateDatabase !== undefined) return this.stateDatabase.locks();
    const folder = join(this.world.folder, 'backend', '.pulumi', 'locks');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries.map(({ name }) => name).filter((name) => name.endsWith('.json'));
  }

  /** Somebody who ended without a word has left a lock behind. */
  async assertLockLeft(): Promise<void> {
    assert.equal((await this.locks()).length, 1, 'the fault left a lock');
  }

  /** The CLIs that began while another one ran on their stack. */
  overlaps(): Promise<string> {
    return readFile(join(watchedCli(this.world.folder), 'overlaps'), 'utf8').catch(() => '');
  }

  /** What can be seen of a row that does not end as it should. */
  async describe(): Promise<string> {
    const lines: string[] = [];
    for (const handle of this.#rollOuts) {
      const { operation, state, message, problems } = (await readRun(handle)).status;
      lines.push(`${operation}: ${state}: ${message}`, ...problems.map((problem) => `  ${problem.message}`));
    }
    for (const { name, deploys, requests } of this.world.server.orgs) {
      const { raw } = await this.#client.workflow.getHandle(stackId(name)).describe();
      for (const { attempt, lastWorkerIdentity, lastFailure } of raw.pendingActivities ?? []) {
        lines.push(
          [name, 'attempt', attempt, 'by', lastWorkerIdentity, 'after', lastFailure?.message].join(' '),
        );
      }
      lines.push([name, 'deploys', ...deploys.map(({ status }) => status)].join(' '));
      lines.push([name, 'last request', requests.at(-1)?.kind].join(' '));
    }
    const locks = await this.locks().catch((thrown: unknown) => [String(thrown)]);
    return [...lines, ['locks', ...locks].join(' ')].join('\n');
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const workers = await Promise.allSettled(this.#workers);
    const ends = await Promise.allSettled([
      ...workers.flatMap((worker) => (worker.status === 'fulfilled' ? [worker.value.end()] : [])),
      ...this.#networks.map((network) => network.close()),
      this.connection.close(),
      this.server.close(),
    ]);
    await this.world.close();
    await this.stateDatabase?.close();
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  /** A row that hangs must not go on when its scene is closed. */
  async #pause(): Promise<void> {
    await sleep(100);
    if (this.#isClosed) throw new Error('the scene is closed');
  }
}

/** Which request of an org is held. */
export interface HeldRequest {
  readonly kind: RequestKind;
  /** From 1 on. */
  readonly nth?: number;
}

/** Before the first deploy: of the two retrieves of a new stack, the first one finds the values to keep. */
export const beforeDeploy: HeldRequest = { kind: 'checkRetrieveStatus', nth: 2 };
/** While the org works on the first deploy. */
export const duringDeploy: HeldRequest = { kind: 'checkDeployStatus' };

const watchedCli = (folder: string): string => join(folder, 'cli');

/**
 * Makes a folder with the Pulumi CLI, which notes before it begins whether another one runs on the same stack: as far as can be seen from
 * its machine. One that is frozen does not run.
 */
async function makeWatchedCli({ folder, settings }: WorldOfOrgs): Promise<void> {
  const own = watchedCli(folder);
  const real = settings.pulumi ?? '';
  await mkdir(own);
  for (const name of await readdir(real)) {
    if (name !== 'pulumi') await symlink(join(real, name), join(own, name));
  }
  const text = `#!/bin/sh
stack= before=
for argument; do
  [ "$before" = --stack ] && stack=$argument
  before=$argument
done
for stat in /proc/[0-9]*/stat; do
  { read -r line < "$stat"; } 2> /dev/null || continue
  case $line in
    "$$ "* | *"(pulumi) Z "* | *"(pulumi) T "*) ;;
    *"(pulumi) "*)
      [ -n "$stack" ] || continue
      other=\${stat%/stat}
      tr '\\0' '\\n' < "$other/environ" 2> /dev/null | grep -qxF "PULUMI_BACKEND_URL=$PULUMI_BACKEND_URL" &&
        tr '\\0' '\\n' < "$other/cmdline" 2> /dev/null | grep -qxF -e "$stack" &&
        echo "$* began while $(tr '\\0' ' ' < "$other/cmdline") ran" >> "${own}/overlaps"
      ;;
  esac
done
exec "${real}/pulumi" "$@"
`;
  await writeFile(join(own, 'pulumi'), text, { mode: 0o755 });
}
