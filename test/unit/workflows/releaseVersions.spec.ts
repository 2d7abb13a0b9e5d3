import assert from 'node:assert/strict';
import { access, cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'semver';
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
import { mappingOf, type Mapping } from '../../support/workflows.js';

const folders = [...packageFolders, fleetPackage.folder];
/** What the versions of a release are made of. */
const files = [
  ...['.', fleetPackage.folder].flatMap((root) => [
    `${root}/package-lock.json`,
    `${root}/.changeset/config.json`,
    `${root}/.changeset/README.md`,
  ]),
  'package.json',
  'fleet/lerna.json',
  ...folders.map((folder) => `${folder}/package.json`),
];

describe('the versions of a release', function () {
  this.timeout(60_000);
  let project: TemporaryProject;

  beforeEach(async () => {
    project = await createEmptyProject();
    for (const path of files) await cp(join(repositoryFolder, path), join(project.folder, path));
    await symlink(repositoryNodeModules, join(project.folder, 'node_modules'), 'dir');
    await run('git', 'init', '--quiet');
  });
  afterEach(() => project.remove());

  const run = (command: string, ...args: string[]): Promise<ProcessResult> =>
    runProcess(command, args, {
      cwd: project.folder,
      // What the packages depend on is in the lock files already.
      env: { ...isolatedEnvironment([]), npm_config_offline: 'true' },
      deadlineMs: 50_000,
    });
  const makeVersions = (): Promise<ProcessResult> =>
    run('tsx', join(repositoryFolder, 'tools/releaseVersions.ts'));

  /** Notes a change as a contributor does. */
  async function note(root: string, name: string): Promise<void> {
    const text = `---\n'${name}': minor\n---\n\nA setting of ${name} that was not there before.\n`;
    await writeFile(join(project.folder, root, '.changeset/a-change.md'), text);
  }

  const read = async (folder: string, path: string): Promise<Mapping> =>
    mappingOf(JSON.parse(await readFile(join(folder, path), 'utf8')));
  const nextMinor = async (folder: string): Promise<unknown> => {
    const { version } = await read(repositoryFolder, `${folder}/package.json`);
    return parse(String(version))?.inc('minor').version;
  };

  async function assertRaised(...raised: readonly string[]): Promise<void> {
    for (const folder of folders) {
      const path = `${folder}/package.json`;
      const expected = raised.includes(folder)
        ? await nextMinor(folder)
        : (await read(repositoryFolder, path))['version'];
      assert.equal((await read(project.folder, path))['version'], expected, folder);
    }
  }

  it('come from the noted changes, in the workspace and in the fleet, and are in the changelogs and lock files', async () => {
    await note('.', publishedPackages.provider);
    await note(fleetPackage.folder, fleetPackage.name);
    const { code, stdout, stderr } = await makeVersions();
    assert.equal(code, 0, stdout + stderr);
    await assertRaised('provider', fleetPackage.folder);
    for (const [folder, name] of [
      ['provider', publishedPackages.provider],
      [fleetPackage.folder, fleetPackage.name],
    ] as const) {
      const changelog = await readFile(join(project.folder, folder, 'CHANGELOG.md'), 'utf8');
      assert.ok(changelog.includes(`A setting of ${name} that was not there before.`), changelog);
    }
    for (const [lock, entry, folder] of [
      ['package-lock.json', 'provider', 'provider'],
      ['fleet/package-lock.json', '../provider', 'provider'],
      ['fleet/package-lock.json', '', fleetPackage.folder],
    ] as const) {
      const { packages } = await read(project.folder, lock);
      const { version } = mappingOf(mappingOf(packages)[entry]);
      assert.equal(version, await nextMinor(folder), `${lock} has ${entry}`);
    }
  });

  for (const [root, name, folder] of [
    ['.', publishedPackages.provider, 'provider'],
    [fleetPackage.folder, fleetPackage.name, fleetPackage.folder],
  ] as const) {
    it(`stay where no change is noted: only ${name} has one`, async () => {
      await note(root, name);
      const { code, stdout, stderr } = await makeVersions();
      assert.equal(code, 0, stdout + stderr);
      await assertRaised(folder);
      await assert.rejects(access(join(project.folder, root, '.changeset/a-change.md')));
    });
  }

  it('are not made when no change is noted at all', async () => {
    const { code, stderr } = await makeVersions();
    assert.equal(code, 1);
    assert.equal(
      stderr,
      'No change is noted in .changeset or fleet/.changeset: note one with npm run changeset.\n',
    );
  });
});
