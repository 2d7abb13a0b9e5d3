import assert from 'node:assert/strict';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'semver';
import { packageFolders, publishedPackages } from '../../../tools/packages/publishedPackages.js';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { runProcess } from '../../../tools/pulumiCli/runProcess.js';
import {
  createEmptyProject,
  isolatedEnvironment,
  repositoryNodeModules,
  type TemporaryProject,
} from '../../support/temporaryProject.js';

/** A change as a contributor notes it. */
const change = `---
'${publishedPackages.provider}': minor
---

A setting that was not there before.
`;

describe('the versions of a release', function () {
  this.timeout(60_000);
  let project: TemporaryProject;

  before(async () => {
    project = await createEmptyProject();
    const manifests = packageFolders.map((folder) => `${folder}/package.json`);
    for (const path of ['package.json', 'package-lock.json', '.changeset/config.json', ...manifests]) {
      await cp(join(repositoryFolder, path), join(project.folder, path));
    }
    await writeFile(join(project.folder, '.changeset/a-change.md'), change);
    await symlink(repositoryNodeModules, join(project.folder, 'node_modules'), 'dir');
    await run('git', 'init', '--quiet');
  });
  after(() => project.remove());

  async function run(command: string, ...args: string[]): Promise<void> {
    const { code, stdout, stderr } = await runProcess(command, args, {
      cwd: project.folder,
      env: isolatedEnvironment([]),
      deadlineMs: 50_000,
    });
    assert.equal(code, 0, stdout + stderr);
  }

  async function versionIn(folder: string, packageFolder: string): Promise<string> {
    const manifest: unknown = JSON.parse(await readFile(join(folder, packageFolder, 'package.json'), 'utf8'));
    assert.ok(typeof manifest === 'object' && manifest !== null && 'version' in manifest);
    return String(manifest.version);
  }

  it('come from the noted changes, which go into the changelog of their package', async () => {
    await run(join(repositoryNodeModules, '.bin/changeset'), 'version');
    for (const packageFolder of packageFolders) {
      const before = await versionIn(repositoryFolder, packageFolder);
      const expected = packageFolder === 'provider' ? parse(before)?.inc('minor').version : before;
      assert.equal(await versionIn(project.folder, packageFolder), expected);
    }
    const changelog = await readFile(join(project.folder, 'provider/CHANGELOG.md'), 'utf8');
    assert.match(changelog, /A setting that was not there before\./);
  });
});
