import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

/** The server that has a folder's database open: a second one on it would mix up both. */
export interface RunningServer {
  readonly pid: number;
  /** On loopback. */
  readonly port: number;
}

const fileIn = (folder: string): string => join(folder, 'server.json');

/** The server that runs on a folder, if its process lives and its port answers: a process id alone may be somebody else's by now. */
export async function runningServer(folder: string): Promise<RunningServer | undefined> {
  const kept = parseServer(await readFile(fileIn(folder), 'utf8').catch(() => ''));
  return kept !== undefined && isAlive(kept.pid) && (await answersAt(kept.port)) ? kept : undefined;
}

/** Notes that a server runs on a folder. */
export async function noteServer(folder: string, server: RunningServer): Promise<void> {
  await writeFile(fileIn(folder), JSON.stringify(server), { mode: 0o600 });
}

/** Notes that no server runs on a folder any more. */
export async function forgetServer(folder: string): Promise<void> {
  await rm(fileIn(folder), { force: true });
}

function parseServer(text: string): RunningServer | undefined {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found !== 'object' || found === null || !('pid' in found) || !('port' in found))
      return undefined;
    const { pid, port } = found;
    return isPositive(pid) && isPositive(port) && port < 65_536 ? { pid, port } : undefined;
  } catch {
    return undefined;
  }
}

const isPositive = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function answersAt(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
