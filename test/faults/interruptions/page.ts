import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import type { ChangingOperation } from './changingOperations.js';

/** What the page says about one kind of interruption. */
export interface PageSection {
  /** Its text, without the code. */
  text: string;
  /** The commands of its code blocks, word by word, each without the `pulumi` in front. */
  commands: readonly (readonly string[])[];
}

/** The page that tells users what to type after an interruption. */
export const pagePath = 'docs/interrupted-runs.md';

export function readPage(): string {
  return readFileSync(join(repositoryFolder, pagePath), 'utf8');
}

/**
 * The text of the section of a page under a heading of the second level.
 *
 * @throws Error when there is none
 */
export function sectionTextOf(page: string, heading: string): string {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`the page has no heading "${heading}"`);
  return section;
}

/**
 * The section of a page under a heading of the second level.
 *
 * @throws Error when there is none, when it has no commands, or something else than `pulumi` commands
 */
export function sectionOf(page: string, heading: string): PageSection {
  const section = sectionTextOf(page, heading);
  const block = /^```sh\n([^]*?)^```$/gm;
  const lines = [...section.matchAll(block)].flatMap(([, code = '']) => code.split('\n'));
  const commands = lines
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [program, ...args] = line.split(/\s+/);
      if (program !== 'pulumi') throw new Error(`"${heading}" holds what is no pulumi command: ${line}`);
      return args;
    });
  if (commands.length === 0) throw new Error(`"${heading}" does not say what to type`);
  return { text: section.replace(block, '').replace(/\s+/g, ' '), commands };
}

/**
 * A command of the page as a user types it after an operation: `up` stands for what was interrupted, as the page says. Nobody is
 * there to answer, so that there is no preview and no question.
 */
export function asTyped([name = '', ...args]: readonly string[], operation: ChangingOperation): string[] {
  const typed = name === 'up' && operation === 'delete' ? 'destroy' : name;
  const hasPreview = ['up', 'destroy', 'refresh'].includes(typed);
  return [...new Set([typed, ...args, ...(hasPreview ? ['--yes', '--skip-preview'] : [])])];
}
