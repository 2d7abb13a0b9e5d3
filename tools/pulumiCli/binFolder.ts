import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { SemVer } from 'semver';
import { runProcess } from './runProcess.js';
import { oldestCliVersion, parseCliVersion } from './versions.js';

/** The Pulumi CLI itself. */
export const cliProgram = 'pulumi';

/**
 * What a dynamic provider of a Node program needs in the folder of the Pulumi CLI: the CLI, the Node language host and
 * the script that starts the dynamic provider process.
 */
export const requiredPrograms = [
  cliProgram,
  'pulumi-language-nodejs',
  'pulumi-resource-pulumi-nodejs',
] as const;

/** Of `programs`, those that are not in the folder as executable files. */
export async function missingPrograms(folder: string, programs: readonly string[]): Promise<string[]> {
  const present = await Promise.all(
    programs.map((program) =>
      access(join(folder, program), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return programs.filter((_, index) => present[index] !== true);
}

/** The first folder of a PATH with the Pulumi CLI, or undefined. */
export async function folderOnPath(path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    if (folder !== '' && (await missingPrograms(folder, [cliProgram])).length === 0) return folder;
  }
  return undefined;
}

/** The version that the Pulumi CLI of a folder says it has; undefined when it does not run or says none. */
async function cliVersion(folder: string): Promise<SemVer | undefined> {
  // Even "pulumi version" writes a log file below PULUMI_HOME.
  const home = await mkdtemp(join(tmpdir(), 'pulumi-version-'));
  try {
    const { code, stdout } = await runProcess(join(folder, cliProgram), ['version'], {
      env: { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: 'true' },
      deadlineMs: 20_000,
    });
    return code === 0 ? parseCliVersion(stdout) : undefined;
  } catch {
    return undefined;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** What is known of a folder that may serve as the Pulumi CLI. */
export interface InspectedFolder {
  /** Programs of {@link requiredPrograms} that it lacks. */
  missing: readonly string[];
  /** Version of its CLI, undefined when it is missing or does not run. */
  version: SemVer | undefined;
}

/** Looks for the programs in a folder and asks its CLI for the version. */
export async function inspectFolder(folder: string): Promise<InspectedFolder> {
  const missing = await missingPrograms(folder, requiredPrograms);
  return { missing, version: missing.includes(cliProgram) ? undefined : await cliVersion(folder) };
}

/** Why a folder cannot serve as the Pulumi CLI, as the end of a sentence that names it; undefined when it can. */
export function objectionTo({ missing, version }: InspectedFolder): string | undefined {
  if (missing.length > 0) return `has no executable ${missing.join(', ')}`;
  if (version === undefined) return `holds a pulumi that does not answer "pulumi version" with a version`;
  if (version.compare(oldestCliVersion) < 0) {
    return `holds pulumi ${version.version}, which is older than ${oldestCliVersion.version}`;
  }
  return undefined;
}
