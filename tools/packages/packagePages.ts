import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import GithubSlugger from 'github-slugger';
import { repositoryFolder } from '../pulumiCli/repository.js';

/** The pages that `pulumi-salesforce-eca` carries, by their paths in the repository and in the package: all but those about this repository, and the one for the Pulumi Registry. */
export const packagePages: readonly string[] = globSync(['docs/*.md', 'docs/api/pulumi-salesforce-eca.md'], {
  cwd: repositoryFolder,
  exclude: ['docs/_index.md', 'docs/conformance.md', 'docs/setup-page.md'],
}).map((path) => path.replaceAll('\\', '/'));

/** The sections of the package's own README, as {@link packagePages} name them: `README.md#install`. */
export function readmeSections(): string[] {
  const readme = readFileSync(join(repositoryFolder, 'provider/README.md'), 'utf8');
  const slugger = new GithubSlugger();
  return [...readme.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => `README.md#${slugger.slug(title)}`);
}

/** The repository's address: `repository` in the root's package.json. */
export function repositoryAddress(): string | undefined {
  const manifest: unknown = JSON.parse(readFileSync(join(repositoryFolder, 'package.json'), 'utf8'));
  return typeof manifest === 'object' &&
    manifest !== null &&
    'repository' in manifest &&
    typeof manifest.repository === 'string'
    ? manifest.repository
    : undefined;
}
