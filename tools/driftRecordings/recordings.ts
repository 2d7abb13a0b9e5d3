import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { LocalOrg } from 'salesforce-local-org';
import { repositoryFolder } from '../pulumiCli/repository.js';

const recordings = join(repositoryFolder, 'test/host/driftRecordings');
const standIn = join(repositoryFolder, 'tools/driftRecordings/recordedCli.cjs');

/** A look at a stack of which what the Pulumi CLI answered is kept. */
export const recordedLooks = [
  'changedInOrg',
  'notApplied',
  'notAppliedAndChanged',
  'ignoredChange',
  'ignoredChangeRefreshed',
  'ignoredAndOtherChange',
  'emptyStack',
  'noPolicies',
  'brokenProgram',
  'componentGone',
  'appGone',
  'unfinished',
  'configuredOrg',
  'oneOrgUnreadable',
] as const;

/** The name of a recording. */
export type RecordedLook = (typeof recordedLooks)[number];

/** An access token of the org that it refuses. */
export const refusedToken = (token: string): string => `${token.slice(0, -6)}AAAAAA`;

/** What differs from run to run, by its placeholder in a recording. */
function ownValues(org: LocalOrg, folder: string): [placeholder: string, value: string][] {
  const viewer = org.users.find(({ role }) => role === 'viewer')?.accessToken ?? '';
  return [
    ['{{folder}}', folder],
    ['{{repository}}', repositoryFolder],
    ['{{instanceUrl}}', org.instanceUrl],
    ['{{refusedToken}}', refusedToken(viewer)],
    ['{{viewerToken}}', viewer],
    ['{{accessToken}}', org.accessToken],
    ['{{organizationId}}', org.organizationId],
  ];
}

const fileOf = (look: RecordedLook): string => join(recordings, `${look}.jsonl`);

/** Keeps what was recorded of a stack in a folder. */
export async function keepRecording(
  look: RecordedLook,
  file: string,
  org: LocalOrg,
  folder: string,
): Promise<void> {
  let text = await readFile(file, 'utf8');
  for (const [placeholder, value] of ownValues(org, folder)) text = text.replaceAll(value, placeholder);
  await mkdir(recordings, { recursive: true });
  await writeFile(fileOf(look), text);
}

/** Writes a recording into a file, as if the CLI had answered about this org and a stack in this folder. */
export async function writeRecording(
  look: RecordedLook,
  file: string,
  org: LocalOrg,
  folder: string,
): Promise<void> {
  let text = await readFile(fileOf(look), 'utf8');
  for (const [placeholder, value] of ownValues(org, folder)) text = text.replaceAll(placeholder, value);
  await writeFile(file, text);
}

/**
 * The variables with which a command takes the stand-in for the Pulumi CLI.
 *
 * @param folder where its program is put
 * @param file the recording
 * @param program the real CLI, which is recorded; without one the recording is replayed
 */
export async function standInEnvironment(
  folder: string,
  file: string,
  path: string,
  program?: string,
): Promise<Record<string, string>> {
  const programs = join(folder, 'recorded-cli');
  await mkdir(programs, { recursive: true });
  await writeFile(join(programs, 'pulumi'), `#!/bin/sh\nexec node "${standIn}" "$@"\n`, { mode: 0o755 });
  return {
    PATH: [programs, path].join(delimiter),
    CLI_RECORDING: file,
    ...(program === undefined ? {} : { CLI_RECORDED_PROGRAM: program }),
  };
}
