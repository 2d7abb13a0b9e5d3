import { chmod, copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { missingPrograms } from './binFolder.js';
import { builtPrograms } from './builtPrograms.js';
import { cacheFolder } from './cacheFolder.js';
import { buildGoPrograms, goModuleFolder } from './goBuild.js';
import { pulumiBinFolder } from './pulumiBinFolder.js';
import { repositoryFolder } from './repository.js';
import { obtainedHostsVersion, obtainedYamlHostVersion } from './versions.js';

/** How a language host is built from Go modules. */
interface LanguageHost {
  /** The language, as messages name it. */
  name: string;
  version: string;
  /** The folder of `go` with the go.mod and go.sum: each module pins other modules of Pulumi than the CLI. */
  module: string;
  package: string;
  /** The path of its version in the program, which is what an official release has there. */
  versionVariable: string;
  /** Scripts that belong beside the program, by their paths in `package`'s module. */
  scripts: readonly string[];
  /** How long a build takes. */
  expected: string;
}

const sdk = 'github.com/pulumi/pulumi/sdk/v3';
const sdkVersionVariable = `${sdk}/go/common/version.Version`;

const hosts = {
  yaml: {
    name: 'YAML',
    version: obtainedYamlHostVersion,
    module: 'yaml-language-host',
    package: 'github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml',
    versionVariable: 'github.com/pulumi/pulumi-yaml/pkg/version.Version',
    scripts: [],
    expected: '2 to 4 minutes on 2 cores the first time, under a minute when Go has built it before',
  },
  python: {
    name: 'Python',
    version: obtainedHostsVersion,
    module: 'language-hosts',
    package: `${sdk}/python/cmd/pulumi-language-python`,
    versionVariable: sdkVersionVariable,
    scripts: ['python/cmd/pulumi-language-python-exec'],
    expected: 'a minute on 2 cores the first time, seconds when Go has built it before',
  },
  go: {
    name: 'Go',
    version: obtainedHostsVersion,
    module: 'language-hosts',
    package: `${sdk}/go/pulumi-language-go`,
    versionVariable: sdkVersionVariable,
    scripts: [],
    expected: 'a minute on 2 cores the first time, seconds when Go has built it before',
  },
} as const satisfies Record<string, LanguageHost>;

/** A language whose host a Pulumi CLI that is built from Go modules does not bring. */
export type HostLanguage = keyof typeof hosts;

export const hostLanguages = Object.keys(hosts) as readonly HostLanguage[];

/**
 * The folder with Pulumi's language host for the programs of a language; put it on PATH. In this order: that of the Pulumi CLI,
 * which has it in official releases; the cache folder; a build from Go modules, which fills the cache folder and says on stderr what
 * it does.
 *
 * @throws Error with the reason if it is not available, for example without Go
 */
export async function languageHostFolder(
  language: HostLanguage,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const host: LanguageHost = hosts[language];
  const programs = [host.package, ...host.scripts].map((path) => basename(path));
  const cliFolder = await pulumiBinFolder(env);
  if ((await missingPrograms(cliFolder, programs)).length === 0) return cliFolder;
  return builtPrograms({
    root: join(cacheFolder(env), `${basename(host.package)}-${host.version}`),
    programs,
    title: `Building Pulumi's ${host.name} language host ${host.version} from Go modules`,
    expected: host.expected,
    build: (bin) => build(host, bin),
  });
}

async function build(host: LanguageHost, bin: string): Promise<void> {
  const module = join(repositoryFolder, 'tools/pulumiCli/go', host.module);
  const flags = ['-ldflags', `-s -w -X ${host.versionVariable}=v${host.version}`];
  await buildGoPrograms([{ module, package: host.package, flags }], bin);
  if (host.scripts.length === 0) return;
  const source = await goModuleFolder(sdk, module);
  for (const script of host.scripts) {
    const target = join(bin, basename(script));
    await copyFile(join(source, script), target);
    await chmod(target, 0o755);
  }
}
