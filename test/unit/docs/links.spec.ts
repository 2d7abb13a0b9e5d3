import assert from 'node:assert/strict';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { runProcess } from '../../../tools/pulumiCli/runProcess.js';
import { linkFaultsOf } from '../../support/brokenLinks.js';
import { parsePage, readPages } from '../../support/pages.js';

/** What a clone of the repository holds, and what is about to be added to it: a file that git ignores is not there for a reader. */
async function filesOfClone(): Promise<ReadonlySet<string>> {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await runProcess('git', list, { cwd: repositoryFolder, deadlineMs: 20_000 });
  return new Set(stdout.split('\n'));
}

describe('links of the pages', () => {
  it('lead to files and headings that exist', async () => {
    const files = await filesOfClone();
    const pages = readPages();
    assert.ok(pages.some(({ path }) => path === 'docs/troubleshooting.md'));
    assert.deepEqual(
      pages.flatMap((page) => linkFaultsOf(page, files)),
      [],
    );
  });

  it('are found anywhere, also in tables, and distinguished from external ones', () => {
    const files = new Set(['docs/page.md', 'README.md', 'package.json']);
    const text = [
      '# A `code` heading: [linked](https://example.com)',
      '| a | b |\n| --- | --- |\n| [gone](docs/gone.md) | ![gone](gone.svg) |\n',
      '- <a id="x1"></a>[anchor](#x1), [here](#a-code-heading-linked), [nowhere](#a-heading), [web](https://example.com/#x), [folder](docs/)',
      '[code](package.json#scripts), `[no](link.md)`, [reference]\n\n[reference]: README.md#no-such-heading\n',
    ].join('\n\n');
    assert.deepEqual(linkFaultsOf(parsePage('page.md', `${text}\n`), files).sort(), [
      'page.md: #a-heading has no such heading',
      'page.md: README.md#no-such-heading has no such heading',
      'page.md: docs/gone.md leads to no file',
      'page.md: gone.svg leads to no file',
      'page.md: package.json#scripts is not a page',
    ]);
  });
});
