import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useFakeTimers } from 'sinon';
import { tarGz } from '../../../../tools/native/archive.js';
import { runProcess } from '../../../../tools/pulumiCli/runProcess.js';
import { createEmptyProject, type TemporaryProject } from '../../../support/temporaryProject.js';

describe('an archive', () => {
  let folder: TemporaryProject;
  beforeEach(async () => {
    folder = await createEmptyProject();
  });
  afterEach(() => folder.remove());

  const tar = async (...args: string[]): Promise<string> => {
    const options = { cwd: folder.folder, env: { ...process.env, TZ: 'UTC' }, deadlineMs: 20_000 };
    const { code, stdout, stderr } = await runProcess('tar', args, options);
    assert.equal(code, 0, stderr);
    return stdout;
  };

  it('is unpacked by tar: names, content, programs, and a time that never changes', async () => {
    const files = [
      { name: 'program', content: Buffer.from('#!/bin/sh\n'), executable: true },
      { name: 'a'.repeat(120), content: Buffer.alloc(512, 'x') },
      { name: 'empty', content: Buffer.alloc(0) },
    ];
    await writeFile(join(folder.folder, 'a.tar.gz'), await tarGz(files));
    const listed = await tar('-tvzf', 'a.tar.gz');
    assert.deepEqual(
      listed
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/\s+/)),
      [
        ['-rwxr-xr-x', '0/0', '10', '1980-01-01', '00:00', 'program'],
        ['-rw-r--r--', '0/0', '512', '1980-01-01', '00:00', 'a'.repeat(120)],
        ['-rw-r--r--', '0/0', '0', '1980-01-01', '00:00', 'empty'],
      ],
    );
    await tar('-xzf', 'a.tar.gz');
    for (const { name, content } of files)
      assert.deepEqual(await readFile(join(folder.folder, name)), content);
  });

  it('has the same bytes whenever it is made', async () => {
    const clock = useFakeTimers({ now: 0, toFake: ['Date'] });
    try {
      const files = [{ name: 'program', content: Buffer.from('#!/bin/sh\n'), executable: true }];
      const before = await tarGz(files);
      clock.setSystemTime(new Date('2040-01-01'));
      assert.deepEqual(await tarGz(files), before);
    } finally {
      clock.restore();
    }
  });
});
