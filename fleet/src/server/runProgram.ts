import { spawn } from 'node:child_process';
import type { SpawnOptions } from 'node:child_process';

/** How a program is run. */
export interface ProgramOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Passes on its stderr as it comes. */
  showsProgress?: boolean;
  /** After this time the program and the processes that it has started are killed, in milliseconds. */
  limitMs: number;
}

/**
 * Runs a program to its end, without a shell and with nothing on stdin. If this process is told to end, the program is killed first.
 *
 * @returns what it printed on stdout
 * @throws Error with what it printed on stderr if its exit code is not 0, or it does not end in time
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  { cwd, env, limitMs, showsProgress = false }: ProgramOptions,
): Promise<string> {
  const options: SpawnOptions = { stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' };
  if (cwd !== undefined) options.cwd = cwd;
  if (env !== undefined) options.env = env;
  const child = spawn(command, args, options);
  const kill = (): void => {
    if (child.pid === undefined) return;
    try {
      // The process group: what it has started, too. Windows has none.
      if (process.platform === 'win32') child.kill('SIGKILL');
      else process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  };
  const endWith = (signal: NodeJS.Signals): void => {
    kill();
    process.kill(process.pid, signal);
  };
  process.once('SIGINT', endWith).once('SIGTERM', endWith);
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
      if (showsProgress && name === 'stderr') process.stderr.write(text);
    });
  }
  const limit = AbortSignal.timeout(limitMs);
  limit.addEventListener('abort', kill);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    if (limit.aborted)
      throw new Error(`"${command} ${args[0] ?? ''}" did not end within ${limitMs / 1000} s`);
    if (code !== 0) throw new Error(`"${command} ${args[0] ?? ''}" failed: ${lastLines(printed.stderr)}`);
    return printed.stdout;
  } finally {
    limit.removeEventListener('abort', kill);
    process.off('SIGINT', endWith).off('SIGTERM', endWith);
  }
}

/** The last lines of what a program printed, without the downloads that Go lists before them. */
function lastLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('go: downloading '));
  return lines.slice(-8).join('\n');
}
