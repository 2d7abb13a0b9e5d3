import assert from 'node:assert/strict';
import { htmlOf, terminalPage } from '../../../../tools/screenshots/terminalPage.js';

describe('the picture of a terminal', () => {
  it('shows the colours of a text, and no other sequence', () => {
    assert.equal(
      htmlOf('a \u001b[38;5;2m+\u001b[0m \u001b[1m\u001b[31mb\u001b[39m\u001b[0m \u001b[2Kc'),
      'a <span style="color:#6bc46d">+</span> <span style="color:#f47067;font-weight:bold">b</span> c',
    );
  });

  it('never interprets text as markup', () => {
    assert.match(terminalPage('a < b', '<script>&'), /a &lt; b\n&lt;script&gt;&amp;/);
  });
});
