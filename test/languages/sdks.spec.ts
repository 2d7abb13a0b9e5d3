import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { sdkGenerators } from '../../tools/sdks/sdkGenerators.js';
import { sdkFolder, writeSdks } from '../../tools/sdks/writeSdks.js';
import {
  createEmptyProject,
  isolatedEnvironment,
  repositoryNodeModules,
  type TemporaryProject,
} from '../support/temporaryProject.js';

const buildLimitMs = 20 * 60 * 1000;

/** The files of a folder by their paths. */
async function filesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  const files = paths.map(
    async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const,
  );
  return new Map(await Promise.all(files));
}

/** Skips what a hook or test is for, and says why. */
function skip(context: Mocha.Context, what: string, error: unknown): never {
  console.log(
    `      skipped, because ${what} could not be had: ${error instanceof Error ? error.message : String(error)}`,
  );
  return context.skip();
}

describe('the SDKs of the package salesforce-eca', function () {
  this.timeout(buildLimitMs);
  let project: TemporaryProject;
  /** A copy of what is committed: compilers write beside their sources. */
  let sdks: string;

  before(async () => {
    project = await createEmptyProject();
    sdks = join(project.folder, 'sdk');
    await cp(sdkFolder, sdks, { recursive: true });
  });
  after(() => project.remove());

  async function passes(command: string, args: readonly string[], cwd: string): Promise<void> {
    const env = { ...isolatedEnvironment([]), GOWORK: 'off', GOFLAGS: '' };
    const { code, stdout, stderr } = await runProcess(command, args, { cwd, env, deadlineMs: buildLimitMs });
    assert.equal(code, 0, stdout + stderr);
  }

  it('are what the generators of Pulumi make of the schema', async function () {
    await sdkGenerators().catch((error: unknown) => skip(this, "Pulumi's SDK generators", error));
    const fresh = join(project.folder, 'fresh');
    await mkdir(fresh);
    await writeSdks(fresh);
    const [committed, expected] = [await filesOf(sdkFolder), await filesOf(fresh)];
    const advice = 'run "npm run sdks"';
    assert.deepEqual([...committed.keys()], [...expected.keys()], advice);
    for (const [path, text] of expected) assert.equal(committed.get(path), text, `${path}: ${advice}`);
  });

  it('for Node.js passes the type check of TypeScript', async () => {
    const compiler = join(repositoryNodeModules, '.bin/tsc');
    await passes(compiler, ['-p', join(sdkFolder, 'nodejs'), '--noEmit'], sdks);
  });

  it('for Python compiles', async function () {
    await passes('python3', ['--version'], sdks).catch((error: unknown) => skip(this, 'Python', error));
    await passes('python3', ['-m', 'compileall', '-q', 'python'], sdks);
  });

  it('for Go builds', async function () {
    await passes('go', ['version'], sdks).catch((error: unknown) => skip(this, 'Go', error));
    // With the flag the builds of the CLI and the generators share what they have compiled.
    await passes('go', ['build', '-trimpath', '-buildvcs=false', './...'], join(sdks, 'go'));
  });
});
