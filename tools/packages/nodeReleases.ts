import { join } from 'node:path';
import { npmPackageFolder } from '../clients/npmPackage.js';
import { newestVersion } from './registry.js';

/** The releases of Node.js that the packages must work on, as the npm registry has them: the newest of a major version, and the newest of all. */
export const nodeRanges = ['22', '24', 'latest'] as const;

/** A release of Node.js that is kept outside the repository. */
export interface NodeRelease {
  version: string;
  /** Holds the program `node`. */
  folder: string;
}

/**
 * The newest release of Node.js in a range, downloaded from the npm registry if it is missing.
 *
 * @throws Error with the reason if it is not available
 */
export async function nodeRelease(range: (typeof nodeRanges)[number]): Promise<NodeRelease> {
  // What the package node would get in its install script.
  const name = `node-${process.platform}-${process.arch}`;
  const version = await newestVersion(name, range);
  const folder = await npmPackageFolder({
    folder: 'node',
    name,
    version,
    size: '200 MB',
    file: 'bin/node',
  });
  return { version, folder: join(folder, 'bin') };
}
