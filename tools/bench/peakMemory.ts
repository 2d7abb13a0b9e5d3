import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nativeFolder } from '../../test/support/providerProgram.js';

const intervalMs = 200;

/** Watches the provider process of a command and keeps the most memory that it held. */
export class PeakMemory {
  #isOver = false;
  #peak: number | undefined;
  readonly #watching: Promise<void>;

  /** @param processes the ids of the processes that the command started so far */
  constructor(processes: () => Promise<number[]>) {
    this.#watching = this.#watch(processes);
  }

  /** Stops watching; returns the bytes of the largest resident set, or `undefined` if no provider process was seen. */
  async end(): Promise<number | undefined> {
    this.#isOver = true;
    await this.#watching;
    return this.#peak;
  }

  async #watch(processes: () => Promise<number[]>): Promise<void> {
    let provider: number | undefined;
    while (!this.#isOver) {
      provider ??= await findProvider(await processes());
      if (provider !== undefined) {
        this.#peak = (await peakOf(provider)) ?? this.#peak;
      }
      await sleep(intervalMs);
    }
  }
}

async function findProvider(pids: readonly number[]): Promise<number | undefined> {
  for (const pid of pids) {
    const [program = '', script = ''] = (await readProcess(pid, 'cmdline')).split('\0');
    // For the dynamic provider the engine starts a shell script, which starts Node.js twice: first with `-e`, to find the process's script.
    const isProvider = script.includes('cmd/dynamic-provider') || script === join(nativeFolder, 'main.js');
    if (program.endsWith('node') && isProvider) return pid;
  }
  return undefined;
}

/** Linux keeps the mark itself, so that nothing between two looks is missed but what comes after the last. */
async function peakOf(pid: number): Promise<number | undefined> {
  const kibibytes = /^VmHWM:\s*(\d+) kB/m.exec(await readProcess(pid, 'status'))?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

async function readProcess(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
}
