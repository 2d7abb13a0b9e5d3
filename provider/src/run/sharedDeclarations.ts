import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../errors.js';
import { jwtFields } from '../policy/fields.js';
import type { JwtField } from '../policy/fields.js';
import type { EngineAddress } from './engine/engineAddress.js';
import type { ProcessEnd } from './engine/processEnd.js';
import { joinRunFolder, makeOwnFolder, memberName, notUsable } from './runFolder.js';

/** Windows has no such flag, and lets no other user into the folder. */
const noFollow = 'O_NOFOLLOW' in constants ? constants.O_NOFOLLOW : 0;

/** What a resource of the running program declares, in any provider process. */
export interface SharedDeclaration {
  urn: string;
  app: string;
  /** The 18-character organization id. */
  organizationId: string;
  fields: readonly JwtField[];
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24);

/** Each app has a folder, so that a program of many apps lists only the declarations of one. */
const folderOf = (app: string): string => shortHash(app);

const fileOf = (urn: string): string => `${shortHash(urn)}.json`;

/**
 * What the running program declares, through all its providers: each is a process of its own, and the engine may have a resource
 * created in one and its predecessor deleted in another. A declaration is a file that is written completely or not at all.
 */
export class SharedDeclarations {
  readonly #engine: EngineAddress;
  readonly #processEnd: ProcessEnd;
  /** What this process has shared, as written, by the name of its file. */
  readonly #shared = new Map<string, SharedDeclaration>();
  #folder: Promise<string> | undefined;

  constructor(engine: EngineAddress, processEnd: ProcessEnd) {
    this.#engine = engine;
    this.#processEnd = processEnd;
  }

  /**
   * Shares a declaration with the other processes; a later one of the same resource replaces it.
   *
   * @throws ProviderError when the folder that they share cannot be used
   */
  async share(declaration: SharedDeclaration): Promise<void> {
    const folder = await this.#join();
    const { app, urn } = declaration;
    const file = fileOf(urn);
    const earlier = this.#shared.get(file);
    if (folder === undefined || JSON.stringify(earlier) === JSON.stringify(declaration)) {
      return;
    }
    this.#shared.set(file, declaration);
    const appFolder = join(folder, folderOf(app));
    await makeOwnFolder(appFolder);
    const path = join(appFolder, file);
    const unfinished = `${path}.${process.pid}`;
    try {
      await writeFile(unfinished, JSON.stringify(declaration), { mode: 0o600, flag: 'wx' });
      await rename(unfinished, path);
      if (earlier !== undefined && earlier.app !== app) {
        await rm(join(folder, folderOf(earlier.app), file), { force: true });
      }
    } catch (thrown) {
      throw notUsable(path, `cannot be written: ${reasonOf(thrown)}`);
    }
  }

  /**
   * What resources declare of an app in an organization through other processes.
   *
   * @throws ProviderError when that cannot be read, or is not what a process of this release writes
   */
  async ofOthers(app: string, organizationId: string): Promise<SharedDeclaration[]> {
    const folder = await this.#join();
    if (folder === undefined) {
      return [];
    }
    await access(join(folder, memberName)).catch(() => {
      throw notUsable(folder, 'was removed while this run used it');
    });
    const appFolder = join(folder, folderOf(app));
    const names = await readdir(appFolder).catch((thrown: unknown) => {
      // No resource of the run declares the app.
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') {
        return [];
      }
      throw notUsable(appFolder, `cannot be read: ${reasonOf(thrown)}`);
    });
    const others = names.filter((name) => name.endsWith('.json') && !this.#shared.has(name));
    const found = await Promise.all(others.map((name) => readDeclaration(join(appFolder, name))));
    return found.filter((one) => one.app === app && one.organizationId === organizationId);
  }

  async #join(): Promise<string | undefined> {
    const { value: address } = this.#engine;
    if (address === undefined) {
      return undefined;
    }
    this.#folder ??= joinRunFolder(address, this.#processEnd);
    return this.#folder;
  }
}

async function readDeclaration(path: string): Promise<SharedDeclaration> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | noFollow);
    return parseDeclaration(JSON.parse(await file.readFile('utf8')));
  } catch (thrown) {
    throw notUsable(path, `cannot be read: ${reasonOf(thrown)}`);
  } finally {
    await file?.close();
  }
}

function parseDeclaration(value: unknown): SharedDeclaration {
  const record: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null ? { ...value } : {};
  const { urn, app, organizationId, fields } = record;
  if (
    typeof urn !== 'string' ||
    typeof app !== 'string' ||
    typeof organizationId !== 'string' ||
    !Array.isArray(fields)
  ) {
    throw new Error('it is not a declaration');
  }
  const known = jwtFields.filter((field) => fields.includes(field));
  if (known.length !== fields.length) {
    throw new Error('it declares a field that does not exist');
  }
  return { urn, app, organizationId, fields: known };
}
