import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findMarkedProcesses } from '../../../test/support/markedProcesses.js';
import { pulumiHome } from '../../src/activities/cliEnvironment.js';
import type { ActivitySettings } from '../../src/activities/workerSettings.js';
import { untilSaid } from './startedProcess.js';
import { until } from './until.js';

/** How a worker is started. */
export interface WorkerOptions {
  /** Of its settings file. Each worker has an identity and a home of its own. */
  readonly settings: ActivitySettings;
  /** For its settings file. */
  readonly folder: string;
  /** Of the server. */
  readonly address: string;
  readonly graceSeconds?: number;
  /** The name of a machine of its own, where {@link hasOtherMachines}: with other process ids and another host name. */
  readonly machine?: string;
}

const command = join(import.meta.dirname, '../../bin/eca-fleet.js');
const markName = 'TEST_WORKER';
const namespaces = ['--pid', '--fork', '--kill-child', '--mount-proc', '--uts'];

/** The command that starts another one on what looks to it like another machine. */
let otherMachine: readonly string[] | undefined;

/** Whether this user may make namespaces; on Linux only. */
export function hasOtherMachines(): boolean {
  otherMachine ??= [[], ['--map-root-user']]
    .map((rights) => ['unshare', ...rights, ...namespaces])
    .find(([program = '', ...args]) => spawnSync(program, [...args, 'true']).status === 0);
  return otherMachine !== undefined;
}

/** The command `eca-fleet worker` as it was built, as a process of its own. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #mark = randomUUID();
  readonly #home: string;

  private constructor({ settings, address, machine }: WorkerOptions, settingsFile: string) {
    this.#home = settings.home;
    const worker = [process.execPath, command, 'worker', '--settings', settingsFile];
    const [program = '', ...args] = machine === undefined ? worker : onMachine(machine, worker);
    this.#child = spawn(program, args, {
      env: { ...process.env, TEMPORAL_ADDRESS: address, [markName]: this.#mark },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }

  /** Starts a worker and waits until it takes stacks. */
  static async start(options: WorkerOptions): Promise<WorkerProcess> {
    const { settings, folder, graceSeconds = 60 } = options;
    const programs: Record<string, string> = {};
    for (const [name, program] of Object.entries(settings.programs)) programs[name] = program.folder;
    const file = join(folder, `${settings.identity}.yaml`);
    await writeFile(file, JSON.stringify({ worker: { ...settings, programs, graceSeconds } }));
    const worker = new WorkerProcess(options, file);
    try {
      await untilSaid(worker.#child, 'stacks at a time');
    } catch (thrown) {
      await worker.end();
      throw thrown;
    }
    return worker;
  }

  /** Sends a signal to the worker alone. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    const marked = await findMarkedProcesses(markName, this.#mark);
    const own = marked.filter((pid) => {
      const [program, script] = argumentsOf(pid);
      return program === process.execPath && script === command;
    });
    if (own.length !== 1) throw new Error(`there are ${own.length} processes of the worker`);
    for (const pid of own) process.kill(pid, signal);
  }

  /** Sends a signal to the worker and whatever it has started, its watchdog last. */
  async signalAll(signal: NodeJS.Signals): Promise<void> {
    const marked = await findMarkedProcesses(markName, this.#mark);
    // The watchdog has no environment, and so no mark.
    for (const pid of new Set([...marked, ...marked.flatMap(childrenOf)])) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended by itself.
      }
    }
  }

  /** Resolves when no process is left that works on a stack: no Pulumi CLI and no provider. */
  async operationsEnded(): Promise<void> {
    const home = pulumiHome(this.#home);
    await until(async () => (await findMarkedProcesses('PULUMI_HOME', home)).every(isLanguageHost));
  }

  /** Resolves when it has ended, with its exit code. */
  async exitCode(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  /** Ends it and whatever it has started, without a word. */
  async end(): Promise<void> {
    await this.signalAll('SIGKILL');
    await this.exitCode();
    await this.operationsEnded();
  }
}

/** The first process of a machine reaps those that have lost their parents, as a shell does. */
function onMachine(name: string, worker: readonly string[]): readonly string[] {
  if (!hasOtherMachines()) return worker;
  return [...(otherMachine ?? []), 'sh', '-c', 'hostname "$0"; "$@"; exit $?', name, ...worker];
}

function argumentsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** It outlives a killed CLI by some minutes, and does nothing. */
const isLanguageHost = (pid: number): boolean => argumentsOf(pid)[0]?.includes('pulumi-language-') === true;

function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return (text.match(/\d+/g) ?? []).map(Number);
  } catch {
    return [];
  }
}
