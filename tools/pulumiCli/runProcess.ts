import { spawn, type ChildProcess } from 'node:child_process';

/** How a process is started. */
export interface ProcessOptions {
  /** Working directory; default: this process's. */
  cwd?: string;
  /** The whole environment; default: this process's. */
  env?: NodeJS.ProcessEnv;
  /** After so many milliseconds the process and its group are killed and the result is rejected. */
  deadlineMs: number;
}

/** How a process ended and what it printed. */
export interface ProcessResult {
  /** Exit code; null when a signal ended the process. */
  code: number | null;
  /** The signal that ended the process, or null. */
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A running process, leader of its own process group. */
export interface RunningProcess {
  readonly child: ChildProcess;
  /** What it has printed so far, stdout and stderr in order of arrival. */
  output(): string;
  /** Sends a signal to the process and its group; does nothing when they have ended. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves with any exit code; rejects if the process cannot be started or has not ended at the deadline. */
  readonly result: Promise<ProcessResult>;
}

/** Starts a program, without a shell, with nothing on stdin. */
export function startProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions,
): RunningProcess {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const printed = { stdout: '', stderr: '', both: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
      printed.both += text;
    });
  }
  const signal = (name: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, name);
    } catch (error) {
      // ESRCH: the group has ended already.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  const result = new Promise<ProcessResult>((resolve, reject) => {
    const deadline = setTimeout(() => {
      signal('SIGKILL');
      const seconds = options.deadlineMs / 1000;
      reject(
        new Error(
          `"${[command, ...args].join(' ')}" did not end within ${seconds} s. Its output so far:\n${printed.both}`,
        ),
      );
    }, options.deadlineMs);
    child.once('error', (error) => {
      clearTimeout(deadline);
      reject(error);
    });
    child.once('close', (code, closingSignal) => {
      clearTimeout(deadline);
      resolve({ code, signal: closingSignal, stdout: printed.stdout, stderr: printed.stderr });
    });
  });
  // Whoever awaits the result sees the rejection; a caller that only signals the process must not crash of it.
  result.catch(() => undefined);
  return { child, output: () => printed.both, signal, result };
}

/**
 * Runs a program to its end, as {@link startProcess} does; it is killed with its group when this process is told to
 * end (Ctrl-C, SIGTERM), because a group of its own gets neither.
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<ProcessResult> {
  const running = startProcess(command, args, options);
  const endWith = (signal: NodeJS.Signals): void => {
    running.signal('SIGKILL');
    process.kill(process.pid, signal);
  };
  process.once('SIGINT', endWith).once('SIGTERM', endWith);
  try {
    return await running.result;
  } finally {
    process.off('SIGINT', endWith).off('SIGTERM', endWith);
  }
}
