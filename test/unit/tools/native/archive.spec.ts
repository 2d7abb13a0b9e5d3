import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

  it('can be unpacked by tar: names, content, executables, and a time that never changes', async () => {
    const files = [
      { name: 'program', content: Buffer.from('#!/bin/sh\n'), executable: true },
      { name: 'a'.repeat(100), content: Buffer.alloc(512, 'x') },
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
        ['-rw-r--r--', '0/0', '512', '1980-01-01', '00:00', 'a'.repeat(100)],
        ['-rw-r--r--', '0/0', '0', '1980-01-01', '00:00', 'empty'],
      ],
    );
    await tar('-xzf', 'a.tar.gz');
    for (const { name, content } of files)
      assert.deepEqual(await readFile(join(folder.folder, name)), content);
  });

  it('has the same bytes whenever it is made, of many files too', async () => {
    const files = Array.from({ length: 20 }, (_, index) => ({
      name: `file-${index}`,
      content: Buffer.alloc(index * 1000, 'x'),
    }));
    assert.deepEqual(await tarGz(files), await tarGz(files));
  });
});
