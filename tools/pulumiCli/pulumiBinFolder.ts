import { basename, join, resolve } from 'node:path';
import { cliProgram, folderOnPath, inspectFolder, missingPrograms, objectionTo } from './binFolder.js';
import { cachedCliRoot, publishFolder } from './cacheFolder.js';
import { buildFromGoModules } from './goBuild.js';
import { installOfficialRelease } from './officialRelease.js';
import { say, withProgress } from './progress.js';
import { firstThatWorks, type Source } from './sources.js';
import { obtainedCliVersion } from './versions.js';

/** Sources that only look, before those that bring a CLI. */
function sourcesThatLook(env: NodeJS.ProcessEnv): readonly Source[] {
  return [
    { name: 'pulumi on PATH', find: () => findOnPath(env['PATH'] ?? '') },
    { name: 'cache', find: () => findInFolder(join(cachedCliRoot(env), 'bin')) },
  ];
}

function sourcesThatBring(env: NodeJS.ProcessEnv): readonly Source[] {
  const root = cachedCliRoot(env);
  const version = obtainedCliVersion.version;
  const bring = async (what: string, expected: string, fill: (folder: string) => Promise<void>) => {
    await withProgress(what, expected, () => publishFolder(root, fill));
    return findInFolder(join(root, 'bin'));
  };
  return [
    {
      name: 'official release',
      find: () =>
        bring(
          `Downloading the Pulumi CLI ${version} from get.pulumi.com`,
          'some hundred megabytes',
          installOfficialRelease,
        ),
    },
    {
      name: 'build from Go modules',
      find: () =>
        bring(
          `Building the Pulumi CLI ${version} from Go modules`,
          '4 to 8 minutes on 2 cores the first time, under a minute when Go has built it before',
          buildFromGoModules,
        ),
    },
  ];
}

/**
 * The folder with the Pulumi CLI, its Node language host and the script that starts the dynamic provider
 * process; put it first on PATH. Its name is `bin`, unless `PULUMI_BIN` names another.
 *
 * In this order: the folder in the environment variable `PULUMI_BIN`; `pulumi` on PATH if it is complete and new
 * enough; the cache folder; the official release; a build from Go modules. The last two fill the cache folder and say
 * on stderr what they do.
 *
 * @throws Error with what was tried and what to do, if no CLI is available or `PULUMI_BIN` has none.
 */
export async function pulumiBinFolder(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const override = env['PULUMI_BIN'];
  if (override !== undefined && override !== '') return overridingFolder(override);
  return firstThatWorks([...sourcesThatLook(env), ...sourcesThatBring(env)]);
}

async function overridingFolder(value: string): Promise<string> {
  const folder = resolve(value);
  if ((await missingPrograms(folder, [cliProgram])).length > 0) {
    throw new Error(
      `PULUMI_BIN is "${value}", but there is no executable file ${join(folder, cliProgram)}. Set PULUMI_BIN to the ` +
        'folder with the Pulumi CLI, or unset it to find or download one.',
    );
  }
  const objection = objectionTo(await inspectFolder(folder));
  if (objection !== undefined) say(`Pulumi CLI: ${folder} (PULUMI_BIN) ${objection}; used nevertheless.`);
  return folder;
}

async function findOnPath(path: string): Promise<{ folder: string } | { reason: string }> {
  const folder = await folderOnPath(path);
  if (folder === undefined) return { reason: 'not there' };
  // The Automation API's PulumiCommand.get({ root }) expects <root>/bin/pulumi.
  if (basename(folder) !== 'bin') {
    return { reason: `${folder} is not named "bin"; set PULUMI_BIN to it to use it anyway` };
  }
  return findInFolder(folder);
}

async function findInFolder(folder: string): Promise<{ folder: string } | { reason: string }> {
  const inspected = await inspectFolder(folder);
  const objection = objectionTo(inspected);
  if (objection === undefined) return { folder: resolve(folder) };
  return { reason: inspected.missing.includes(cliProgram) ? `not in ${folder}` : `${folder} ${objection}` };
}
