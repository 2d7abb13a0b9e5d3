import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  fleetPackage,
  packageFolders,
  publishedPackages,
} from '../../../tools/packages/publishedPackages.js';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { runProcess, type ProcessResult } from '../../../tools/pulumiCli/runProcess.js';
import {
  createEmptyProject,
  isolatedEnvironment,
  repositoryNodeModules,
  type TemporaryProject,
} from '../../support/temporaryProject.js';
import { mappingOf, scriptOf } from '../../support/workflows.js';

const release = '.github/workflows/release.yml';
const drift = 'examples/pipeline/.github/workflows/drift.yml';
const repository = 'https://github.invalid/example/packages';

/** Writes its arguments to calls.txt, and answers those calls that `answers` has; what it does not find it ends with 1, as npm and gh do. */
const standIn = (answers: Readonly<Record<string, string>>): string => `#!/usr/bin/env node
const args = process.argv.slice(2);
require('node:fs').appendFileSync('calls.txt', args.join(' ') + '\\n');
const isLookUp = args[0] === 'view' || (args[0] === 'api' && !args.includes('-f'));
const answer = ${JSON.stringify(answers)}[args.join(' ')];
if (answer !== undefined) console.log(answer);
process.exitCode = isLookUp && answer === undefined ? 1 : 0;
`;

