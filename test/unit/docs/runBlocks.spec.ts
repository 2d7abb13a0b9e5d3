import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { interruptionKinds } from '../../faults/interruptions/interruptionKinds.js';
import { pagePath, sectionTextOf, readPage as readInterruptedRuns } from '../../faults/interruptions/page.js';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { blockOf, codeBlocksOf, type CodeBlock } from '../../support/codeBlocks.js';
import { parsePage, readPages } from '../../support/pages.js';
import { blocksRunBy } from '../../support/runBlocks.js';

/** The blocks that no test runs. */
const notRun: readonly { page: string; holding: string; why: string }[] = [
  {
    page: 'README.md',
    holding: 'npm ci && npm test',
    why: 'it installs anew what the tests run on, and runs the tests; the quickstart has tests of its own',
  },
  {
    page: 'docs/configuration.md',
    holding: 'sf org auth show-sfdx-auth-url',
    why: 'the Salesforce CLI must be signed in to an org, which takes a browser',
  },
  {
    page: 'docs/configuration.md',
    holding: 'sf org login web',
    why: 'the Salesforce CLI signs in with a browser',
  },
  {
    page: 'docs/performance.md',
    holding: 'npm run bench -- --full',
    why: 'it measures for minutes, and for hours; its parts and options have tests of their own',
  },
];

/** The blocks that the tests, and the tools that the workflows start, run. */
function blocksRun(): CodeBlock[] {
  const files = globSync(['test/**/*.ts', 'tools/**/*.ts', 'fleet/test/**/*.ts'], { cwd: repositoryFolder });
  // The tests of interruptions read their page by its headings.
  const sections = interruptionKinds.map(({ heading }) =>
    parsePage(pagePath, sectionTextOf(readInterruptedRuns(), heading)),
  );
  return [
    ...files.flatMap((file) => blocksRunBy(file, readFileSync(join(repositoryFolder, file), 'utf8'))),
    ...sections.flatMap(codeBlocksOf),
  ];
}

const isSame = (one: CodeBlock, other: CodeBlock): boolean =>
  one.page === other.page && one.text === other.text;
const isAmong = (block: CodeBlock, others: readonly CodeBlock[]): boolean =>
  others.some((other) => isSame(block, other));
/** A block in a message. */
const nameOf = ({ page, text }: CodeBlock): string => `${page}: ${text.split('\n', 1)[0] ?? ''}`;

describe('the commands in the pages', () => {
  it('are run by a test, or are listed here with the reason why not', () => {
    const blocks = readPages().flatMap(codeBlocksOf);
    const run = blocksRun();
    const listed = notRun.map(({ page, holding }) => blockOf(page, holding));
    assert.deepEqual(
      blocks.filter((block) => !isAmong(block, run) && !isAmong(block, listed)).map(nameOf),
      [],
      'neither run nor listed',
    );
    assert.deepEqual(
      listed.filter((block) => isAmong(block, run)).map(nameOf),
      [],
      'listed, and run all the same',
    );
  });

  it('are found in the source of the tests, which name a block by its page and a unique text in it', () => {
    const page = (path: string): CodeBlock[] =>
      codeBlocksOf(parsePage(path, '```sh\nfirst one\n```\n\n```sh\nsecond one\n```\n\n```json\n{}\n```\n'));
    const run = (source: string): string[] => blocksRunBy('a.ts', source, page).map(nameOf);
    assert.deepEqual(run("// codeBlock('a.md', 'first')\ntype(codeBlock('a.md', 'second'));"), [
      'a.md: second one',
    ]);
    assert.throws(
      () => run("codeBlock('a.md', 'third')"),
      /a\.md has one code block, and no other, with "third"/,
    );
    assert.throws(
      () => run("codeBlock('a.md', 'one')"),
      /a\.md has one code block, and no other, with "one"/,
    );
    assert.throws(
      () => run("codeBlock('a.md', name)"),
      /the arguments of codeBlock\('a.md', name\) are literals/,
    );
    const example = "const example = await Example.open('a');";
    assert.deepEqual(run(example), []);
    assert.deepEqual(run(`${example} example.assertAllTyped();`), [
      'examples/a/README.md: first one',
      'examples/a/README.md: second one',
    ]);
  });
});
