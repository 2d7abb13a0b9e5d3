import { spawn } from 'node:child_process';
import { win32 } from 'node:path';
import { cliEnvironment } from './salesforceCliEnvironment.js';

/** How a command of the Salesforce CLI ended. */
export type SalesforceCliOutcome =
  /** It succeeded; the `result` of its JSON. Holds credentials: never print it. */
  | { kind: 'result'; result: Readonly<Record<string, unknown>> }
  /** It failed, and its JSON says why. */
  | { kind: 'refused'; name: string; message: string }
  /** There is no `sf` on PATH, or it cannot be started. */
  | { kind: 'notStarted'; code: string }
  /** It was still running at the time limit, and was stopped. */
  | { kind: 'timeout' }
  /** It exited without the JSON that `--json` promises. */
  | { kind: 'noJson'; exitCode: number | null };

/** More than any command run here prints, in bytes. */
const mostOutputBytes = 4 * 1024 * 1024;

/**
 * Runs `sf <args> --json` without a shell and without a prompt, and reads the JSON that it prints.
 *
 * On Windows `sf` is the batch file `sf.cmd`, which only cmd.exe can run: every argument must consist of characters that are
 * not special to it (not tried on a Windows machine).
 *
 * @param timeoutMs the time limit, in milliseconds
 */
export async function runSalesforceCli(
  args: readonly string[],
  timeoutMs: number,
): Promise<SalesforceCliOutcome> {
  const { file, args: fileArgs } = salesforceCliCommand([...args, '--json'], process.platform);
  const isWindows = process.platform === 'win32';
  return new Promise((resolve) => {
    const child = spawn(file, fileArgs, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // In its own process group: sf starts Node as a child, and both must stop at the time limit.
      detached: !isWindows,
      windowsHide: true,
      env: cliEnvironment(process.env),
    });
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let bytes = 0;
    const stop = (): void => {
      try {
        if (isWindows || child.pid === undefined) child.kill();
        else process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has already ended.
      }
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const timer = setTimeout(() => {
      stop();
      resolve({ kind: 'timeout' });
    }, timeoutMs);
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
        if (bytes > mostOutputBytes) stop();
        else output[name].push(chunk);
      });
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve({ kind: 'notStarted', code: error.code ?? error.name });
    });
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      const texts = [output.stdout, output.stderr].map((chunks) => Buffer.concat(chunks).toString('utf8'));
      resolve(
        texts.map(parseOutcome).find((outcome) => outcome !== undefined) ?? { kind: 'noJson', exitCode },
      );
    });
  });
}

/** The program and arguments that run `sf`, by `process.platform`; on Windows never a cmd.exe from PATH or the current folder. */
export function salesforceCliCommand(
  args: readonly string[],
  platform: NodeJS.Platform,
  systemRoot = process.env['SystemRoot'] ?? String.raw`C:\Windows`,
): { file: string; args: string[] } {
  return platform === 'win32'
    ? {
        file: win32.join(systemRoot, 'System32', 'cmd.exe'),
        args: ['/d', '/s', '/c', ['sf', ...args].join(' ')],
      }
    : { file: 'sf', args: [...args] };
}

/** The outcome in the CLI's JSON: `{status, result}`, or `{status, name, message}` if the command failed. */
function parseOutcome(text: string): SalesforceCliOutcome | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) {
    return undefined;
  }
  const { status, result, name, message }: Record<string, unknown> = { ...parsed };
  if (status === 0 && typeof result === 'object' && result !== null) {
    return { kind: 'result', result: { ...result } };
  }
  return typeof message === 'string'
    ? { kind: 'refused', name: typeof name === 'string' ? name : 'Error', message }
    : undefined;
}
