import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtPrograms } from '../pulumiCli/builtPrograms.js';
import { cacheFolder } from '../pulumiCli/cacheFolder.js';
import { buildGoPrograms } from '../pulumiCli/goBuild.js';
import { repositoryFolder } from '../pulumiCli/repository.js';

const module = join(repositoryFolder, 'tools/sdks/go');
const program = 'sdk-generators';

/**
 * The program that runs Pulumi's generators of SDKs and of imported programs, in the cache folder; it is built from its Go module if it is missing, and again after
 * a change of its source or of the modules that it pins.
 *
 * @throws Error with the reason if it cannot be built, for example without Go
 */
export async function sdkGenerators(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['main.go', 'imported.go', 'go.mod', 'go.sum'])
    hash.update(readFileSync(join(module, file)));
  const bin = await builtPrograms({
    root: join(cacheFolder(env), `${program}-${hash.digest('hex').slice(0, 12)}`),
    programs: [program],
    title: "Building Pulumi's SDK generators from Go modules",
    expected:
      '1 to 3 minutes on 2 cores the first time, half a minute when Go has built the Pulumi CLI before',
    build: (folder) => buildGoPrograms([{ module, package: '.', flags: ['-ldflags', '-s -w'] }], folder),
  });
  return join(bin, program);
}
