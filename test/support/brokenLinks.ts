import { posix } from 'node:path';
import GithubSlugger from 'github-slugger';
import { isHeading, isHtml, isImage, isLink, readPage, type Page } from './pages.js';

/** The anchors of a page: of its headings, as GitHub makes them, and those that it sets by itself. */
function anchorsOf(page: Page): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  // Links within a heading count by their text.
  const texts = page.tokens.filter(isHeading).map(({ text }) => text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'));
  const ids = page.tokens.filter(isHtml).flatMap(({ text }) => /^<a id="([^"]+)">$/.exec(text)?.[1] ?? []);
  return new Set([...texts.map((text) => slugger.slug(text.replaceAll('`', ''))), ...ids]);
}

/** What is wrong with the links of a page to files, folders and headings, if only these files of the repository are there. */
export function linkFaultsOf(page: Page, files: ReadonlySet<string>): string[] {
  const links = [...page.tokens.filter(isLink), ...page.tokens.filter(isImage)];
  return links.flatMap(({ href }) => {
    if (/^[a-z][a-z+.-]*:/i.test(href)) return [];
    const [path = '', anchor] = decodeURIComponent(href).split('#', 2);
    const target = path === '' ? page.path : posix.join(posix.dirname(page.path), path).replace(/\/$/, '');
    const isFile = path === '' || files.has(target);
    if (!isFile && ![...files].some((file) => file.startsWith(`${target}/`)))
      return [`${page.path}: ${href} leads to no file`];
    if (anchor === undefined) return [];
    if (!isFile || !target.endsWith('.md')) return [`${page.path}: ${href} is not a page`];
    const anchors = anchorsOf(path === '' ? page : readPage(target));
    return anchors.has(anchor) ? [] : [`${page.path}: ${href} has no such heading`];
  });
}
