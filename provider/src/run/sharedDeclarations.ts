import { appendFileSync, closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../errors.js';
import { jwtFields } from '../policy/fields.js';
import type { JwtField } from '../policy/fields.js';
import type { EngineAddress } from './engine/engineAddress.js';
import type { ProcessEnd } from './engine/processEnd.js';
import { lookRepeatedly } from './engine/repeatedLook.js';
import { joinRunFolder, memberName, notUsable } from './runFolder.js';

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

/** Begins the names of the files with what a process declares. */
const filePrefix = 'declared-by-';
const ownFile = `${filePrefix}${process.pid}`;

/** What another process has declared, as far as it was read. */
interface Seen {
  bytes: number;
  readonly byUrn: Map<string, SharedDeclaration>;
}

/**
 * What the running program declares, through all its providers: each is a process of its own, and the engine may have a resource
 * created in one and its predecessor deleted in another. Each process appends its declarations to a file, a line each; the last one of a
 * resource counts. Files are read and written synchronously: the engine waits for each diff before it asks for the next, and a
 * synchronous call is the shorter wait.
 */
export class SharedDeclarations {
  readonly #engine: EngineAddress;
  readonly #processEnd: ProcessEnd;
  /** What this process has shared, as written, by URN. */
  readonly #shared = new Map<string, string>();
  /** By the name of the file. */
  readonly #seen = new Map<string, Seen>();
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
    const line = `${JSON.stringify(declaration)}\n`;
    if (folder === undefined || this.#shared.get(declaration.urn) === line) {
      return;
    }
    this.#shared.set(declaration.urn, line);
    const path = join(folder, ownFile);
    try {
      appendFileSync(path, line, { mode: 0o600 });
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
    for (const name of filesOfOthers(folder)) {
      const seen = this.#seen.get(name) ?? { bytes: 0, byUrn: new Map<string, SharedDeclaration>() };
      this.#seen.set(name, seen);
      await readNew(join(folder, name), seen);
    }
    return [...this.#seen.values()]
      .flatMap(({ byUrn }) => [...byUrn.values()])
      .filter(
        (one) => one.app === app && one.organizationId === organizationId && !this.#shared.has(one.urn),
      );
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

/** The names of the files of other processes. */
function filesOfOthers(folder: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (thrown) {
    throw notUsable(folder, `cannot be read: ${reasonOf(thrown)}`);
  }
  if (!names.includes(memberName)) {
    throw notUsable(folder, 'was removed while this run used it');
  }
  return names.filter((name) => name.startsWith(filePrefix) && name !== ownFile);
}

/** Reads what was appended since the last time. */
async function readNew(path: string, seen: Seen): Promise<void> {
  // Whoever writes may not have finished a line.
  const isRead = await lookRepeatedly(() => Promise.resolve(readLines(path, seen) || undefined));
  if (isRead === undefined) {
    throw notUsable(path, 'cannot be read: its last line has no end');
  }
}

/** Reads the lines that were appended; false if the last one is not complete. */
function readLines(path: string, seen: Seen): boolean {
  try {
    const text = textFrom(path, seen.bytes);
    const lines = text.split('\n');
    if (lines.pop() !== '') {
      return false;
    }
    for (const line of lines) {
      const declaration = parseDeclaration(JSON.parse(line));
      seen.byUrn.set(declaration.urn, declaration);
    }
    seen.bytes += Buffer.byteLength(text);
    return true;
  } catch (thrown) {
    throw notUsable(path, `cannot be read: ${reasonOf(thrown)}`);
  }
}

function textFrom(path: string, position: number): string {
  const file = openSync(path, constants.O_RDONLY | noFollow);
  try {
    const length = fstatSync(file).size - position;
    if (length < 0) {
      throw new Error('it is shorter than before');
    }
    const bytes = Buffer.alloc(length);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, length, position));
  } finally {
    closeSync(file);
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
