import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { packagePages, readmeSections } from '../../../../tools/packages/packagePages.js';
import { withLinksOfPackage } from '../../../../tools/packages/pageLinks.js';
import { repositoryFolder } from '../../../../tools/pulumiCli/repository.js';
import { codeBlocksOf } from '../../../support/codeBlocks.js';
import { isImage, isLink, parsePage, type Page } from '../../../support/pages.js';

const carried = [...packagePages, ...readmeSections()];
const address = 'https://git.invalid/acme/eca';

const linksOf = ({ path, tokens }: Page): string[] =>
  [...tokens.filter(isLink), ...tokens.filter(isImage)]
    .map(({ href }) => href.split('#', 1)[0] ?? '')
    .filter((href) => href !== '')
    .map((href) => (/^https?:/.test(href) ? href : posix.join(posix.dirname(path), href)));

describe('the pages in the package', () => {
  it('are those of docs, with their code blocks, and lead to no file that the package lacks', () => {
    assert.ok(packagePages.includes('docs/troubleshooting.md') && packagePages.length > 15);
    for (const path of packagePages) {
      const text = readFileSync(join(repositoryFolder, path), 'utf8');
      const packed = parsePage(path, withLinksOfPackage(path, text, carried, undefined));
      assert.deepEqual(
        linksOf(packed).filter(
          (target) => !/^https?:/.test(target) && !packagePages.includes(target) && target !== 'README.md',
        ),
        [],
        path,
      );
      assert.deepEqual(codeBlocksOf(packed), codeBlocksOf(parsePage(path, text)));
    }
  });

  it("lead to the package's own README for what is in it", () => {
    const page = '[a](../README.md#install), [b](../README.md#quick-start)';
    assert.equal(
      withLinksOfPackage('docs/m.md', page, carried, undefined),
      '[a](../README.md#install), b (`README.md` in the repository)',
    );
  });

  it('name no address of the repository until there is one', () => {
    const page =
      '[a](drift.md#b), [c [d]](../examples/e/README.md#f), ![g](h.png), [i](https://j.invalid), [k](#l)';
    const links = (to?: string): string => withLinksOfPackage('docs/m.md', page, ['docs/drift.md'], to);
    assert.equal(
      links(),
      '[a](drift.md#b), c [d] (`examples/e/README.md` in the repository), , [i](https://j.invalid), [k](#l)',
    );
    assert.equal(
      links(address),
      `[a](drift.md#b), [c [d]](${address}/blob/HEAD/examples/e/README.md#f), ![g](${address}/raw/HEAD/docs/h.png), [i](https://j.invalid), [k](#l)`,
    );
  });
});
