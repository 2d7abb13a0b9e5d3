import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { actionlintProgram } from '../../../tools/actionlint.js';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { runProcess, type ProcessResult } from '../../../tools/pulumiCli/runProcess.js';
import { createEmptyProject } from '../../support/temporaryProject.js';

describe('the workflow files of the examples', function () {
  this.timeout(300_000);
  let actionlint: string;

  before(async function () {
    try {
      actionlint = await actionlintProgram();
    } catch (error) {
      console.log(
        `      skipped, because actionlint could not be had: ${error instanceof Error ? error.message : String(error)}`,
      );
      this.skip();
    }
  });

  /** Lints the workflows of an example, in a copy that may be changed before. */
  async function lint(example: string, change?: (folder: string) => Promise<void>): Promise<ProcessResult> {
    const project = await createEmptyProject();
    try {
      const folder = join(project.folder, '.github');
      await cp(join(repositoryFolder, 'examples', example, '.github'), folder, { recursive: true });
      // The linter takes the folder with .git for the root, where it looks for the workflows that others call.
      await mkdir(join(project.folder, '.git'));
      await change?.(join(folder, 'workflows'));
      return await runProcess(actionlint, ['-no-color', '-shellcheck=', '-pyflakes='], {
        cwd: project.folder,
        deadlineMs: 60_000,
      });
    } finally {
      await project.remove();
    }
  }

  for (const [example, files] of [
    ['promotion', ['promote.yml', 'stage.yml']],
    ['drift-detection', ['drift.yml']],
  ] as const) {
    it(`of ${example} are found by their linter to be right`, async () => {
      assert.deepEqual(
        (await readdir(join(repositoryFolder, 'examples', example, '.github/workflows'))).sort(),
        files,
      );
      const { code, stdout, stderr } = await lint(example);
      assert.equal(stdout + stderr, '');
      assert.equal(code, 0);
    });
  }

  it('are linted indeed: an input that the called workflow does not have is found', async () => {
    const { code, stdout } = await lint('promotion', async (folder) => {
      const file = join(folder, 'promote.yml');
      await writeFile(file, (await readFile(file, 'utf8')).replace('stage: prod', 'stages: prod'));
    });
    assert.equal(code, 1);
    assert.match(stdout, /input "stages" is not defined in "\.\/\.github\/workflows\/stage\.yml"/);
  });
});
