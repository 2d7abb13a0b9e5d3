import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import type { ActivitySettings } from '../activities/workerSettings.js';
import type { RollOutPlan } from '../contract/runs.js';
import type { CredentialsCommand } from '../credentials/askCommand.js';
import type { InventorySource } from '../inventory/readInventory.js';
import { defaultPlan } from '../rollOut/checkPlan.js';
import { defaultOptions } from '../rollOut/runOptions.js';
import { FieldReader, SettingsError } from './readFields.js';

/** Where a key is: in a file, or printed by a command that is run without a shell. */
export type KeySource =
  { readonly file: string } | { readonly command: readonly string[]; readonly cwd: string };

/** What a worker needs beside the settings of its activities. */
export interface WorkerSettings extends ActivitySettings {
  /** How many stacks of one program it works on at a time. */
  readonly atATime: number;
  /** How long running operations may take to end by themselves when the worker is told to stop, in milliseconds. */
  readonly graceMs: number;
}

/** What the command line takes if its options do not say otherwise. */
export interface RollOutSettings {
  readonly program?: string;
  readonly inventory?: InventorySource;
  readonly plan: RollOutPlan;
  /** How many stacks are worked on at a time, by all workers. */
  readonly atATime: number;
}

/** The settings of a fleet on this machine. They stay here: nothing of them gets into the engine, except names of programs. */
export interface FleetSettings {
  /** What this machine remembers: the last inventory, and the worker's home if no other is set. */
  readonly folder: string;
  /** None: this machine has no worker. */
  readonly worker?: WorkerSettings;
  /** The first key encrypts what the engine keeps, the others decrypt what older keys encrypted. None: nothing is encrypted. */
  readonly keys: readonly KeySource[];
  readonly rollOut: RollOutSettings;
}

const programName = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Reads a settings file: YAML, or JSON, which is YAML too. Paths in it are relative to its folder.
 *
 * @throws SettingsError with everything that is wrong
 */
export async function readSettings(file: string): Promise<FleetSettings> {
  let value: unknown;
  try {
    value = parse(await readFile(file, 'utf8'));
  } catch (thrown) {
    throw new SettingsError(file, [thrown instanceof Error ? thrown.message : String(thrown)]);
  }
  const faults: string[] = [];
  const base = dirname(resolve(file));
  const settings = settingsOf(FieldReader.of(value, base, faults), base);
  if (faults.length > 0) throw new SettingsError(file, faults);
  return settings;
}

function settingsOf(fields: FieldReader, base: string): FleetSettings {
  const folder = fields.file('folder') ?? resolve(base, '.eca-fleet');
  const worker = fields.fields('worker');
  const keys = fields.list('encryptionKeys') ?? [];
  const settings = {
    folder,
    ...(worker === undefined ? {} : { worker: workerOf(worker, base, folder) }),
    keys: keys.map((key) => keyOf(key, base)),
    rollOut: rollOutOf(fields.fields('rollOut')),
  };
  fields.end();
  return settings;
}

function workerOf(fields: FieldReader, base: string, folder: string): WorkerSettings {
  fields.require('programs', 'credentials');
  const backend = fields.text('backend');
  const pulumi = fields.file('pulumi');
  const stackSecrets = fields.fields('stackSecrets');
  const settings: WorkerSettings = {
    identity: fields.text('identity') ?? `${hostname()}-${process.pid}`,
    programs: programsOf(fields.fields('programs')),
    credentials: commandOf(fields.fields('credentials'), base),
    ...(stackSecrets === undefined ? {} : { stackSecrets: commandOf(stackSecrets, base) }),
    home: fields.file('home') ?? resolve(folder, 'worker'),
    ...(backend === undefined ? {} : { backend: absoluteBackend(backend, fields) }),
    ...(pulumi === undefined ? {} : { pulumi }),
    atATime: fields.count('atATime', 1) ?? 2,
    graceMs: (fields.count('graceSeconds') ?? 300) * 1000,
  };
  fields.end();
  return settings;
}

/** `file://./state` is relative to the settings file, not to a folder that the worker happens to be in. */
function absoluteBackend(backend: string, fields: FieldReader): string {
  const relative = /^file:\/\/(\.{1,2}\/.*)$/.exec(backend)?.[1];
  return relative === undefined ? backend : pathToFileURL(fields.absolute(relative)).href;
}

function programsOf(fields: FieldReader | undefined): Record<string, { folder: string }> {
  const programs: Record<string, { folder: string }> = {};
  for (const name of fields?.names() ?? []) {
    const folder = fields?.file(name);
    if (!programName.test(name)) fields?.fault(`the program name "${name}" may have a-z, 0-9 and hyphens`);
    else if (folder !== undefined) programs[name] = { folder };
  }
  return programs;
}

function commandOf(fields: FieldReader | undefined, base: string): CredentialsCommand {
  fields?.require('command');
  const timeout = fields?.count('timeoutSeconds', 1);
  const settings: CredentialsCommand = {
    command: fields?.texts('command') ?? [],
    passReferenceAs: fields?.oneOf('passReferenceAs', ['stdin', 'argument']) ?? 'stdin',
    cwd: base,
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
  };
  fields?.end();
  return settings;
}

function keyOf(fields: FieldReader, base: string): KeySource {
  const file = fields.file('file');
  const command = fields.texts('command');
  if ((file === undefined) === (command === undefined))
    fields.fault('an encryption key has either file or command');
  fields.end();
  return file === undefined ? { command: command ?? [], cwd: base } : { file };
}

function rollOutOf(fields: FieldReader | undefined): RollOutSettings {
  const program = fields?.text('program');
  const file = fields?.file('inventory');
  const command = fields?.texts('inventoryCommand');
  if (file !== undefined && command !== undefined)
    fields?.fault('rollOut has either inventory or inventoryCommand');
  const inventory = file !== undefined ? { file } : command !== undefined ? { command } : undefined;
  const settings: RollOutSettings = {
    ...(program === undefined ? {} : { program }),
    ...(inventory === undefined ? {} : { inventory }),
    plan: {
      stages: fields?.texts('stages') ?? defaultPlan.stages,
      canary: fields?.count('canary') ?? defaultPlan.canary,
      percentages: fields?.counts('percentages') ?? defaultPlan.percentages,
      budget: fields?.count('budget') ?? defaultPlan.budget,
      gates: fields?.texts('gates') ?? defaultPlan.gates,
    },
    atATime: fields?.count('atATime', 1) ?? defaultOptions.atATime,
  };
  fields?.end();
  return settings;
}
