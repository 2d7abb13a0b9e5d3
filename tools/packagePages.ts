/**
 * `npm run package-pages`, a part of the build: writes the pages of `docs` into the package `pulumi-salesforce-eca`. A link to what the package
 * does not carry leads to the address of the repository, `repository` in the root's package.json; until that is set, it is text.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packagePages, readmeSections, repositoryAddress } from './packages/packagePages.js';
import { withLinksOfPackage } from './packages/pageLinks.js';
import { repositoryFolder } from './pulumiCli/repository.js';

const packageFolder = join(repositoryFolder, 'provider');
const address = repositoryAddress();
const carried = [...packagePages, ...readmeSections()];
rmSync(join(packageFolder, 'docs'), { recursive: true, force: true });
for (const path of packagePages) {
  const page = readFileSync(join(repositoryFolder, path), 'utf8');
  mkdirSync(dirname(join(packageFolder, path)), { recursive: true });
  writeFileSync(join(packageFolder, path), withLinksOfPackage(path, page, carried, address));
}
