import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { actionlintProgram } from '../../../tools/actionlint.js';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { runProcess, type ProcessResult } from '../../../tools/pulumiCli/runProcess.js';
import { zizmorProgram } from '../../../tools/zizmor.js';
import { createEmptyProject } from '../../support/temporaryProject.js';

const sources = [
  ['.', ['advisories.yml', 'ci.yml', 'release.yml']],
  ['examples/promotion', ['promote.yml', 'stage.yml']],
  ['examples/pipeline', ['audit.yml', 'drift.yml', 'preview.yml', 'up.yml']],
] as const;

/** A linter, and a fault of a workflow that it finds. */
interface Linter {
  name: string;
  program: () => Promise<string>;
  args: readonly string[];
  /** What it prints where nothing is wrong. */
  nothing: RegExp;
  fault: { what: string; from: string; to: string; code: number; found: RegExp };
}

const linters: readonly Linter[] = [
  {
    name: 'actionlint',
    program: actionlintProgram,
    args: ['-no-color', '-shellcheck=', '-pyflakes='],
    nothing: /^$/,
    fault: {
      what: 'an input that the called workflow does not have',
      from: 'stage: prod',
      to: 'stages: prod',
      code: 1,
      found: /input "stages" is not defined in "\.\/\.github\/workflows\/stage\.yml"/,
    },
  },
  {
    name: 'zizmor',
    program: zizmorProgram,
    args: [
      '--offline',
      '--no-progress',
      '--color=never',
      '--quiet',
      '--strict-collection',
      `--config=${join(repositoryFolder, '.github/zizmor.yml')}`,
      '.',
    ],
    nothing: /^No findings to report\./,
    fault: {
      what: 'a workflow that hands on every secret',
      from: 'secrets:\n      PULUMI_ACCESS_TOKEN: ${{ secrets.PULUMI_ACCESS_TOKEN }}\n  uat:',
      to: 'secrets: inherit\n  uat:',
      code: 13,
      found: /secrets-inherit/,
    },
  },
];

for (const { name, program, args, nothing, fault } of linters) {
  describe(`the workflow files, to ${name}`, function () {
    this.timeout(300_000);
    let linter: string;

    before(async function () {
      try {
        linter = await program();
      } catch (error) {
        console.log(
          `      skipped, because ${name} could not be had: ${error instanceof Error ? error.message : String(error)}`,
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
        // The linters take the folder with .git for the root, where they look for the workflows that others call.
        await mkdir(join(project.folder, '.git'));
        await change?.(join(folder, 'workflows'));
        return await runProcess(linter, args, { cwd: project.folder, deadlineMs: 60_000 });
      } finally {
        await project.remove();
      }
    }

    for (const [source, files] of sources) {
      it(`of ${source === '.' ? 'this repository' : source} are valid`, async () => {
        assert.deepEqual((await readdir(join(repositoryFolder, source, '.github/workflows'))).sort(), files);
        const { code, stdout, stderr } = await lint(source);
        assert.match(stdout + stderr, nothing);
        assert.equal(code, 0);
      });
    }

    it(`are really linted: ${fault.what} is found`, async () => {
      const { code, stdout } = await lint('examples/promotion', async (folder) => {
        const file = join(folder, 'promote.yml');
        await writeFile(file, (await readFile(file, 'utf8')).replace(fault.from, fault.to));
      });
      assert.match(stdout, fault.found);
      assert.equal(code, fault.code);
    });
  });
}
