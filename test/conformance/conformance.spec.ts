import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outcomeOf, withoutSecrets, type Cell } from './cell.js';
import { ArgumentsError } from '../../tools/commandLineArguments.js';
import { NotOffered } from './client.js';
import { loopbackOnly } from './isolation.js';
import { operations } from './operations.js';
import { parseOptions, usage } from './options.js';
import { listOf, optionalNumber, parseJson, textOf } from './readAnswer.js';
import { releases } from './releases.js';
import { formatMarkdown, formatText, formatTotal } from './table.js';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';

const known = ['one', 'two'];

const clients = [
  { name: 'one', label: 'One 1.0' },
  { name: 'two', label: 'Two 2.0' },
];
const rows = [
  { name: 'list', group: 'read', label: 'list' },
  { name: 'cancel', group: 'by job id', label: 'cancel' },
  { name: 'resume', group: 'by job id', label: 'resume' },
] as const;
const cell = (client: string, operation: string, outcome: Cell['outcome']): Cell => ({
  client,
  operation,
  outcome,
});
const results = {
  clients,
  operations: rows,
  cells: [
    cell('one', 'list', { kind: 'passed' }),
    cell('one', 'cancel', { kind: 'notOffered', why: 'No such call.' }),
    cell('one', 'resume', { kind: 'notOffered', why: 'No such call.' }),
    cell('two', 'list', { kind: 'failed', why: 'expected 1\nfound 2' }),
    cell('two', 'cancel', { kind: 'notInstalled', why: 'there is no python3 on PATH' }),
  ],
};

describe('the conformance check', () => {
  it('runs all clients unless some are named, each once and in the order of the table', () => {
    const base = { clients: known, out: undefined, json: false, help: false };
    assert.deepEqual(parseOptions([], known), base);
    assert.deepEqual(
      parseOptions(['--client', 'two', '--client', 'one', '--client', 'two', '--json'], known),
      {
        ...base,
        json: true,
      },
    );
    assert.deepEqual(parseOptions(['--client', 'two', '--out', 'folder'], known), {
      ...base,
      clients: ['two'],
      out: 'folder',
    });
    assert.equal(parseOptions(['--help'], known).help, true);
  });

  for (const [args, message] of [
    [['--client', 'three'], "--client must be one of one, two (found 'three')."],
    [['--clients', 'one'], /Unknown option '--clients'/],
    [['one'], /Unexpected argument 'one'/],
    [['--out'], /'--out <value>' argument missing/],
  ] as const) {
    it(`refuses ${args.join(' ')}`, () => {
      assert.throws(() => parseOptions(args, known), { constructor: ArgumentsError, message });
    });
  }

  it('lists every client and the exit codes in its help', () => {
    const text = usage(releases.map(({ name }) => name));
    for (const { name } of releases) assert.ok(text.includes(name), name);
    assert.match(text, /0 if everything passed or is explained, 1 if something failed, 2 for/);
  });

  it('prints a table with a reason below for every mark except "passed", each reason once', () => {
    assert.equal(
      formatText(results),
      [
        '                   One 1.0          Two 2.0',
        'read: list          passed         FAILED 1',
        'by job id: cancel      – 2  not installed 3',
        'by job id: resume      – 2      NOT CHECKED',
        '',
        '1: expected 1',
        '   found 2',
        '2: No such call.',
        '3: there is no python3 on PATH',
      ].join('\n'),
    );
    assert.equal(formatTotal(results), '5 cells: 1 passed, 1 failed, 2 not offered, 1 not installed');
  });

  it('writes the same table as Markdown', () => {
    assert.equal(
      formatMarkdown(results),
      [
        '|  | One 1.0 | Two 2.0 |',
        '| --- | --- | --- |',
        '| read: list | passed | FAILED <sup>1</sup> |',
        '| by job id: cancel | – <sup>2</sup> | not installed <sup>3</sup> |',
        '| by job id: resume | – <sup>2</sup> | NOT CHECKED |',
        '',
        '1. expected 1 found 2',
        '2. No such call.',
        '3. there is no python3 on PATH',
      ].join('\n'),
    );
  });

  it('distinguishes what a client does not offer from what fails, and says why', async () => {
    assert.deepEqual(await outcomeOf(() => Promise.resolve()), { kind: 'passed' });
    assert.deepEqual(await outcomeOf(() => Promise.reject(new NotOffered('No such call.'))), {
      kind: 'notOffered',
      why: 'No such call.',
    });
    const failure = new Error('fetch failed', { cause: new Error('self-signed certificate') });
    assert.deepEqual(await outcomeOf(() => Promise.reject(failure)), {
      kind: 'failed',
      why: 'fetch failed: self-signed certificate',
    });
  });

  it('shows no credential from the output of a client', () => {
    for (const secret of [
      '00D000000000062!AQ.x_y',
      'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1aWQ6MSJ9.c2ln-bmF0dXJl',
      '5Aep000000000062.abc.def',
      'A'.repeat(64),
      '-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----',
    ]) {
      assert.equal(withoutSecrets(`before ${secret} after`), 'before [removed] after');
    }
  });

  it('reads the output of programs strictly', () => {
    assert.equal(textOf({ id: '1' }, 'id'), '1');
    assert.throws(() => textOf({ id: 1 }, 'id'), /the answer has no text "id": {"id":1}/);
    assert.deepEqual(listOf({ one: { a: 1 } }, 'one'), [{ a: 1 }]);
    assert.deepEqual(listOf(undefined, 'one'), []);
    assert.equal(optionalNumber({ line: '7' }, 'line'), 7);
    assert.equal(optionalNumber({ line: 'x' }, 'line'), undefined);
    assert.deepEqual(parseJson('a warning\n{"status":0}'), { status: 0 });
    assert.throws(() => parseJson('no JSON at all'), /this is not JSON: no JSON at all/);
  });

  it('keeps the connections of a Node.js client on this machine', async () => {
    const program = `
      fetch('http://client.invalid/').catch(({ cause }) => console.log(cause.message));
      require('node:http').get(process.argv[1]).on('error', ({ code }) => console.log(code));
    `;
    const { stdout } = await runProcess(process.execPath, ['-e', program, 'http://127.0.0.1:9/'], {
      env: { ...process.env, ...loopbackOnly },
      deadlineMs: 20_000,
    });
    assert.deepEqual(stdout.trim().split('\n').sort(), [
      'ECONNREFUSED',
      'no connection to client.invalid: only this machine may be asked here',
    ]);
  });

  it('has unique names for every operation and client', () => {
    for (const names of [operations.map(({ name }) => name), releases.map(({ name }) => name)])
      assert.equal(new Set(names).size, names.length);
  });

  it('has a page with every client, and every operation and what it compares', () => {
    const page = readFileSync(join(repositoryFolder, 'docs/conformance.md'), 'utf8').replace(/ +/g, ' ');
    for (const { label } of releases) assert.ok(page.includes(`| ${label} `), label);
    for (const { group, label, compares } of operations) {
      assert.ok(page.includes(`| ${group}: ${label} |`), label);
      assert.ok(page.includes(compares), compares);
    }
    assert.doesNotMatch(page, /\| (?:NOT CHECKED|FAILED|not installed)/);
  });
});
