import { join } from 'node:path';
import { replaceFile } from './durableFile.js';
import { moveEarlierFiles } from './earlierLayout.js';
import { holdFile } from './heldFile.js';
import { OrgStateFile } from './orgStateFile.js';
import { ownFolder } from './ownFolder.js';
import { StateError } from './stateError.js';

/** How long to wait for the lock, because another process that starts at the same moment also checks it. */
const lockWaitMs = 500;

/** A folder with the state of orgs, locked for this process until it is closed. All files are in our own folder in it. */
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
   * The state of an org; a new one if the folder has none.
   * @throws StateError when it cannot be read
   */
  org(name: string): OrgStateFile {
    const [stateFile, keyFile] = [`${name.toLowerCase()}.state`, this.#keyFile(name)];
    moveEarlierFiles(this.folder, this.#own, [stateFile, keyFile]);
    const file = new OrgStateFile(join(this.#own, stateFile), name);
    this.#files.push(file);
    return file;
  }

  /** Writes the private key of an org's deployer to a file, for clients that need one; returns its path. */
  writeKey(name: string, privateKey: string): string {
    const path = join(this.#own, this.#keyFile(name));
    replaceFile(path, privateKey);
    return path;
  }

  /** Writes what is not written yet, and releases the folder. */
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
