import { join } from 'node:path';
import { missingPrograms } from './binFolder.js';
import { publishFolder } from './cacheFolder.js';
import { withProgress } from './progress.js';

/** Programs that are built once. */
export interface BuiltPrograms {
  /** The folder in the cache folder that has them, in its folder `bin`. */
  root: string;
  /** Their names. */
  programs: readonly string[];
  /** What is done, for the user. */
  title: string;
  /** How long it takes, for the user. */
  expected: string;
  /** Builds them into a folder. */
  build: (bin: string) => Promise<void>;
}

/**
 * The folder with programs that are built if they are missing; it says so on stderr.
 *
 * @throws Error with the reason if they cannot be built
 */
export async function builtPrograms({
  root,
  programs,
  title,
  expected,
  build,
}: BuiltPrograms): Promise<string> {
  const binOf = (folder: string): string => join(folder, 'bin');
  const whatIsMissing = (folder: string): Promise<string[]> => missingPrograms(binOf(folder), programs);
  if ((await whatIsMissing(root)).length > 0) {
    await withProgress(title, expected, () =>
      publishFolder(root, (folder) => build(binOf(folder)), whatIsMissing),
    );
  }
  return binOf(root);
}
