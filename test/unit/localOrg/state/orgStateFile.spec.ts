import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StatePart } from '../../../../local-org/src/state/keptState.js';
import { OrgStateFile } from '../../../../local-org/src/state/orgStateFile.js';

describe('the state file of an org', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'state-file-'));
    path = join(folder, 'dev.state');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Opens the file, records the steps and leaves it as a killed process would. */
  function leave(...steps: readonly (readonly [StatePart, string, string | undefined])[][]): void {
    const file = new OrgStateFile(path, 'dev');
    file.begin();
    for (const step of steps) {
      for (const [part, key, value] of step) {
        if (value === undefined) file.remove(part, key);
        else file.put(part, key, value);
      }
      file.flush();
    }
  }

  function read(part: StatePart): Record<string, unknown> {
    return Object.fromEntries(new OrgStateFile(path, 'dev').entries(part));
  }

  it('returns what was stored, and not what was removed', () => {
    leave([['sessions', 'a', 'one']], [['sessions', 'b', 'two']], [['sessions', 'a', undefined]]);
    assert.deepEqual(read('sessions'), { b: 'two' });
    leave([['sessions', 'c', 'three\nand a half']]);
    assert.deepEqual(read('sessions'), { b: 'two', c: 'three\nand a half' });
  });

  it('contains a step completely or not at all, wherever writing it was interrupted', async () => {
    leave([
      ['components', 'A', 'before'],
      ['components', 'B', 'before'],
    ]);
    const before = await readFile(path);
    const file = new OrgStateFile(path, 'dev');
    file.begin();
    const start = (await readFile(path)).length;
    file.put('components', 'A', 'after “ä”');
    file.put('components', 'B', 'after');
    file.put('deploys', '1', 'ended');
    file.flush();
    const written = await readFile(path);
    assert.ok(written.length > start && before.length > 0);
    for (let length = start; length <= written.length; length += 1) {
      await writeFile(path, written.subarray(0, length));
      const isWhole = length === written.length;
      assert.deepEqual(
        { ...read('components'), ...read('deploys') },
        isWhole ? { A: 'after “ä”', B: 'after', 1: 'ended' } : { A: 'before', B: 'before' },
        `cut after ${length - start} of ${written.length - start} bytes`,
      );
    }
  });

  it('continues after a step that was interrupted', async () => {
    leave([['sessions', 'a', 'one']]);
    await writeFile(path, `${await readFile(path, 'utf8')}[["sessions","b","tw`);
    leave([['sessions', 'c', 'three']]);
    assert.deepEqual(read('sessions'), { a: 'one', c: 'three' });
  });

  it('is readable only by its owner', async () => {
    leave();
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  const refused: readonly [what: string, change: (lines: string[]) => void, message: RegExp][] = [
    [
      'of a newer format',
      (lines) => {
        lines[0] = lines[0]!.replace('"version":1', '"version":2');
      },
      /dev\.state is of state format 2; this release reads format 1\. Use the release that wrote it, or name another folder\.$/,
    ],
    [
      'of another org',
      (lines) => {
        lines[0] = lines[0]!.replace('"dev"', '"uat"');
      },
      /dev\.state holds the org "uat", not "dev"\. Move the file away to begin with a new org, or name another folder\.$/,
    ],
    [
      'that something else wrote',
      (lines) => {
        lines[0] = 'PK';
      },
      /dev\.state was not written by salesforce-local-org\. Move the file away/,
    ],
    [
      'that is damaged in the middle',
      (lines) => {
        lines[1] = lines[1]!.slice(0, 10);
      },
      /^Line 2 of .*dev\.state cannot be read: .* Move the file away/,
    ],
    [
      'with a part that this release does not know',
      (lines) => {
        lines[1] = '[["weather","a","b"]]';
      },
      /^Line 2 of .*dev\.state cannot be read: part is "weather"; it takes one of: org, components,/,
    ],
  ];
  for (const [what, change, message] of refused) {
    it(`is refused ${what}, and not changed`, async () => {
      leave([['sessions', 'a', 'one']]);
      const lines = (await readFile(path, 'utf8')).split('\n');
      change(lines);
      await writeFile(path, lines.join('\n'));
      assert.throws(() => new OrgStateFile(path, 'dev'), { name: 'StateError', message });
      assert.equal(await readFile(path, 'utf8'), lines.join('\n'));
    });
  }
});
