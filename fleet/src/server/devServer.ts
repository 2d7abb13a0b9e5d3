import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { forgetServer, noteServer, runningServer } from './runningServer.js';

/** How to start {@link DevServer}. */
export interface DevServerOptions {
  /** The Temporal CLI. */
  program: string;
  /** Where the database is kept. It is made if it does not exist, for its owner only. */
  folder: string;
  /** Port of the server. */
  port: number;
  /** Port of its web page. */
  uiPort: number;
}

/** A Temporal server with its web page, for one machine. */
export interface DevServer {
  /** Where clients and workers reach it. */
  readonly address: string;
  /** Its web page. */
  readonly uiAddress: string;
  /** Its process. */
  readonly pid: number;
  /** Resolves when it has ended, with how. */
  readonly ended: Promise<string>;
  /** Ends it. Its database is kept. */
  close(): Promise<void>;
}

const loopback = '127.0.0.1';
/** A server usually starts within two seconds; a slow machine may take longer. */
const startLimit = '60 seconds';

/**
 * Starts Temporal's server for development on the loopback interface. Others on this machine can reach it, but cannot read its database.
 *
 * @throws Error if a server runs on the folder, a port is taken, or the server ends instead of answering
 */
export async function startDevServer({
  program,
  folder,
  port,
  uiPort,
}: DevServerOptions): Promise<DevServer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const other = await runningServer(folder);
  if (other !== undefined)
    throw new Error(
      `a server runs on the database in ${folder} already, at ${loopback}:${other.port} with the process id ${other.pid}: end it first`,
    );
  for (const wanted of [port, uiPort]) await requireFree(wanted);
  const address = `${loopback}:${port}`;
  const child = withOwnFilesOnly(() =>
    spawn(
      program,
      [
        ...['server', 'start-dev', '--ip', loopback, '--ui-ip', loopback],
        ...['--port', String(port), '--ui-port', String(uiPort)],
        ...['--db-filename', join(folder, 'temporal.db'), '--log-level', 'error'],
      ],
      // Ctrl-C in a terminal must not end the server before the worker has handed over, so it has a process group of its own.
      { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
    ),
  );
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2000);
  });
  const ended = new Promise<string>((resolve) => {
    child
      .once('error', (error) => {
        resolve(error.message);
      })
      .once('close', (code, signal) => {
        resolve(
          `ended with ${signal ?? `exit code ${code ?? 'unknown'}`}${errors === '' ? '' : `: ${errors.trim()}`}`,
        );
      });
  });
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGTERM'))
      await once(child, 'close');
    await forgetServer(folder);
  };
  try {
    await Promise.race([
      answers(address),
      ended.then((how) => {
        throw new Error(`the Temporal server did not start: ${how}`);
      }),
    ]);
  } catch (error) {
    await close();
    throw error;
  }
  // What did not start has no id, and does not answer.
  const pid = child.pid ?? 0;
  await noteServer(folder, { pid, port });
  return { address, uiAddress: `http://${loopback}:${uiPort}`, pid, ended, close };
}

async function answers(address: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: startLimit });
  await connection.close();
}

/** Files that a program started now creates can be read by their owner only. SQLite gives its other files the rights of the database. */
function withOwnFilesOnly<T>(start: () => T): T {
  const before = process.umask(0o077);
  try {
    return start();
  } finally {
    process.umask(before);
  }
}

/** The server would say less about a port that is taken. */
async function requireFree(port: number): Promise<void> {
  const probe = createServer();
  probe.listen(port, loopback);
  try {
    await once(probe, 'listening');
  } catch (error) {
    throw new Error(
      `port ${port} is taken: another server may be running. End it, or choose other ports with --port and --ui-port`,
      { cause: error },
    );
  }
  probe.close();
  await once(probe, 'close');
}
