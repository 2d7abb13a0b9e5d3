import { join } from 'node:path';
import { lockFolder } from './folderLock.js';
import { OrgStateFile } from './orgStateFile.js';

/** A folder that keeps the state of orgs, taken for this process until it is closed. */
export class StateFolder {
  readonly #unlock: () => void;
  readonly #files: OrgStateFile[] = [];

  /** @throws StateError when the folder is in use */
  constructor(private readonly folder: string) {
    this.#unlock = lockFolder(folder);
  }

  /**
   * The state of an org; a new one where the folder holds none.
   * @throws StateError when it cannot be read
   */
  org(name: string): OrgStateFile {
    const file = new OrgStateFile(join(this.folder, `${name.toLowerCase()}.state`), name);
    this.#files.push(file);
    return file;
  }

  /** Where the private key of an org's deployer is put for clients that take a file. */
  privateKeyFile(name: string): string {
    return join(this.folder, `${name.toLowerCase()}.pem`);
  }

  /** Writes what is still to be written and gives the folder back. */
  close(): void {
    try {
      for (const file of this.#files) file.close();
    } finally {
      this.#unlock();
    }
  }
}
