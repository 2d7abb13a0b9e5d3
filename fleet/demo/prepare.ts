import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withProgress } from '../src/server/progress.js';
import { runProgram } from '../src/server/runProgram.js';
import { fleetFolder, repositoryFolder } from './folders.js';

const limitMs = 60 * 60 * 1000;
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Installs and builds the packages of the repository if they are not there, and builds the fleet. */
export async function prepare(): Promise<void> {
  if (!existsSync(join(repositoryFolder, 'node_modules'))) {
    await withProgress('Installing and building the packages of the repository', '1 to 3 minutes', () =>
      runProgram(npm, ['ci'], { cwd: repositoryFolder, limitMs }),
    );
  } else if (
    !['provider', 'local-org'].every((name) => existsSync(join(repositoryFolder, name, 'dist/index.js')))
  ) {
    await withProgress('Building the packages of the repository', 'under a minute', () =>
      runProgram(npm, ['run', 'build'], { cwd: repositoryFolder, limitMs }),
    );
  }
  await runProgram(npm, ['run', 'build'], { cwd: fleetFolder, limitMs });
}

/** The folder of the Pulumi CLI, which is found, downloaded or built in the way of the repository's quickstart. */
export async function pulumiFolder(): Promise<string> {
  return (
    await runProgram(npm, ['run', '-s', 'pulumi-path'], {
      cwd: repositoryFolder,
      limitMs,
      showsProgress: true,
    })
  ).trim();
}
