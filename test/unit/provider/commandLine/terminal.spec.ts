import assert from 'node:assert/strict';
import { ProgressLine, showsColours } from '../../../../provider/src/commandLine/terminal.js';

describe('a terminal', () => {
  it('shows colours if it supports them and NO_COLOR is not set; a file or pipe never gets any', () => {
    const hasColors = (): boolean => true;
    assert.equal(showsColours({ isTTY: true, hasColors }, {}), true);
    assert.equal(showsColours({ isTTY: true, hasColors }, { NO_COLOR: '' }), true, 'https://no-color.org');
    assert.equal(showsColours({ isTTY: true, hasColors }, { NO_COLOR: '1', FORCE_COLOR: '1' }), false);
    assert.equal(showsColours({ isTTY: true, hasColors: () => false }, {}), false);
    assert.equal(showsColours({ hasColors }, {}), false, 'a pipe, a file');
  });

  it('shows a line of progress that fits its width and is cleared before other output', () => {
    const written: string[] = [];
    const write = (text: string): void => {
      written.push(text);
    };
    const line = new ProgressLine({ isTTY: true, columns: 12, write });
    line.clear();
    line.show('1 of 30 resources');
    line.clear();
    line.clear();
    assert.deepEqual(written, ['\r\u001b[K1 of 30 res', '\r\u001b[K']);
  });

  it('assumes 80 columns for a terminal that reports no width', () => {
    const written: string[] = [];
    new ProgressLine({ isTTY: true, columns: 0, write: (text: string) => written.push(text) }).show(
      'x'.repeat(100),
    );
    assert.deepEqual(written, [`\r\u001b[K${'x'.repeat(79)}`]);
  });

  it('has no line of progress if it is a file or a pipe', () => {
    const line = new ProgressLine({ write: (text: string) => assert.fail(text) });
    line.show('1 of 30 resources');
    line.clear();
  });
});
