import assert from 'node:assert/strict';
import { posix } from 'node:path';
import GithubSlugger from 'github-slugger';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { runProcess } from '../../../tools/pulumiCli/runProcess.js';
import {
  isHeading,
  isHtml,
  isImage,
  isLink,
  parsePage,
  readPage,
  readPages,
  type Page,
} from '../../support/pages.js';

/** The anchors of a page: of its headings, as GitHub makes them, and those that it sets by itself. */
function anchorsOf(page: Page): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  // Links within a heading count by their text.
  const texts = page.tokens.filter(isHeading).map(({ text }) => text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'));
  const ids = page.tokens.filter(isHtml).flatMap(({ text }) => /^<a id="([^"]+)">$/.exec(text)?.[1] ?? []);
  return new Set([...texts.map((text) => slugger.slug(text.replaceAll('`', ''))), ...ids]);
}

/** What a clone of the repository holds, and what is about to be added to it: a file that git ignores is not there for a reader. */
async function filesOfClone(): Promise<ReadonlySet<string>> {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await runProcess('git', list, { cwd: repositoryFolder, deadlineMs: 20_000 });
  return new Set(stdout.split('\n'));
}

/** What is wrong with the links of a page to files, folders and headings of this repository. */
function faultsOf(page: Page, files: ReadonlySet<string>): string[] {
  const links = [...page.tokens.filter(isLink), ...page.tokens.filter(isImage)];
  return links.flatMap(({ href }) => {
    if (/^[a-z][a-z+.-]*:/i.test(href)) return [];
    const [path = '', anchor] = decodeURIComponent(href).split('#', 2);
    const target = path === '' ? page.path : posix.join(posix.dirname(page.path), path).replace(/\/$/, '');
    const isFile = path === '' || files.has(target);
    if (!isFile && ![...files].some((file) => file.startsWith(`${target}/`)))
      return [`${page.path}: ${href} leads to no file`];
    if (anchor === undefined) return [];
    if (!isFile || !target.endsWith('.md')) return [`${page.path}: ${href} is no page`];
    const anchors = anchorsOf(path === '' ? page : readPage(target));
    return anchors.has(anchor) ? [] : [`${page.path}: ${href} has no such heading`];
  });
}

describe('links of the pages', () => {
  it('lead to files and headings that are there', async () => {
    const files = await filesOfClone();
    const pages = readPages();
    assert.ok(pages.some(({ path }) => path === 'docs/troubleshooting.md'));
    assert.deepEqual(
      pages.flatMap((page) => faultsOf(page, files)),
      [],
    );
  });

  it('are seen where they stand, also in tables, and told from those to elsewhere', () => {
    const files = new Set(['docs/page.md', 'README.md', 'package.json']);
    const text = [
      '# A `code` heading: [linked](https://example.com)',
      '| a | b |\n| --- | --- |\n| [gone](docs/gone.md) | ![gone](gone.svg) |\n',
      '- <a id="x1"></a>[anchor](#x1), [here](#a-code-heading-linked), [nowhere](#a-heading), [web](https://example.com/#x), [folder](docs/)',
      '[code](package.json#scripts), `[no](link.md)`, [reference]\n\n[reference]: README.md#no-such-heading\n',
    ].join('\n\n');
    assert.deepEqual(faultsOf(parsePage('page.md', `${text}\n`), files).sort(), [
      'page.md: #a-heading has no such heading',
      'page.md: README.md#no-such-heading has no such heading',
      'page.md: docs/gone.md leads to no file',
      'page.md: gone.svg leads to no file',
      'page.md: package.json#scripts is no page',
    ]);
  });
});
