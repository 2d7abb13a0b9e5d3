import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolders, publishedPackages } from '../../../tools/packages/publishedPackages.js';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { readPages } from '../../support/pages.js';

const names = Object.values(publishedPackages).join('|');
/** An install by the name of one of the packages; or of whatever a package.json names, as those of the examples do. */
const byName = new RegExp(
  `\\b(?:npm (?:install|i|add)|(?:pnpm|yarn) add|pip install)\\b[^\\n]*\\s(?:${names})(?=[\\s@]|$)|\`npm install\` in a copy of`,
  'gm',
);

// Goes with the first release: until then the names are unclaimed, and whoever takes one decides what an install of it runs.
describe('while the packages are in no registry', () => {
  it('no page installs them by name', () => {
    assert.match('npm install --save-dev salesforce-local-org', byName);
    const found = readPages().flatMap(({ path }) =>
      (readFileSync(join(repositoryFolder, path), 'utf8').match(byName) ?? []).map(
        (text) => `${path}: ${text}`,
      ),
    );
    assert.deepEqual(found, []);
  });

  for (const page of [
    'README.md',
    'examples/README.md',
    ...packageFolders.map((name) => `${name}/README.md`),
  ]) {
    it(`${page} says so, and how to install a file`, () => {
      const text = readFileSync(join(repositoryFolder, page), 'utf8');
      assert.match(
        text,
        /not in the npm registry yet, and any packages? there with \w+ names? (?:is|are) not/,
      );
      assert.match(text, /^npm pack --silent --workspace /m);
      assert.match(text, /^npm install .*\.\/[\w-]+-\d+\.\d+\.\d+\.tgz/m);
    });
  }
});
