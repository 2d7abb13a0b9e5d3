import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatProgram } from '../../provider/src/reports/export/programs.js';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { schemaFile } from '../../tools/schema/packageSchema.js';
import { sdkGenerators } from '../../tools/sdks/sdkGenerators.js';
import { sdkFolder, writeSdks } from '../../tools/sdks/writeSdks.js';
import {
  createTemporaryProject,
  isolatedEnvironment,
  repositoryNodeModules,
  type TemporaryProject,
} from '../support/temporaryProject.js';
import { mappingOf } from '../support/workflows.js';
import { awkwardTexts, exportedOrg, exportedPolicy } from '../support/exportedOrgs.js';
import { skip } from '../support/skip.js';

const buildLimitMs = 20 * 60 * 1000;

const exported = exportedOrg(
  awkwardTexts.map((name) =>
    exportedPolicy(name, { isNamedUserJwtEnabled: true, namedUserJwtSessionTimeoutType: 'UserSession' }),
  ),
);

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

/** The example in a language that the schema has, for the descriptions in the SDKs. */
async function exampleIn(language: string): Promise<string> {
  const schema: unknown = JSON.parse(await readFile(schemaFile, 'utf8'));
  const resource = mappingOf(mappingOf(schema)['resources'])[
    'salesforce-eca:index:ExternalClientAppJwtPolicy'
  ];
  const description = String(mappingOf(resource)['description']);
  const example = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'm').exec(description)?.[1];
  assert.ok(example, `an example in ${language}`);
  return example;
}

describe('the SDKs of the package salesforce-eca', function () {
  this.timeout(buildLimitMs);
  let project: TemporaryProject;
  /** A copy of what is committed: compilers write beside their sources. */
  let sdks: string;

  before(async () => {
    project = await createTemporaryProject();
    sdks = join(project.folder, 'sdk');
    await cp(sdkFolder, sdks, { recursive: true });
  });
  after(() => project.remove());

  async function passes(command: string, args: readonly string[], cwd: string): Promise<void> {
    const env = { ...isolatedEnvironment([]), GOWORK: 'off', GOFLAGS: '' };
    const { code, stdout, stderr } = await runProcess(command, args, { cwd, env, deadlineMs: buildLimitMs });
    assert.equal(code, 0, stdout + stderr);
  }

  it('are what the generators of Pulumi create from the schema', async function () {
    await sdkGenerators().catch((error: unknown) => skip(this, "Pulumi's SDK generators", error));
    const fresh = join(project.folder, 'fresh');
    await mkdir(fresh);
    await writeSdks(fresh);
    const [committed, expected] = [await filesOf(sdkFolder), await filesOf(fresh)];
    const advice = 'run "npm run sdks"';
    assert.deepEqual([...committed.keys()], [...expected.keys()], advice);
    for (const [path, text] of expected) assert.equal(committed.get(path), text, `${path}: ${advice}`);
  });

  it('for Node.js passes the type check of TypeScript, and so do its example and a program of an export', async () => {
    const compiler = join(repositoryNodeModules, '.bin/tsc');
    await passes(compiler, ['-p', join(sdks, 'nodejs'), '--noEmit'], sdks);
    await writeFile(join(sdks, 'example.ts'), await exampleIn('typescript'));
    await writeFile(join(sdks, 'exported.ts'), formatProgram(exported, 'typescript', 'native'));
    const paths = { 'pulumi-salesforce-eca-native': ['./nodejs/index.ts'] };
    const configuration = {
      extends: './nodejs/tsconfig.json',
      compilerOptions: { paths },
      files: ['example.ts', 'exported.ts'],
    };
    await writeFile(join(sdks, 'tsconfig.json'), JSON.stringify(configuration));
    await passes(compiler, ['-p', sdks, '--noEmit'], sdks);
  });

  it('for Python compiles, and so do its example and a program of an export', async function () {
    await passes('python3', ['--version'], sdks).catch((error: unknown) => skip(this, 'Python', error));
    await writeFile(join(sdks, 'python/example.py'), await exampleIn('python'));
    await writeFile(join(sdks, 'python/exported.py'), formatProgram(exported, 'python', 'native'));
    await passes('python3', ['-m', 'compileall', '-q', 'python'], sdks);
  });

  it('for Go builds, and so does its example', async function () {
    await passes('go', ['version'], sdks).catch((error: unknown) => skip(this, 'Go', error));
    await mkdir(join(sdks, 'go/example'));
    await writeFile(join(sdks, 'go/example/main.go'), await exampleIn('go'));
    // With the flag the builds of the CLI and the generators share what they have compiled.
    await passes('go', ['build', '-trimpath', '-buildvcs=false', './...'], join(sdks, 'go'));
  });
});
