import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { actionlintProgram } from '../../../tools/actionlint.js';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { runProcess, type ProcessResult } from '../../../tools/pulumiCli/runProcess.js';
import { createEmptyProject } from '../../support/temporaryProject.js';

describe('the workflow files', function () {
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

  /** Lints the workflows of a folder of the repository, in a copy that may be changed before. */
  async function lint(source: string, change?: (folder: string) => Promise<void>): Promise<ProcessResult> {
    const project = await createEmptyProject();
    try {
      const folder = join(project.folder, '.github');
      await cp(join(repositoryFolder, source, '.github'), folder, { recursive: true });
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

  for (const [source, files] of [
    ['.', ['ci.yml', 'release.yml']],
    ['examples/promotion', ['promote.yml', 'stage.yml']],
    ['examples/drift-detection', ['drift.yml']],
  ] as const) {
    it(`of ${source === '.' ? 'this repository' : source} are found by their linter to be right`, async () => {
      assert.deepEqual((await readdir(join(repositoryFolder, source, '.github/workflows'))).sort(), files);
      const { code, stdout, stderr } = await lint(source);
      assert.equal(stdout + stderr, '');
      assert.equal(code, 0);
    });
  }

  it('are linted indeed: an input that the called workflow does not have is found', async () => {
    const { code, stdout } = await lint('examples/promotion', async (folder) => {
      const file = join(folder, 'promote.yml');
      await writeFile(file, (await readFile(file, 'utf8')).replace('stage: prod', 'stages: prod'));
    });
    assert.equal(code, 1);
    assert.match(stdout, /input "stages" is not defined in "\.\/\.github\/workflows\/stage\.yml"/);
  });
});
