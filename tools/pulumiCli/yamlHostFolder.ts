import { join } from 'node:path';
import { missingPrograms } from './binFolder.js';
import { cacheFolder, publishFolder } from './cacheFolder.js';
import { buildGoPrograms } from './goBuild.js';
import { withProgress } from './progress.js';
import { pulumiBinFolder } from './pulumiBinFolder.js';
import { repositoryFolder } from './repository.js';
import { obtainedYamlHostVersion } from './versions.js';

const yamlHost = 'pulumi-language-yaml';

const lacks = async (folder: string): Promise<boolean> =>
  (await missingPrograms(folder, [yamlHost])).length > 0;

/**
 * The folder that holds Pulumi's language host for YAML programs; put it on PATH. In this order: that of the Pulumi CLI, which has
 * it in official releases; the cache folder; a build from Go modules, which fills the cache folder and says on stderr what it does.
 *
 * @throws Error with the reason where it cannot be had, without Go for instance
 */
export async function yamlHostFolder(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const cliFolder = await pulumiBinFolder(env);
  if (!(await lacks(cliFolder))) return cliFolder;
  const root = join(cacheFolder(env), `${yamlHost}-${obtainedYamlHostVersion}`);
  const bin = join(root, 'bin');
  if (await lacks(bin)) {
    await withProgress(
      `Building Pulumi's YAML language host ${obtainedYamlHostVersion} from Go modules`,
      '2 to 4 minutes on 2 cores the first time, under a minute when Go has built it before',
      () => publishFolder(root, build, whatIsMissing),
    );
  }
  return bin;
}

const whatIsMissing = (folder: string): Promise<string[]> => missingPrograms(join(folder, 'bin'), [yamlHost]);

async function build(folder: string): Promise<void> {
  const program = {
    // A module of its own: it pins other modules of Pulumi than the CLI.
    module: join(repositoryFolder, 'tools/pulumiCli/go/yaml-language-host'),
    package: 'github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml',
    flags: [
      '-ldflags',
      `-s -w -X github.com/pulumi/pulumi-yaml/pkg/version.Version=v${obtainedYamlHostVersion}`,
    ],
  };
  await buildGoPrograms([program], join(folder, 'bin'));
}
