import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { reasonOf, ProviderError } from '../errors.js';

/**
 * The folder in which files are prepared before a rename moves them into place. Its name is fixed, so that two exports cannot write at
 * once, and so that the remains of a killed export are noticed.
 */
const stagingName = '.pulumi-salesforce-eca-export';

/** The subfolder of the staging folder for files that are being replaced, until all new ones are in place. */
const previousName = 'previous';

/** The staging folder: inside the folder, or next to it if it does not exist yet. */
function stagingFolderOf(folder: string): string {
  const target = resolve(folder);
  return existsSync(target)
    ? join(target, stagingName)
    : join(dirname(target), `${stagingName}-${basename(target)}`);
}

/**
 * Checks, before the org is read, that a folder can be written as requested.
 *
 * @param overwrites whether existing files may be replaced
 * @throws ProviderError naming the files that exist, or the remains of another export
 */
export function assertWritable(folder: string, names: readonly string[], overwrites: boolean): void {
  const staging = stagingFolderOf(folder);
  if (existsSync(staging)) {
    throw stagingFolderError(staging);
  }
  const existing = overwrites
    ? []
    : names.map((name) => join(folder, name)).filter((path) => existsSync(path));
  if (existing.length > 0) {
    throw new ProviderError({
      code: 'ECA8101',
      cause:
        `${existing.join(' and ')} ${existing.length === 1 ? 'exists' : 'exist'} already, so nothing was written: choose another ` +
        'folder with --out, or overwrite with --force',
    });
  }
}

/**
 * Writes files to a folder, all or none. A new folder appears by one rename; in an existing folder every file is prepared first, and
 * after an error the previous files are restored. A signal takes effect when the last file is in place.
 *
 * @param overwrites whether existing files may be replaced; otherwise an existing file is an error
 * @returns the paths
 * @throws ProviderError; the folder is unchanged then
 */
export async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, string>,
  overwrites: boolean,
): Promise<string[]> {
  const names = [...files.keys()];
  assertWritable(folder, names, overwrites);
  const staging = stagingFolderOf(folder);
  await signalsAfter(() => {
    makeStagingFolder(staging);
    try {
      for (const [name, text] of files) {
        writeFileSync(join(staging, name), text, { flag: 'wx', flush: true });
      }
      if (existsSync(folder)) {
        replaceFiles(folder, staging, names);
        rmSync(staging, { recursive: true });
      } else {
        renameSync(staging, folder);
      }
    } catch (thrown) {
      if (thrown instanceof NotPutBackError) throw thrown;
      rmSync(staging, { recursive: true, force: true });
      throw notWritten(folder, thrown);
    }
  });
  return names.map((name) => join(folder, name));
}

function makeStagingFolder(staging: string): void {
  try {
    mkdirSync(dirname(staging), { recursive: true });
    mkdirSync(staging);
  } catch (thrown) {
    // Another export may have created it in the meantime.
    throw existsSync(staging) ? stagingFolderError(staging) : notWritten(dirname(staging), thrown);
  }
}

const notWritten = (folder: string, thrown: unknown): ProviderError =>
  new ProviderError({
    code: 'ECA8103',
    cause: `${folder} could not be written (${reasonOf(thrown)}), so nothing was changed there`,
  });

const stagingFolderError = (staging: string): ProviderError =>
  new ProviderError({
    code: 'ECA8102',
    cause:
      `${staging} exists, so nothing was written: another export is writing there, or one was killed. If none is running, look into its ` +
      `folder ${previousName}: it contains the files that the killed export was replacing. Move back what you need, delete ` +
      `${staging}, and repeat the command`,
  });

/** The previous files could not be restored; they stay in the staging folder. */
class NotPutBackError extends ProviderError {}

/** Moves prepared files into place; if one cannot be moved, the previous files are restored. */
function replaceFiles(folder: string, staging: string, names: readonly string[]): void {
  const previous = join(staging, previousName);
  mkdirSync(previous);
  const replaced = names.filter((name) => existsSync(join(folder, name)));
  for (const name of replaced) {
    copyFileSync(join(folder, name), join(previous, name));
  }
  const moved: string[] = [];
  try {
    for (const name of names) {
      renameSync(join(staging, name), join(folder, name));
      moved.push(name);
    }
  } catch (thrown) {
    putBack(moved, replaced, folder, previous, thrown);
    throw thrown;
  }
}

function putBack(
  moved: readonly string[],
  replaced: readonly string[],
  folder: string,
  previous: string,
  cause: unknown,
): void {
  try {
    for (const name of moved) {
      if (replaced.includes(name)) renameSync(join(previous, name), join(folder, name));
      else rmSync(join(folder, name));
    }
  } catch (thrown) {
    throw new NotPutBackError({
      code: 'ECA8104',
      cause:
        `${folder} could not be written (${reasonOf(cause)}), and the previous files could not be restored (${reasonOf(thrown)}): ` +
        `they are in ${previous}`,
    });
  }
}

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs synchronous work to its end before a signal ends the process. */
async function signalsAfter(work: () => void): Promise<void> {
  let received: NodeJS.Signals | undefined;
  const keep = (signal: NodeJS.Signals): void => {
    received = signal;
  };
  for (const signal of endingSignals) process.on(signal, keep);
  try {
    work();
    // Node.js delivers a signal in a later turn of its event loop.
    await new Promise(setImmediate);
  } finally {
    for (const signal of endingSignals) process.off(signal, keep);
    if (received !== undefined) process.kill(process.pid, received);
  }
}
