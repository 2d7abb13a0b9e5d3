import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, writeFileSync } from 'node:fs';
import { InputError, readOneOf, readText } from '../readInput.js';
import { openToAppend, readOwnFile, replaceFile } from './durableFile.js';
import { stateParts, type KeptState, type StatePart } from './keptState.js';
import { StateError } from './stateError.js';

/** The format that this release writes and reads. */
const format = 'salesforce-local-org state';
const formatVersion = 1;

/** `[part, key, value]`; without a value the key is removed. */
type Change = readonly [part: StatePart, key: string, value?: unknown];

/**
 * The state of one org in a file: a header line, then a line for each step, which is a JSON array of {@link Change}. A step that was interrupted
 * by a kill is an incomplete last line; it had no response, so it is ignored. The file is rewritten at each start.
 */
export class OrgStateFile implements KeptState {
  #entries: ReadonlyMap<StatePart, ReadonlyMap<string, unknown>>;
  #pending: Change[] = [];
  #file: number | undefined;

  /**
   * Reads the file; nothing is written before {@link begin}.
   * @throws StateError for a file of another format, of another org, or damaged
   */
  constructor(
    readonly path: string,
    private readonly orgName: string,
  ) {
    this.#entries = readEntries(path, orgName);
  }

  /** Whether no earlier process has left a state. */
  get isNew(): boolean {
    return this.#entries.size === 0;
  }

  entries(part: StatePart): ReadonlyMap<string, unknown> {
    return this.#entries.get(part) ?? new Map();
  }

  put(part: StatePart, key: string, value: object | string | number): void {
    this.#pending.push([part, key, value]);
  }

  remove(part: StatePart, key: string): void {
    this.#pending.push([part, key]);
  }

  /** Replaces the file with the current state; every later step is appended. Drops {@link entries}. */
  begin(): void {
    const state = fold(this.#entries, this.#pending);
    this.#pending = [];
    this.#entries = new Map();
    const lines = [...state].flatMap(([part, values]) =>
      [...values].map(([key, value]) => JSON.stringify([[part, key, value]])),
    );
    const header = JSON.stringify({ format, version: formatVersion, org: this.orgName });
    replaceFile(this.path, `${[header, ...lines].join('\n')}\n`);
    this.#file = openToAppend(this.path);
  }

  flush(): void {
    if (this.#file === undefined || this.#pending.length === 0) return;
    const { size } = fstatSync(this.#file);
    try {
      writeFileSync(this.#file, `${JSON.stringify(this.#pending)}\n`);
      fdatasyncSync(this.#file);
    } catch (error) {
      // Half a step must not come before the next one.
      ftruncateSync(this.#file, size);
      throw error;
    }
    this.#pending = [];
  }

  close(): void {
    if (this.#file === undefined) return;
    try {
      this.flush();
    } finally {
      closeSync(this.#file);
      this.#file = undefined;
    }
  }
}

type Entries = Map<StatePart, Map<string, unknown>>;

function fold(
  entries: ReadonlyMap<StatePart, ReadonlyMap<string, unknown>>,
  changes: readonly Change[],
): Entries {
  const state: Entries = new Map([...entries].map(([part, values]) => [part, new Map(values)]));
  for (const change of changes) apply(state, change);
  return state;
}

function apply(state: Entries, [part, key, value]: Change): void {
  const values = state.get(part) ?? new Map<string, unknown>();
  state.set(part, values);
  if (value === undefined) values.delete(key);
  else values.set(key, value);
}

function readEntries(path: string, orgName: string): Entries {
  const state: Entries = new Map();
  const [header, ...steps] = linesOf(path);
  if (header === undefined) return state;
  checkHeader(path, header, orgName);
  for (const [index, step] of steps.entries()) {
    try {
      for (const change of readStep(JSON.parse(step))) apply(state, change);
    } catch (error) {
      throw new StateError(`Line ${index + 2} of ${path} cannot be read: ${messageOf(error)} ${wayOut}`);
    }
  }
  return state;
}

/** The complete lines of the file; what comes after the last line break was interrupted by a kill. Empty if there is no file. */
function linesOf(path: string): string[] {
  let text: string;
  try {
    text = readOwnFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new StateError(`${path} cannot be read: ${messageOf(error)}`);
  }
  return text.split('\n').slice(0, -1);
}

const wayOut = 'Move the file away to begin with a new org, or name another folder.';

function checkHeader(path: string, line: string, orgName: string): void {
  const header = parseObject(line);
  if (header.get('format') !== format) {
    throw new StateError(`${path} was not written by salesforce-local-org. ${wayOut}`);
  }
  const version = header.get('version');
  if (version !== formatVersion) {
    throw new StateError(
      `${path} is of state format ${JSON.stringify(version)}; this release reads format ${formatVersion}. ` +
        'Use the release that wrote it, or name another folder.',
    );
  }
  if (header.get('org') !== orgName) {
    throw new StateError(
      `${path} holds the org ${JSON.stringify(header.get('org'))}, not ${JSON.stringify(orgName)}. ${wayOut}`,
    );
  }
}

function parseObject(line: string): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  } catch {
    return new Map();
  }
}

const readPart = readOneOf(stateParts);

function readStep(step: unknown): Change[] {
  if (!Array.isArray(step)) throw new InputError('It is not a list of changes.');
  return step.map((change: unknown): Change => {
    if (!Array.isArray(change)) throw new InputError('A change is not a list.');
    const [part, key, value] = change as readonly unknown[];
    return [readPart(part, 'part'), readText(key, 'key'), value];
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
