import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from 'pulumi-salesforce-eca/package.json';
import { packageName } from '../../provider/src/native/packageSchema.js';

const description = 'The JWT-based access-token settings of Salesforce external client apps.';
/** The name of the SDK for Node.js. */
export const nodePackage = 'pulumi-salesforce-eca-native';
const pythonModule = 'pulumi_salesforce_eca';
const programs = readFileSync(join(__dirname, 'example.md'), 'utf8');

/**
 * What the package is: the head of its schema.
 *
 * @param repository the address of the repository, such as `https://github.com/acme/eca`; what needs it is omitted without one
 */
export function metadata(repository: string | undefined): Record<string, unknown> {
  const { host, pathname } = repository === undefined ? {} : new URL(repository);
  return {
    name: packageName,
    displayName: 'Salesforce External Client Apps',
    version: manifest.version,
    description,
    keywords: [...manifest.keywords, 'category/infrastructure', 'kind/native'],
    license: manifest.license,
    homepage: repository,
    repository,
    publisher: pathname?.split('/')[1],
    pluginDownloadURL: host === 'github.com' ? `github://api.github.com${pathname ?? ''}` : undefined,
    language: {
      nodejs: {
        packageName: nodePackage,
        packageDescription: description,
        readme: readme(nodePackage, 'typescript'),
        respectSchemaVersion: true,
      },
      python: {
        packageName: pythonModule,
        readme: readme(pythonModule.replaceAll('_', '-'), 'python'),
        respectSchemaVersion: true,
        pyproject: { enabled: true },
      },
      go: {
        modulePath: goModule(repository),
        importBasePath: `${goModule(repository)}/salesforceeca`,
        respectSchemaVersion: true,
      },
    },
  };
}

/** A program in each language, with the marks by which generators and the Registry choose one. */
export function examples(repository: string | undefined): string {
  const texts = programs.replaceAll('GO_MODULE', goModule(repository));
  return `{{% examples %}}\n## Example Usage\n{{% example %}}\n\n${texts}\n{{% /example %}}\n{{% /examples %}}`;
}

/** The module lies in the repository and is named by its address; without one, programs replace the name by a folder. */
function goModule(repository: string | undefined): string {
  return `${repository?.replace(/^https:\/\//, '') ?? manifest.name}/sdk/go`;
}

/** The README of an SDK, with its example. */
function readme(name: string, language: string): string {
  const example = new RegExp(`^\`\`\`${language}\\n[^]*?^\`\`\`$`, 'm').exec(programs)?.[0] ?? '';
  return `# ${name}\n\n${description}\n\n${example}\n`;
}
