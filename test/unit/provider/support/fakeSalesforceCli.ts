import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findMarkedProcesses, killMarkedProcesses } from '../../../support/markedProcesses.js';

/** Environment variable by which the processes of the program are found; one that the provider passes on. */
const marker = 'SF_FAKE_CLI';

/** What a command prints and how it ends. */
export interface FakeCommand {
  stdout?: string;
  stderr?: string;
  exitCode?: number;
  /** Never ends by itself, and starts a child that does not either, as the real program does. */
  hangs?: boolean;
}

/** A program `sf` on PATH that stands for the Salesforce CLI. */
export interface FakeSalesforceCli {
  /** The arguments of every call so far. */
  calls(): Promise<string[][]>;
  /** The environment of the last call. */
  environment(): Promise<Record<string, string>>;
  /** How the commands behave from now on, by their words, such as `org display`. */
  behave(commands: Readonly<Record<string, FakeCommand>>): Promise<void>;
  /** Lets nobody start the program any more, nor another of its name. */
  forbid(): Promise<void>;
  /** Resolves when so many of its processes run, their children too. Waits without a timer, which the test may drive. */
  hasProcesses(count: number): Promise<void>;
  /** Ends what still runs, takes the program off PATH and removes it. */
  remove(): Promise<void>;
}

/** The program: a shebang and Node alone, because it has no packages where it lies. */
const program = `#!/usr/bin/env node
const { appendFileSync, readFileSync, writeFileSync, writeSync } = require('node:fs');
const { spawn } = require('node:child_process');
const { join } = require('node:path');
const args = process.argv.slice(2);
appendFileSync(join(__dirname, 'calls'), JSON.stringify(args) + '\\n');
writeFileSync(join(__dirname, 'environment'), JSON.stringify(process.env));
const commands = JSON.parse(readFileSync(join(__dirname, 'commands'), 'utf8'));
const words = args.slice(0, args.findIndex((arg) => arg.startsWith('-'))).join(' ');
const command = commands[words] ?? { stderr: 'Warning: ' + words + ' is not a sf command.', exitCode: 127 };
if (command.stdout !== undefined) writeSync(1, command.stdout);
if (command.stderr !== undefined) writeSync(2, command.stderr);
if (command.hangs) {
  spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
} else {
  process.exitCode = command.exitCode ?? 0;
}
`;

/** What the CLI prints with --json where a command succeeded. */
export const jsonResult = (result: unknown, warnings: readonly string[] = []): FakeCommand => ({
  stdout: JSON.stringify({ status: 0, result, warnings }, undefined, 2),
});

/** What the CLI prints with --json where a command failed. */
export const jsonError = (name: string, message: string): FakeCommand => ({
  stdout: JSON.stringify(
    { name, message, exitCode: 1, status: 1, stack: `${name}: ${message}\n    at x` },
    undefined,
    2,
  ),
  exitCode: 1,
});

/** What CLIs since 2.136.8 print instead of a token. */
export const redacted = "[REDACTED] Use 'sf org auth show-access-token' to view";

/** Puts the program on PATH of this process. */
export async function startFakeSalesforceCli(): Promise<FakeSalesforceCli> {
  const folder = await mkdtemp(join(tmpdir(), 'fake-sf-'));
  const pathBefore = process.env['PATH'] ?? '';
  await writeFile(join(folder, 'sf'), program);
  await chmod(join(folder, 'sf'), 0o755);
  await writeFile(join(folder, 'calls'), '');
  await writeFile(join(folder, 'commands'), '{}');
  const id = randomUUID();
  process.env[marker] = id;
  process.env['PATH'] = `${folder}${delimiter}${pathBefore}`;
  return {
    calls: async () =>
      (await readFile(join(folder, 'calls'), 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as string[]),
    environment: async () =>
      JSON.parse(await readFile(join(folder, 'environment'), 'utf8')) as Record<string, string>,
    behave: (commands) => writeFile(join(folder, 'commands'), JSON.stringify(commands)),
    forbid: async () => {
      process.env['PATH'] = folder;
      await chmod(join(folder, 'sf'), 0o644);
    },
    hasProcesses: async (count) => {
      while ((await findMarkedProcesses(marker, id)).length !== count) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    remove: async () => {
      process.env['PATH'] = pathBefore;
      Reflect.deleteProperty(process.env, marker);
      await killMarkedProcesses(marker, id);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
