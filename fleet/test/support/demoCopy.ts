import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyFiles } from '../../../test/support/temporaryProject.js';
import { repositoryFolder } from '../../demo/folders.js';
import { freePortsInARow } from './freePort.js';

const copied = ['fleet', 'examples/fleet', 'tools'];
const files = ['package.json', 'package-lock.json', 'tsconfig.base.json'];
/** What is installed and built is that of the repository. */
const linked = ['node_modules', 'fleet/node_modules', 'provider', 'local-org'];

/** A copy of what the demo consists of. Its orgs have free ports, so that it disturbs no demo that somebody runs in the repository. */
export interface DemoCopy {
  readonly fleetFolder: string;
  readonly exampleFolder: string;
  remove(): Promise<void>;
}

export async function copyDemo(): Promise<DemoCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-demo-'));
  for (const path of copied) {
    await mkdir(join(folder, path), { recursive: true });
    await copyFiles(join(repositoryFolder, path), join(folder, path));
  }
  for (const path of files) await cp(join(repositoryFolder, path), join(folder, path));
  for (const path of linked) await symlink(join(repositoryFolder, path), join(folder, path), 'dir');
  const exampleFolder = join(folder, 'examples/fleet');
  await chooseFreePorts(join(exampleFolder, 'inventory.csv'));
  return {
    fleetFolder: join(folder, 'fleet'),
    exampleFolder,
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 }),
  };
}

/** The ports of the inventory follow each other, as those of the local orgs do. */
async function chooseFreePorts(inventory: string): Promise<void> {
  const text = await readFile(inventory, 'utf8');
  let port = await freePortsInARow(text.match(/127\.0\.0\.1:/g)?.length ?? 0);
  await writeFile(
    inventory,
    text.replaceAll(/(?<=127\.0\.0\.1:)\d+/g, () => String(port++)),
  );
}
