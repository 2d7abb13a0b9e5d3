import assert from 'node:assert/strict';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { packageManagerEnvironment } from './npm.js';
import { Shell } from './shell.js';

/** How the pages call the project that a package is packed into. */
const folderOfPages = '../my-project';

const environment = (): NodeJS.ProcessEnv => ({
  ...packageManagerEnvironment([]),
  npm_config_prefer_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
});

/** Types what a page says to type in the repository for a project, which it calls `../my-project`. */
export async function typeInRepository(project: string, text: string): Promise<void> {
  assert.ok(text.includes(folderOfPages), `${text} is for ${folderOfPages}`);
  await new Shell(project, environment()).type(
    `cd '${repositoryFolder}'\n${text.replaceAll(folderOfPages, project)}`,
  );
}

/**
 * Types what a page says to pack in the repository, and to install in a project, which it calls `../my-project`.
 *
 * @param tested a package of others that is installed too, and its version in the place of the newest
 */
export async function typeInstall(
  project: string,
  packing: string,
  installing: string,
  tested?: readonly [name: string, version: string],
): Promise<void> {
  await typeInRepository(project, packing);
  const words = installing.trimEnd().split(' ');
  if (tested !== undefined) assert.ok(words.includes(tested[0]), `${installing} installs ${tested[0]}`);
  await new Shell(project, environment()).type(
    words.map((word) => (word === tested?.[0] ? tested.join('@') : word)).join(' '),
  );
}
