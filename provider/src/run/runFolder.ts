import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { lstat, mkdir, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProviderError } from '../errors.js';
import { listeningProcess, processStart } from './engine/engineProcess.js';
import type { ProcessEnd } from './engine/processEnd.js';
import { lookRepeatedly } from './engine/repeatedLook.js';

/** Begins the names of the files by which processes are members of a run. */
const memberPrefix = 'process-';

/** The name of the file by which this process is one. */
export const memberName = `${memberPrefix}${process.pid}`;

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** The folder in which the provider processes of all runs of this user have theirs. */
export function runsFolder(): string {
  const uid = process.getuid?.();
  return join(tmpdir(), `pulumi-salesforce-eca${uid === undefined ? '' : `-${uid}`}`);
}

/** The error of what is not as this release leaves it. */
export function notUsable(path: string, cause: string): ProviderError {
  return new ProviderError({
    code: 'ECA9006',
    subject: `"${path}", which the provider processes of a run share,`,
    isOneSentence: true,
    cause,
    advice: 'Remove it, then repeat the command',
  });
}

/**
 * The folder that the provider processes of one phase of a run share: named by the engine's address and by the process that the engine
 * is, so that what a killed run left is never used by this run. It contains nothing secret, and the last process removes it.
 *
 * @param address the engine's
 * @param findListening finds the process that listens at an address
 * @throws ProviderError when the engine is not found, and when a folder on the way is a link, belongs to somebody else, or is open to others
 */
export async function joinRunFolder(
  address: string,
  processEnd: Pick<ProcessEnd, 'add'>,
  findListening = listeningProcess,
): Promise<string> {
  const container = await ownContainer();
  const name = await nameOf(address, container, findListening);
  const runs = runsFolder();
  await makeOwnFolder(runs);
  const folder = join(runs, name);
  await sweep(runs, container);
  await makeOwnFolder(folder);
  const member = join(folder, memberName);
  await writeFile(member, '', { mode: 0o600 });
  const leave = (): void => {
    leaveRunFolder(folder, member);
  };
  process.once('exit', leave);
  processEnd.add(leave);
  return folder;
}

/** Tells the process ids of one container from those of another: they may share the folder for temporary files. */
async function ownContainer(): Promise<string> {
  return shortHash(await readlink('/proc/self/ns/pid').catch(() => ''));
}

async function nameOf(
  address: string,
  container: string,
  findListening: typeof listeningProcess,
): Promise<string> {
  const engine = await lookRepeatedly(() => findListening(address));
  if (engine === undefined) {
    // Any other name would part the processes of this run, or bring in what a killed run left.
    throw new ProviderError({
      code: 'ECA9006',
      cause: `the engine at ${address} was not found among the processes of this machine, so its provider processes cannot share what the program declares`,
      advice:
        'Run the engine and the provider as one user and in one container. The provider looks in /proc on Linux, asks lsof on macOS and netstat on Windows',
    });
  }
  const start = await lookRepeatedly(() => processStart(engine));
  return `${engine}-${shortHash(start ?? '')}-${container}-${shortHash(address)}`;
}

/**
 * Makes a folder that only this user can open, or makes sure that an existing one is such a folder.
 *
 * @throws ProviderError when it is a link, belongs to somebody else, or is open to others
 */
async function makeOwnFolder(path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw notUsable(path, `cannot be made: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  const found = await lstat(path);
  const uid = process.getuid?.();
  if (!found.isDirectory()) {
    throw notUsable(path, found.isSymbolicLink() ? 'is a symbolic link' : 'is not a folder');
  }
  if (uid !== undefined && found.uid !== uid) {
    throw notUsable(path, `belongs to the user with the id ${found.uid}, not to ${uid}`);
  }
  if (uid !== undefined && (found.mode & 0o077) !== 0) {
    throw notUsable(path, `is open to other users (mode ${(found.mode & 0o777).toString(8)})`);
  }
}

/** Removes what runs left behind that were killed, in this container: the processes of others are not seen here. */
async function sweep(runs: string, container: string): Promise<void> {
  for (const name of await readdir(runs)) {
    const [pid = '', start = '', place] = name.split('-');
    if (place === container && (await isGone(Number(pid), start))) {
      // Another process may be sweeping too; what remains is swept by another run.
      await rm(join(runs, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

/** Whether a process has certainly ended; one of the same id that started at another time is not it. */
async function isGone(pid: number, start: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
  const now = await processStart(pid);
  return now !== undefined && shortHash(now) !== start;
}

/** Synchronous, because nothing else runs while a process exits. */
function leaveRunFolder(folder: string, member: string): void {
  try {
    rmSync(member, { force: true });
    if (!readdirSync(folder).some((name) => name.startsWith(memberPrefix))) {
      rmSync(folder, { recursive: true, force: true });
    }
  } catch {
    // Removed by the last one already; what remains is swept by another run.
  }
}
