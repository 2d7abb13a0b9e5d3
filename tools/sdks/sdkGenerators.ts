import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingPrograms } from '../pulumiCli/binFolder.js';
import { cacheFolder, publishFolder } from '../pulumiCli/cacheFolder.js';
import { buildGoPrograms } from '../pulumiCli/goBuild.js';
import { withProgress } from '../pulumiCli/progress.js';
import { repositoryFolder } from '../pulumiCli/repository.js';

const module = join(repositoryFolder, 'tools/sdks/go');
const program = 'sdk-generators';

/**
 * The program that runs Pulumi's SDK generators, in the cache folder; it is built from its Go module where it is missing, anew after
 * a change of its source or of the modules that it pins.
 *
 * @throws Error with the reason where it cannot be had, without Go for instance
 */
export async function sdkGenerators(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(module, file)));
  const root = join(cacheFolder(env), `${program}-${hash.digest('hex').slice(0, 12)}`);
  if ((await whatIsMissing(root)).length > 0) {
    await withProgress(
      "Building Pulumi's SDK generators from Go modules",
      '1 to 3 minutes on 2 cores the first time, half a minute when Go has built the Pulumi CLI before',
      () => publishFolder(root, build, whatIsMissing),
    );
  }
  return join(root, 'bin', program);
}

const whatIsMissing = (folder: string): Promise<string[]> => missingPrograms(join(folder, 'bin'), [program]);

const build = (folder: string): Promise<void> =>
  buildGoPrograms([{ module, package: '.', flags: ['-ldflags', '-s -w'] }], join(folder, 'bin'));
