import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { redact } from '../credentials/redact.js';
import type { StackEnvironment } from '../credentials/stackEnvironment.js';
import type { FleetStack } from '../contract/stacks.js';
import type { Attempt } from './attempt.js';
import { cliEnvironment } from './cliEnvironment.js';
import { parseEvents, stepIn, type EngineEvents } from './engineEvents.js';
import type { OperationFolder } from './operationFolder.js';
import type { Watchdog } from './watchdog.js';
import type { ActivitySettings } from './workerSettings.js';

/** How a command ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  /** What it printed, both streams, redacted: the last part if it is long. */
  readonly output: string;
}

/** Whether a command failed because the stack does not exist. */
export const isMissing = ({ code, output }: CommandResult): boolean =>
  code === 6 || (code !== 0 && /no stack named '[^']*' found/.test(output));

/** How an operation of the engine ended. */
export interface EngineResult extends CommandResult {
  readonly events: EngineEvents;
}

/** So much of what a command prints is kept, in characters. */
const mostOutput = 200_000;
/** A state or a report may be larger. */
const mostStdout = 64 * 1024 * 1024;

/** What an operation consists of. */
export interface OperationParts {
  readonly settings: ActivitySettings;
  readonly attempt: Attempt;
  readonly watchdog: Watchdog;
  readonly stack: FleetStack;
  readonly environment: StackEnvironment;
  readonly folder: OperationFolder;
}

/** Runs the commands of one operation on one stack. */
export class Operation {
  readonly stack: FleetStack;
  readonly attempt: Attempt;
  readonly environment: StackEnvironment;
  readonly folder: OperationFolder;
  readonly #parts: OperationParts;
  readonly #env: NodeJS.ProcessEnv;
  #logs = 0;

  constructor(parts: OperationParts) {
    this.#parts = parts;
    ({
      stack: this.stack,
      attempt: this.attempt,
      environment: this.environment,
      folder: this.folder,
    } = parts);
    this.#env = cliEnvironment(parts.settings, parts.environment, parts.folder, parts.attempt.lease.file);
  }

  /** The same operation on a state that is empty and goes with the operation's folder. */
  withEmptyState(): Operation {
    const { settings, environment, folder } = this.#parts;
    return new Operation({
      ...this.#parts,
      settings: { ...settings, backend: pathToFileURL(folder.private).href },
      environment: {
        ...environment,
        variables: { ...environment.variables, PULUMI_CONFIG_PASSPHRASE: 'empty' },
      },
    });
  }

  /** Runs `pulumi <args> --stack <stack>`, without questions. */
  async pulumi(...args: readonly string[]): Promise<CommandResult> {
    return this.#run('pulumi', this.#forStack(args), false);
  }

  /** As {@link pulumi}, for a command that runs the engine, and that a cancellation interrupts. */
  async engine(...args: readonly string[]): Promise<EngineResult> {
    const log = join(this.folder.private, `events-${(this.#logs += 1)}`);
    const follow = this.#followSteps(log);
    try {
      const result = await this.command('pulumi', this.#forStack([...args, '--event-log', log]));
      return { ...result, events: parseEvents(await readFile(log, 'utf8').catch(() => '')) };
    } finally {
      clearInterval(follow);
    }
  }

  /**
   * Runs a command under the lease of the attempt. When the attempt is cancelled, it gets one SIGINT, as by Ctrl-C.
   *
   * @throws ApplicationFailure when the lease is over, Error when the attempt was cancelled before
   */
  async command(program: string, args: readonly string[]): Promise<CommandResult> {
    if (this.attempt.signal.aborted) throw new Error('cancelled before it began');
    return this.#run(program, args, true);
  }

  #forStack(args: readonly string[]): readonly string[] {
    return [...args, '--stack', this.stack.stack, '--non-interactive', '--color', 'never'];
  }

  async #run(program: string, args: readonly string[], isInterruptible: boolean): Promise<CommandResult> {
    const { attempt, watchdog } = this.#parts;
    attempt.assertOurs();
    // A group of its own: a Ctrl-C at the worker's terminal must not reach it a second time.
    const child = spawn(program, args, {
      cwd: this.folder.project,
      env: this.#env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const group = child.pid;
    if (group !== undefined) {
      watchdog.watch({ group, lease: attempt.lease.file, intervalMs: attempt.watchIntervalMs });
    }
    const interrupt = (): void => {
      child.kill('SIGINT');
    };
    if (isInterruptible) attempt.signal.addEventListener('abort', interrupt, { once: true });
    const printed = { stdout: '', both: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed.stdout = (printed.stdout + text).slice(-mostStdout);
      printed.both = (printed.both + text).slice(-mostOutput);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed.both = (printed.both + text).slice(-mostOutput);
    });
    try {
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject).once('close', resolve);
        // After a kill its own processes may keep the pipes for a moment.
        child.once('exit', (exitCode) => {
          setTimeout(resolve, 2000, exitCode).unref();
        });
      });
      attempt.assertOurs();
      return { code, stdout: printed.stdout, output: redact(printed.both, this.environment.secrets) };
    } finally {
      attempt.signal.removeEventListener('abort', interrupt);
      if (group !== undefined) watchdog.done(group);
    }
  }

  /** Tells the heartbeats what the engine does. */
  #followSteps(log: string): NodeJS.Timeout {
    let position = 0;
    let rest = '';
    const look = async (): Promise<void> => {
      const file = await open(log).catch(() => undefined);
      if (file === undefined) return;
      try {
        const { buffer, bytesRead } = await file.read({
          position,
          length: 256 * 1024,
          buffer: Buffer.alloc(256 * 1024),
        });
        position += bytesRead;
        const lines = (rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
        rest = lines.pop() ?? '';
        const step = lines.map(stepIn).findLast((found) => found !== undefined);
        if (step !== undefined) this.attempt.step = step;
      } finally {
        await file.close();
      }
    };
    return setInterval(() => void look().catch(() => undefined), 1000);
  }
}
