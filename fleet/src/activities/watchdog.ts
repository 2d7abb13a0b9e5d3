import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A Pulumi CLI that runs under a lease. */
export interface Watched {
  /** The process group. */
  readonly group: number;
  /** The file whose modification time is the end of the lease. */
  readonly lease: string;
  /** How often to look, in milliseconds. */
  readonly intervalMs: number;
}

/** The process that ends the CLIs of this worker when their leases are over, also if this process is stuck or killed. */
export class Watchdog {
  #child: ChildProcess | undefined;
  readonly #watched = new Map<number, Watched>();

  /** Watches a CLI until {@link done}. */
  watch(watched: Watched): void {
    this.#watched.set(watched.group, watched);
    if (this.#child === undefined) this.#start();
    else this.#tell(watched);
  }

  /** The CLI has ended. */
  done(group: number): void {
    if (this.#watched.delete(group)) this.#child?.stdin?.write(`done ${group}\n`);
  }

  /** The id of the process, while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Ends the process, and every CLI that it still watches. */
  close(): void {
    this.#watched.clear();
    this.#child?.stdin?.end();
    this.#child = undefined;
  }

  #tell({ group, lease, intervalMs }: Watched): void {
    this.#child?.stdin?.write(`watch ${group} ${intervalMs} ${lease}\n`);
  }

  #start(): void {
    const file = `./watchdogProcess.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`;
    const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], {
      stdio: ['pipe', 'ignore', 'inherit'],
      // A signal to the worker's process group must not reach it.
      detached: true,
      env: {},
    });
    // Neither the process nor its pipe keeps the worker alive.
    child.unref();
    if (child.stdin instanceof Socket) child.stdin.unref();
    child.stdin.on('error', () => undefined);
    child.once('exit', () => {
      if (this.#child !== child) return;
      this.#child = undefined;
      // Somebody killed it: the CLIs that run get another one.
      if (this.#watched.size > 0) this.#start();
    });
    this.#child = child;
    for (const each of this.#watched.values()) this.#tell(each);
  }
}
