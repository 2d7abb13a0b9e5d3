/**
 * `npm run packages`: packs the packages, installs the archives with every package manager on every Node.js, and tries them there.
 * Prints a table; ends with 1 unless everything holds everywhere.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pack } from '../test/support/npm.js';
import { createEmptyProject, repositoryNodeModules } from '../test/support/temporaryProject.js';
import { markdownTable } from './markdownTable.js';
import { runCell, type Failure } from './packages/cell.js';
import { nodeRanges, nodeRelease } from './packages/nodeReleases.js';
import { packageManager, packageManagers } from './packages/packageManagers.js';
import { publishedPackages } from './packages/publishedPackages.js';
import { withProgress } from './pulumiCli/progress.js';
import { repositoryFolder } from './pulumiCli/repository.js';

/** What a project has beside the packages, at the versions of this repository. */
const companions = ['@pulumi/pulumi', '@pulumi/policy', 'typescript', '@types/node'];

const usage = `Usage: npm run packages -- [part of a name]...

Packs the packages, installs the archives with every package manager on every
Node.js, and tries them there. Parts of names, such as pnpm or "Node.js 22",
choose among them. A missing Node.js (200 MB each) or package manager is
downloaded into the cache folder.

To pack the packages only, into a folder that exists:
  npm pack --workspaces --pack-destination DIR

Exit codes: 0 if everything works, 1 if something does not.
`;

async function main(parts: readonly string[]): Promise<void> {
  if (parts.includes('--help')) {
    process.stdout.write(usage);
    return;
  }
  const nodes = await Promise.all(nodeRanges.map(nodeRelease));
  const managers = await Promise.all(packageManagers.map(packageManager));
  const archives = await createEmptyProject();
  try {
    const dependencies = { ...(await packAll(archives.folder)), ...(await companionVersions()) };
    const rows: string[][] = [];
    const wrong: string[] = [];
    for (const manager of managers) {
      const row = [`${manager.label} ${manager.version}`];
      for (const node of nodes) {
        const name = `${manager.label} ${manager.version}, Node.js ${node.version}`;
        if (parts.length > 0 && !parts.some((part) => name.includes(part))) {
          row.push('not tried');
          continue;
        }
        const failures = await withProgress(name, 'half a minute', () =>
          runCell(manager, node, dependencies),
        );
        row.push(failures.length === 0 ? 'works' : `fails: ${failures.map(({ what }) => what).join('; ')}`);
        wrong.push(...failures.map((failure) => explain(name, failure)));
      }
      rows.push(row);
    }
    const head = ['', ...nodes.map(({ version }) => `Node.js ${version}`)];
    console.log([markdownTable(head, rows), ...wrong].join('\n\n'));
    process.exitCode = wrong.length > 0 ? 1 : 0;
  } finally {
    await archives.remove();
  }
}

/** Packs every package into a folder. */
async function packAll(folder: string): Promise<Record<string, string>> {
  const archives: Record<string, string> = {};
  for (const [packageFolder, name] of Object.entries(publishedPackages)) {
    const { tarball } = await pack(join(repositoryFolder, packageFolder), ['--pack-destination', folder]);
    archives[name] = `file:${join(folder, tarball)}`;
  }
  return archives;
}

async function companionVersions(): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const name of companions) {
    const manifest: unknown = JSON.parse(
      await readFile(join(repositoryNodeModules, name, 'package.json'), 'utf8'),
    );
    if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) {
      throw new Error(`${name} is not installed. Run npm ci.`);
    }
    versions[name] = String(manifest.version);
  }
  return versions;
}

function explain(name: string, { what, reason }: Failure): string {
  return `With ${name} the packages do not do this: ${what}.\n${reason}`;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
