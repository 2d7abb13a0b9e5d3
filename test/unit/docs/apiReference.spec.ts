import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { runProcess } from '../../../tools/pulumiCli/runProcess.js';
import {
  createEmptyProject,
  isolatedEnvironment,
  repositoryNodeModules,
} from '../../support/temporaryProject.js';

describe('the API reference', function () {
  this.timeout(60_000);

  it('matches the doc comments, whose links all lead somewhere', async () => {
    const project = await createEmptyProject();
    const { folder } = project;
    try {
      const { code, stdout, stderr } = await runProcess(
        join(repositoryNodeModules, '.bin/typedoc'),
        ['--out', folder],
        { cwd: repositoryFolder, env: isolatedEnvironment([]), deadlineMs: 50_000 },
      );
      assert.equal(code, 0, stdout + stderr);
      const advice = 'run "npm run api-docs"';
      const committed = join(repositoryFolder, 'docs/api');
      assert.deepEqual((await readdir(committed)).sort(), (await readdir(folder)).sort(), advice);
      for (const file of await readdir(folder)) {
        const [found, expected] = await Promise.all(
          [committed, folder].map((where) => readFile(join(where, file), 'utf8')),
        );
        assert.equal(found, expected, advice);
      }
    } finally {
      await project.remove();
    }
  });
});
