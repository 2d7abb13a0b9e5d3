import assert from 'node:assert/strict';
import type { RollOutStatus } from '../../src/contract/status.js';
import { statusMarkdown } from '../../src/reports/statusMarkdown.js';
import { statusOf } from '../../src/reports/statusOf.js';
import { statusText } from '../../src/reports/statusText.js';
import { textTable } from '../../src/reports/textTable.js';

const wave = {
  stacks: 1,
  orgs: 1,
  waiting: 0,
  running: 0,
  unchanged: 0,
  changed: 1,
  drifted: 0,
  failed: 0,
  failedOrgs: 0,
};
const status: RollOutStatus = {
  name: 'spring',
  operation: 'up',
  program: 'agent-gateway',
  digest: '0123456789abcdef',
  state: 'stopped',
  message: 'In prod, to 50 %, 1 org failed and 0 may.',
  waves: [
    { ...wave, stage: 'dev', wave: 'canary' },
    {
      ...wave,
      stage: 'prod',
      wave: 'to 50 %',
      stacks: 1234,
      orgs: 10_000,
      waiting: 8765,
      running: 4,
      failed: 1,
    },
  ],
  problems: [
    {
      stack: 'emea',
      stage: 'prod',
      status: 'failed',
      message: `ECA4001: the org refused it.\n\u001b[31m${'word '.repeat(80)}`,
      orgs: ['acme', 'globex'],
    },
  ],
  moreProblems: 3,
  requests: [
    {
      request: 'approve',
      stage: 'prod',
      by: 'ada',
      why: 'looks @good [here](http://x)',
      at: '2026-11-30T12:00:00.000Z',
    },
  ],
  startedAt: '2026-11-30T11:00:00.000Z',
};

describe('the status as text', () => {
  it('shows state, waves, problems and requests', () => {
    assert.equal(
      statusText(status).replace(/word[\sword]*…/, 'word …'),
      `spring: up of agent-gateway 0123456789ab
stopped: In prod, to 50 %, 1 org failed and 0 may.

stage  wave      orgs  stacks  waiting  running  unchanged  changed  drifted  failed
dev    canary       1       1        -        -          -        1        -       -
prod   to 50 %  10000    1234     8765        4          -        1        -       1

prod emea (acme, globex) failed
  ECA4001: the org refused it. [31mword …
and 3 more

2026-11-30T12:00:00 approve prod, asked by ada: looks @good [here](http://x)
`,
    );
  });

  it('fits into 100 columns, whatever the names are, and has no control characters', () => {
    const long = 'x'.repeat(120);
    const text = statusText({
      ...status,
      name: long,
      program: long,
      waves: status.waves.map((each) => ({ ...each, stage: long, wave: 'to 100 %' })),
    });
    for (const line of text.split('\n')) assert.ok(line.length <= 100, `${line.length}: ${line}`);
    assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}/u);
  });
});

describe('a table', () => {
  it('cuts the first and the last column where the lines would be too long', () => {
    const lines = textTable(['name', '#n', 'message'], [['n'.repeat(90), '1', 'm'.repeat(90)]]).split('\n');
    assert.ok(lines.every((line) => line.length <= 100));
    assert.match(lines[1] ?? '', /^n+… {2}1 {2}m+…$/);
  });
});

describe('the status as Markdown', () => {
  it('shows what orgs and people say as it is', () => {
    const text = statusMarkdown(status);
    assert.match(text, /^## spring: up of agent-gateway\n\n\*\*stopped\*\*: In prod/);
    assert.match(text, /\| prod \| to 50 % \| 10000 \| 1234 \| 8765 \| 4 \| 0 \| 1 \| 0 \| 1 \|/);
    assert.match(
      text,
      /\| prod \| emea \| acme, globex \| failed \| ECA4001: the org refused it\. \\\[31mword/,
    );
    assert.match(text, /and 3 more/);
    assert.match(text, /looks @\u200bgood \\\[here\\\]\(http:\u200b\/\/x\)/);
  });
});

describe('a status that the engine keeps', () => {
  it('is read as it is', () => {
    assert.deepEqual(statusOf(JSON.parse(JSON.stringify(status))), status);
  });

  it('is refused when something of it is missing', () => {
    for (const value of [undefined, 'done', { ...status, waves: [{}] }, { ...status, problems: undefined }]) {
      assert.throws(() => statusOf(value), /no status that this release understands/);
    }
  });
});
