import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CleanUp } from '../../../tools/cleanUp.js';
import { fleetFolder } from '../../demo/folders.js';
import { baseEnvironment } from '../../src/activities/cliEnvironment.js';
import { makeOperationFolder } from '../../src/activities/operationFolder.js';
import { stackEnvironment } from '../../src/credentials/stackEnvironment.js';
import type { FleetOrg } from '../../src/contract/stacks.js';
import { inTurns } from '../../src/inTurns.js';
import { groupStacks } from '../../src/inventory/groupStacks.js';
import type { DevServer } from '../../src/server/devServer.js';
import { runProgram } from '../../src/server/runProgram.js';
import { startTestServer } from '../support/testServer.js';
import { WorldOfOrgs } from '../support/worldOfOrgs.js';
import { cpuOf, cpuOfEndedChildren, memoryOfTree, peakMemoryOf } from './processUse.js';
import { startBenchWorker, type BenchWorker } from './benchWorker.js';

/** What a piece of work took, in seconds. */
export interface Cost {
  readonly orgs: number;
  readonly seconds: number;
  /** CPU time of the worker and all that it started, or of the Pulumi CLI alone. */
  readonly cpu: number;
  /** CPU time of the Temporal server. */
  readonly serverCpu: number;
}

const limitMs = 6 * 60 * 60_000;
const memoryLookMs = 100;
const commandFile = join(fleetFolder, 'bin/eca-fleet.js');

/** The orgs with a stack each, or those in shards. */
export type InventoryName = 'singles' | 'shards';

/** What a measured fleet consists of. */
interface Parts {
  readonly cleanUp: CleanUp;
  readonly world: WorldOfOrgs;
  readonly server: DevServer;
  readonly worker: BenchWorker;
  /** The settings file. */
  readonly settings: string;
  /** Stacks that the worker works on at a time. */
  readonly atATime: number;
  readonly orgs: Readonly<Record<InventoryName, readonly FleetOrg[]>>;
}

/** Local orgs, each in a stack of its own, and others in shards; a server and a worker as they are used. */
export class MeasuredFleet {
  /** The most memory that a Pulumi CLI and all that it started held, in MB. */
  peakOfCli = 0;

  private constructor(private readonly parts: Parts) {}

  static async start(
    count: number,
    shards: { readonly count: number; readonly orgs: number },
    atATime: number,
    cleanUp: CleanUp,
  ): Promise<MeasuredFleet> {
    const singles = Array.from({ length: count }, (_, index) => `org-${index + 1}`);
    const members = Array.from({ length: shards.count * shards.orgs }, (_, index) => `member-${index + 1}`);
    const world = await WorldOfOrgs.create(...singles, ...members);
    cleanUp.add(() => world.close());
    const orgs = {
      singles: singles.map((name) => world.entry(name)),
      shards: members.map((name, index) =>
        world.entry(name, { shard: `shard-${Math.floor(index / shards.orgs) + 1}` }),
      ),
    };
    for (const [name, list] of Object.entries(orgs))
      await writeFile(join(world.folder, `${name}.json`), JSON.stringify(list));
    const { identity, home, backend, pulumi, credentials, stackSecrets } = world.settings;
    const settings = join(world.folder, 'fleet.yaml');
    const programs = { policies: world.settings.programs['policies']?.folder };
    await writeFile(
      settings,
      JSON.stringify({
        worker: { identity, programs, credentials, stackSecrets, home, backend, pulumi, atATime },
        rollOut: { program: 'policies', stages: ['prod'], canary: 0, percentages: [100], gates: [] },
      }),
    );
    const server = await startTestServer(world.folder);
    cleanUp.add(() => server.close());
    process.env['TEMPORAL_ADDRESS'] = server.address;
    const worker = await startBenchWorker(
      [commandFile, 'worker', '--settings', settings],
      'stacks at a time',
    );
    cleanUp.add(() => worker.stop());
    return new MeasuredFleet({ cleanUp, world, server, worker, settings, atATime, orgs });
  }

  get server(): DevServer {
    return this.parts.server;
  }

  /** Ends the worker; the server and the orgs go on. */
  stopWorker(): Promise<void> {
    return this.parts.worker.stop();
  }

  /** The most memory that the worker process has held, in MB. */
  get peakOfWorker(): number {
    return peakMemoryOf(this.parts.worker.pid);
  }

  /** `up` through the fleet: of the first stacks, or of all. */
  rollOut(name: string, inventory: InventoryName, first?: number): Promise<Cost> {
    const orgs = this.parts.orgs[inventory].slice(0, first);
    const only = [
      '--only',
      groupStacks(orgs)
        .map(({ stack }) => stack)
        .join(','),
    ];
    return this.#command(['roll-out', name, '--watch', ...only], inventory, orgs.length);
  }

  /** A look at all stacks. */
  look(name: string, inventory: InventoryName, isQuick = false): Promise<Cost> {
    const { length } = this.parts.orgs[inventory];
    return this.#command(['drift', name, ...(isQuick ? ['--quick'] : [])], inventory, length);
  }

  /** The same `up` by the Pulumi CLI alone, with the same environment, of stacks with one org: as many at a time as the worker has. */
  async upAlone(from: number, to: number): Promise<Cost> {
    const stacks = groupStacks(this.parts.orgs.singles).slice(from, to);
    const { settings, folder } = this.parts.world;
    const program = join(folder, 'program');
    const prepared = await inTurns(stacks, 1, async (each) => ({
      name: each.stack,
      cwd: (await makeOperationFolder(join(folder, 'by-hand'), program, each)).project,
      env: {
        ...baseEnvironment(settings),
        ...(await stackEnvironment(settings, each, process.env)).variables,
      },
    }));
    const before = { at: performance.now(), cpu: cpuOfEndedChildren() };
    await inTurns(prepared, this.parts.atATime, async ({ name, cwd, env }) => {
      const args = ['up', '--yes', '--skip-preview', '--refresh', '--expect-no-changes'];
      const child = spawn('pulumi', [...args, '--stack', name, '--non-interactive'], {
        cwd,
        env,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const closed = once(child, 'close') as Promise<[number | null]>;
      this.parts.cleanUp.add(async () => {
        child.kill();
        await closed;
      });
      const look = setInterval(() => {
        this.peakOfCli = Math.max(this.peakOfCli, memoryOfTree(child.pid ?? 0));
      }, memoryLookMs);
      const [code] = await closed;
      clearInterval(look);
      if (code !== 0) throw new Error(`the Pulumi CLI ended with ${String(code)} in ${name}`);
    });
    return {
      orgs: stacks.length,
      seconds: (performance.now() - before.at) / 1000,
      cpu: cpuOfEndedChildren() - before.cpu,
      serverCpu: 0,
    };
  }

  async #command(args: readonly string[], inventory: InventoryName, orgs: number): Promise<Cost> {
    const { worker, server, settings, world } = this.parts;
    const before = { at: performance.now(), cpu: cpuOf(worker.pid), server: cpuOf(server.pid) };
    const file = join(world.folder, `${inventory}.json`);
    // It fails when something failed or drifted.
    const command = [commandFile, ...args, '--inventory', file, '--settings', settings];
    await Promise.race([worker.ended, runProgram(process.execPath, command, { limitMs })]);
    return {
      orgs,
      seconds: (performance.now() - before.at) / 1000,
      cpu: cpuOf(worker.pid) - before.cpu,
      serverCpu: cpuOf(server.pid) - before.server,
    };
  }
}
