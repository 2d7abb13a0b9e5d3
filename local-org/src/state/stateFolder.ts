import { join } from 'node:path';
import { replaceFile } from './durableFile.js';
import { moveEarlierFiles } from './earlierLayout.js';
import { holdFile } from './heldFile.js';
import { OrgStateFile } from './orgStateFile.js';
import { ownFolder } from './ownFolder.js';
import { StateError } from './stateError.js';

/** How long to wait for the lock: another process that starts in the same moment looks at it too. */
const lockWaitMs = 500;

/** A folder that keeps the state of orgs, taken for this process until it is closed. All files are in a folder of our own in it. */
export class StateFolder {
  readonly #own: string;
  readonly #unlock: () => void;
  readonly #files: OrgStateFile[] = [];

  /** @throws StateError when the folder is in use, or cannot be used */
  constructor(private readonly folder: string) {
    this.#own = ownFolder(folder);
    this.#unlock = lock(this.#own);
  }

  /**
   * The state of an org; a new one where the folder holds none.
   * @throws StateError when it cannot be read
   */
  org(name: string): OrgStateFile {
    const [stateFile, keyFile] = [`${name.toLowerCase()}.state`, this.#keyFile(name)];
    moveEarlierFiles(this.folder, this.#own, [stateFile, keyFile]);
    const file = new OrgStateFile(join(this.#own, stateFile), name);
    this.#files.push(file);
    return file;
  }

  /** Puts the private key of an org's deployer into a file, for clients that take one; returns its path. */
  writeKey(name: string, privateKey: string): string {
    const path = join(this.#own, this.#keyFile(name));
    replaceFile(path, privateKey);
    return path;
  }

  /** Writes what is still to be written and gives the folder back. */
  close(): void {
    try {
      for (const file of this.#files) file.close();
    } finally {
      this.#unlock();
    }
  }

  #keyFile(name: string): string {
    return `${name.toLowerCase()}.pem`;
  }
}

function lock(folder: string): () => void {
  let release: (() => void) | undefined;
  try {
    release = holdFile(join(folder, 'lock'), lockWaitMs);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StateError(`${folder} cannot be locked: ${reason}. Name a folder on a local disk.`);
  }
  if (release) return release;
  throw new StateError(
    `The state folder ${folder} is in use: an org runs on it. Stop that one, or name another folder.`,
  );
}
