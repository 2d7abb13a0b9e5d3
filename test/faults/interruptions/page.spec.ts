import assert from 'node:assert/strict';
import { columnsOf } from './cells.js';
import { asTyped, sectionOf } from './page.js';

const page = (code: string): string => `# Page\n\n## One\n\nFirst\nline.\n\n${code}\n## Two\n\nNothing.\n`;
const block = (...lines: string[]): string => ['```sh', ...lines, '```', ''].join('\n');

describe('the page about interrupted runs, as the matrix reads it', () => {
  it('yields the commands of a section without comments, and its text without the code', () => {
    const text = page(block('pulumi cancel --yes   # locked', '', '# only words', 'pulumi up'));
    assert.deepEqual(sectionOf(text, 'One'), {
      text: 'One First line. ',
      commands: [['cancel', '--yes'], ['up']],
    });
  });

  it('must have the heading, and only commands of pulumi below it', () => {
    const text = page(block('pulumi up'));
    assert.throws(() => sectionOf(text, 'On'), { message: 'the page has no heading "On"' });
    assert.throws(() => sectionOf(text, 'Two'), { message: '"Two" does not say what to type' });
    assert.throws(() => sectionOf(page(block('rm -rf state')), 'One'), {
      message: '"One" holds what is no pulumi command: rm -rf state',
    });
  });

  it('is typed word by word, without input, after the interrupted command', () => {
    assert.deepEqual(asTyped(['cancel', '--yes'], 'update'), ['cancel', '--yes']);
    assert.deepEqual(asTyped(['refresh', '--yes'], 'create'), ['refresh', '--yes', '--skip-preview']);
    assert.deepEqual(asTyped(['up'], 'create'), ['up', '--yes', '--skip-preview']);
    assert.deepEqual(asTyped(['up'], 'delete'), ['destroy', '--yes', '--skip-preview']);
  });
});

describe('the columns of the matrix of interruptions', () => {
  it('are the requests of a run, with consecutive equal ones only once', () => {
    assert.deepEqual(
      columnsOf(['token', 'retrieve', 'checkRetrieveStatus', 'checkRetrieveStatus', 'retrieve', 'query']),
      [
        { name: 'token', kind: 'token', nth: 1 },
        { name: 'retrieve', kind: 'retrieve', nth: 1 },
        { name: 'retrieve status', kind: 'checkRetrieveStatus', nth: 1 },
        { name: 'verify', kind: 'retrieve', nth: 2 },
        { name: 'query', kind: 'query', nth: 1 },
      ],
    );
  });
});
