import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';

/** The one code block of a language in the policy pack's README. */
export async function readmeBlock(language: 'json' | 'typescript'): Promise<string> {
  const readme = await readFile(join(repositoryFolder, 'policy-pack/README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].filter(([, name]) => name === language);
  assert.equal(blocks.length, 1, `code blocks of ${language}`);
  return blocks[0]?.[2] ?? '';
}