describe('the scripts of the workflows', function () {
  this.timeout(60_000);
  let project: TemporaryProject;
  let versions: { readonly folder: string; readonly tag: string }[];

  const manifestOf = async (folder: string): Promise<Readonly<Record<string, unknown>>> =>
    mappingOf(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));

  before(async () => {
    versions = [];
    const packages = packageFolders.map((folder) => ({ folder, name: publishedPackages[folder] }));
    for (const { folder, name } of [...packages, fleetPackage]) {
      const { version } = await manifestOf(join(repositoryFolder, folder));
      versions.push({ folder, tag: `${name}@${String(version)}` });
    }
  });
  beforeEach(async () => {
    project = await createEmptyProject();
    await mkdir(join(project.folder, 'bin'));
  });
  afterEach(() => project.remove());

  const run = (command: string, ...args: string[]): Promise<ProcessResult> =>
    runProcess(command, args, {
      cwd: project.folder,
      env: {
        ...isolatedEnvironment([join(project.folder, 'bin')]),
        REPOSITORY: repository,
        GITHUB_REPOSITORY: 'example/packages',
        GITHUB_SHA: 'a commit',
      },
      deadlineMs: 50_000,
    });
  /** Runs a step as GitHub does. */
  const runStep = (path: string, job: string, step: string): Promise<ProcessResult> =>
    run('bash', '-e', '-c', scriptOf(path, job, step));
  const succeed = async (result: Promise<ProcessResult>): Promise<ProcessResult> => {
    const ended = await result;
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    return ended;
  };
  /** What `standIn` was called with. */
  const calls = async (): Promise<string[]> =>
    (await readFile(join(project.folder, 'calls.txt'), 'utf8')).trimEnd().split('\n');

  async function putProgram(name: string, answers: Readonly<Record<string, string>>): Promise<void> {
    const path = join(project.folder, 'bin', name);
    await writeFile(path, standIn(answers));
    await chmod(path, 0o755);
  }

  async function putArchives(...tags: string[]): Promise<void> {
    await mkdir(join(project.folder, 'packages'));
    for (const tag of tags) await writeFile(join(project.folder, 'packages', `${tag}.tgz`), tag);
  }

  it('of the release pack each version without a tag, named after its tag, with the address of the repository', async () => {
    for (const path of ['package.json', ...versions.map(({ folder }) => `${folder}/package.json`)])
      await cp(join(repositoryFolder, path), join(project.folder, path));
    await symlink(repositoryNodeModules, join(project.folder, 'node_modules'), 'dir');
    const [tagged, ...others] = versions;
    assert.ok(tagged !== undefined && others.length > 0);
    await succeed(run('git', 'init', '--quiet'));
    const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.invalid'];
    await succeed(run('git', ...author, 'commit', '--quiet', '--allow-empty', '--message', 'a release'));
    await succeed(run('git', 'tag', tagged.tag));

    // npm ci in the root builds the others.
    assert.equal(scriptOf(release, 'pack', 'Install and build the fleet'), 'npm ci && npm run build');
    await succeed(runStep(release, 'pack', 'Pack what has no tag'));

    const archives = await readdir(join(project.folder, 'packages'));
    assert.deepEqual(archives.sort(), others.map(({ tag }) => `${tag}.tgz`).sort());
    for (const { folder, tag } of others) {
      await succeed(run('tar', '-xzf', join('packages', `${tag}.tgz`)));
      const packed = await manifestOf(join(project.folder, 'package'));
      assert.equal(`${String(packed['name'])}@${String(packed['version'])}`, tag);
      assert.deepEqual(packed['repository'], {
        type: 'git',
        url: `git+${repository}.git`,
        directory: folder,
      });
    }
  });

  it('of the release pack the SDK for Node.js with its modules beside its package.json, if it has no tag', async () => {
    await cp(join(repositoryFolder, 'sdk/nodejs'), join(project.folder, 'sdk/nodejs'), { recursive: true });
    await cp(join(repositoryFolder, 'LICENSE'), join(project.folder, 'LICENSE'));
    await symlink(repositoryNodeModules, join(project.folder, 'node_modules'), 'dir');
    await mkdir(join(project.folder, 'packages'));
    await succeed(run('git', 'init', '--quiet'));
    const step = 'Pack the SDK for Node.js if it has no tag';
    await succeed(runStep(release, 'pack', step));
    const { name, version } = await manifestOf(join(project.folder, 'sdk/nodejs'));
    const tag = `${String(name)}@${String(version)}`;
    assert.deepEqual(await readdir(join(project.folder, 'packages')), [`${tag}.tgz`]);
    await succeed(run('tar', '-xzf', join('packages', `${tag}.tgz`)));
    const packed = await readdir(join(project.folder, 'package'));
    for (const file of ['package.json', 'README.md', 'LICENSE', 'index.js', 'index.d.ts', 'types'])
      assert.ok(packed.includes(file), `${file} is among ${packed.join(', ')}`);
    const { repository: address } = await manifestOf(join(project.folder, 'package'));
    assert.equal(mappingOf(address)['url'], `git+${repository}.git`);

    await rm(join(project.folder, 'packages'), { recursive: true });
    const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.invalid'];
    await succeed(run('git', ...author, 'commit', '--quiet', '--allow-empty', '--message', 'a release'));
    await succeed(run('git', 'tag', tag));
    await succeed(runStep(release, 'pack', step));
  });

  it('of the release stop if the pages in the package link to another address, or to none', async () => {
    const step = 'Check the address of the repository';
    await writeFile(join(project.folder, 'package.json'), '{}');
    const { code, stdout } = await runStep(release, 'pack', step);
    assert.equal(code, 1);
    assert.match(stdout, /^::error::"repository" in package\.json is undefined; set it to https:/m);
    await writeFile(join(project.folder, 'package.json'), JSON.stringify({ repository }));
    await succeed(runStep(release, 'pack', step));
  });

  it('of the release publish each archive that the registry lacks, with a provenance statement', async () => {
    await putArchives('a@1.0.0', 'b@2.0.0');
    const published = createHash('sha512').update('a@1.0.0').digest('base64');
    await putProgram('npm', { 'view a@1.0.0 dist.integrity': `sha512-${published}` });
    const { stdout } = await succeed(runStep(release, 'publish', 'Publish'));
    assert.match(stdout, /^a@1\.0\.0 is published already\.$/m);
    assert.deepEqual(await calls(), [
      'view a@1.0.0 dist.integrity',
      'view b@2.0.0 dist.integrity',
      'publish ./packages/b@2.0.0.tgz --provenance --access public --ignore-scripts',
    ]);
  });

  it('of the release do not regard another archive of the same version as published', async () => {
    await putArchives('a@1.0.0');
    await putProgram('npm', { 'view a@1.0.0 dist.integrity': 'sha512-another' });
    const { code, stdout } = await runStep(release, 'publish', 'Publish');
    assert.equal(code, 1);
    assert.match(stdout, /^::error::The registry has another archive of a@1\.0\.0\. /m);
    assert.deepEqual(await calls(), ['view a@1.0.0 dist.integrity']);
  });

  it('of the release tag the commit with each version that has no tag', async () => {
    await putArchives('a@1.0.0', 'b@2.0.0');
    await putProgram('gh', { 'api --silent repos/example/packages/git/ref/tags/a@1.0.0': 'found' });
    await succeed(runStep(release, 'tag', 'Push the tags'));
    assert.deepEqual(await calls(), [
      'api --silent repos/example/packages/git/ref/tags/a@1.0.0',
      'api --silent repos/example/packages/git/ref/tags/b@2.0.0',
      'api --silent repos/example/packages/git/refs -f ref=refs/tags/b@2.0.0 -f sha=a commit',
    ]);
  });

  it('of the release tag the SDK for Go, and release the plugin with the checksum of each file, if its version has no release', async () => {
    await mkdir(join(project.folder, 'assets'));
    const names = ['linux-amd64', 'windows-arm64'].map(
      (platform) => `pulumi-resource-salesforce-eca-v1.2.0-${platform}.tar.gz`,
    );
    for (const name of names) await writeFile(join(project.folder, 'assets', name), name);
    const step = 'Release the plugin';
    await putProgram('gh', {});
    await succeed(runStep(release, 'release', step));
    const [tagFound, tagged, releaseFound, released, ...others] = await calls();
    assert.deepEqual(
      [tagFound, tagged, releaseFound, others],
      [
        'api --silent repos/example/packages/git/ref/tags/sdk/go/v1.2.0',
        'api --silent repos/example/packages/git/refs -f ref=refs/tags/sdk/go/v1.2.0 -f sha=a commit',
        'api --silent repos/example/packages/releases/tags/v1.2.0',
        [],
      ],
    );
    const files = [...names.map((name) => `assets/${name}`), 'SHA256SUMS'].join(' ');
    assert.ok(
      released?.startsWith(
        `release create v1.2.0 ${files} --repo example/packages --target a commit --title Native provider 1.2.0`,
      ),
      released,
    );
    const sums = names.map((name) => `${createHash('sha256').update(name).digest('hex')}  ${name}\n`);
    assert.equal(await readFile(join(project.folder, 'SHA256SUMS'), 'utf8'), sums.join(''));

    await rm(join(project.folder, 'calls.txt'));
    await putProgram('gh', {
      'api --silent repos/example/packages/git/ref/tags/sdk/go/v1.2.0': 'found',
      'api --silent repos/example/packages/releases/tags/v1.2.0': 'found',
    });
    const { stdout } = await succeed(runStep(release, 'release', step));
    assert.match(stdout, /^v1\.2\.0 is released already\.$/m);
    assert.equal((await calls()).length, 2);
  });

  it('of drift open an issue for each stack that differs, update the one that is open, and close it when the stack is clean', async () => {
    await mkdir(join(project.folder, 'drift'));
    const stacks = { production: 2, 'eu/production': 2, uat: 0, 'eu/uat': 0 };
    for (const [leg, [stack, code]] of Object.entries(stacks).entries()) {
      await writeFile(join(project.folder, `drift/drift-${leg}.md`), 'a report');
      await writeFile(join(project.folder, `drift/drift-${leg}.stack`), `${stack}\n`);
      await writeFile(join(project.folder, `drift/drift-${leg}.code`), `${code}\n`);
    }
    const titleOf = (stack: string): string => `The org of ${stack} differs from the program`;
    const listed = (stack: string): string =>
      `issue list --state open --search in:title "${titleOf(stack)}" --json number --jq .[0].number // empty`;
    await putProgram('gh', { [listed('production')]: '7', [listed('uat')]: '8' });
    await succeed(runStep(drift, 'issues', 'Open, update or close the issue of each stack'));
    assert.deepEqual(await calls(), [
      listed('production'),
      'issue edit 7 --body-file drift/drift-0.md',
      listed('eu/production'),
      `issue create --title ${titleOf('eu/production')} --body-file drift/drift-1.md`,
      listed('uat'),
      'issue close 8 --comment The org of uat and the program are the same again.',
      listed('eu/uat'),
    ]);
  });
});
