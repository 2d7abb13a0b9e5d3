import { spawn } from 'node:child_process';

/** A command that is run without a shell, and its limits. */
export interface LimitedCommand {
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly input?: string;
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** The most that it may print on stdout, in bytes. */
  readonly mostOutput: number;
}

/** How a command ended. */
export interface CommandEnd {
  readonly stdout: string;
  /** At most {@link mostErrors} characters. */
  readonly stderr: string;
  /** Why it counts as failed; `undefined` if it ended with 0. */
  readonly failure?: string;
}

/** The most that is kept of what a command prints on stderr. */
const mostErrors = 10_000;

/** Runs a command to its end, or ends it and its children at a limit. Never rejects. */
export async function runLimited(options: LimitedCommand): Promise<CommandEnd> {
  const [program = '', ...args] = options.command;
  const { promise, resolve } = Promise.withResolvers<CommandEnd>();
  // A group of its own, so that its children end with it.
  const child = spawn(program, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: options.env,
    detached: process.platform !== 'win32',
    stdio: 'pipe',
    windowsHide: true,
  });
  const chunks: Buffer[] = [];
  let size = 0;
  let stderr = '';
  let limit: string | undefined;
  const end = (reason: string): void => {
    limit ??= reason;
    try {
      if (process.platform === 'win32' || child.pid === undefined) child.kill('SIGKILL');
      else process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  };
  const timer = setTimeout(() => {
    end(`it did not end within ${options.timeoutMs / 1000} s`);
  }, options.timeoutMs);
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > options.mostOutput) end(`it printed more than ${options.mostOutput} bytes`);
    else chunks.push(chunk);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(0, mostErrors);
  });
  // A command that does not read its input closes the pipe.
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  child.once('error', (error) => {
    clearTimeout(timer);
    resolve({ stdout: '', stderr: '', failure: `it could not be started: ${error.message}` });
  });
  child.once('close', (code, signal) => {
    clearTimeout(timer);
    const failure = limit ?? (code === 0 ? undefined : `it ended with ${code ?? String(signal)}`);
    const stdout = Buffer.concat(chunks).toString('utf8');
    resolve({ stdout, stderr, ...(failure === undefined ? {} : { failure }) });
  });
  return promise;
}
