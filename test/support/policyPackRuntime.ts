import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { repositoryNodeModules } from './temporaryProject.js';

export const policyPackFolder = join(repositoryFolder, 'policy-pack');
/** Where the pages look for the pack. */
export const installedPack = 'node_modules/pulumi-salesforce-eca-policies';

/**
 * A runtime of the tests' own. Where it has no language host for a runtime, the engine starts the pack with the program
 * `pulumi-analyzer-policy-<runtime>`, in the pack's folder; the one here does what the Node.js language host does. So the pack
 * runs under the engine even if the language host is too old to start policy packs, such as one built from Go modules.
 */
const runtime = 'started-by-a-test';

/** Creates the project's node_modules: those of the repository, except for the pack, which gets the runtime above. */
export async function linkPackagesWithPack(project: string): Promise<void> {
  const pack = join(project, installedPack);
  await mkdir(pack, { recursive: true });
  for (const name of await readdir(repositoryNodeModules)) {
    const link = join(project, 'node_modules', name);
    if (link !== pack) await symlink(join(repositoryNodeModules, name), link);
  }
  for (const name of ['package.json', 'dist', 'profiles'])
    await symlink(join(policyPackFolder, name), join(pack, name));
  await writeFile(join(pack, 'PulumiPolicy.yaml'), `runtime: ${runtime}\n`);
}

/**
 * Writes the program of the runtime.
 *
 * @returns its folder, for the PATH
 */
export async function writePackRuntime(project: string): Promise<string> {
  const programs = join(project, 'programs');
  await mkdir(programs);
  await writeFile(
    join(programs, `pulumi-analyzer-policy-${runtime}`),
    `#!/bin/sh\nexec node "${join(repositoryNodeModules, '@pulumi/pulumi/cmd/run-policy-pack')}" "$@"\n`,
    { mode: 0o755 },
  );
  return programs;
}
