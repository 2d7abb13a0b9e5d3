import assert from 'node:assert/strict';
import { isCode, readPage, type Page } from './pages.js';

/** A code block of a page. */
export interface CodeBlock {
  page: string;
  /** The first word after the fence; empty if there is none. */
  language: string;
  text: string;
}

export const codeBlocksOf = ({ path, tokens }: Page): CodeBlock[] =>
  tokens
    .filter(isCode)
    .map(({ lang = '', text }) => ({ page: path, language: lang.split(' ')[0] ?? '', text }));

/** The only block of a page that is equal to a text; if there is none, the only one that contains it. */
export function blockOf(
  page: string,
  holding: string,
  blocks: readonly CodeBlock[] = codeBlocksOf(readPage(page)),
): CodeBlock {
  const equal = blocks.filter(({ text }) => text === holding);
  const [found, ...others] = equal.length > 0 ? equal : blocks.filter(({ text }) => text.includes(holding));
  assert.ok(
    found !== undefined && others.length === 0,
    `${page} has one code block, and no other, with "${holding}"`,
  );
  return found;
}

/**
 * The text of the only code block of a page that contains a text, for a test that runs it. Both arguments are literals in each call:
 * `test/unit/docs/runBlocks.spec.ts` finds the calls in the source, and by them the blocks that no test runs.
 */
export function codeBlock(page: string, holding: string): string {
  return `${blockOf(page, holding).text}\n`;
}
