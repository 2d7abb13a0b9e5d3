import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publint } from 'publint';
import { satisfies } from 'semver';
import { promises, writePrograms } from '../../tools/packages/consumerProject.js';
import { packagePages } from '../../tools/packages/packagePages.js';
import { packageFolders, publishedPackages } from '../../tools/packages/publishedPackages.js';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { linkFaultsOf } from '../support/brokenLinks.js';
import { pack } from '../support/npm.js';
import { readPage } from '../support/pages.js';
import {
  createEmptyProject,
  createTemporaryProject,
  isolatedEnvironment,
  repositoryNodeModules,
  type TemporaryProject,
} from '../support/temporaryProject.js';

/** What each package holds beside its compiled modules, its README, its licence and its package.json. */
const otherContents: Readonly<Record<keyof typeof publishedPackages, readonly string[]>> = {
  provider: ['bin/pulumi-salesforce-eca.js', 'native/*', 'schema.json', ...packagePages],
  'policy-pack': ['PulumiPolicy.yaml', 'profiles/security-benchmark.json'],
  'local-org': [
    'bin/salesforce-local-org.js',
    'docs/rules.md',
    'seed/**/*.*',
    ...['controlForms.js', 'countdown.js', 'icon.svg', 'live.js', 'page.js', 'style.css'].map(
      (file) => `setup-page/${file}`,
    ),
  ],
};

describe('the packages', function () {
  this.timeout(60_000);

  for (const packageFolder of packageFolders) {
    describe(publishedPackages[packageFolder], () => {
      let folder: TemporaryProject;
      let tarball: string;
      let files: string[];

      before(async () => {
        folder = await createEmptyProject();
        const packed = await pack(join(repositoryFolder, packageFolder), [
          '--pack-destination',
          folder.folder,
        ]);
        tarball = join(folder.folder, packed.tarball);
        files = packed.files;
      });
      after(() => folder.remove());

      it('contains its compiled modules with their types, the files listed here, and nothing else', () => {
        const workspace = join(repositoryFolder, packageFolder);
        const others = filesIn(workspace, [
          'LICENSE',
          'README.md',
          'package.json',
          ...otherContents[packageFolder],
        ]);
        const sources = filesIn(join(workspace, 'src'), ['**/*.ts']);
        const modules = sources.map((path) => `dist/${path.slice(0, -'.ts'.length)}`);
        assert.deepEqual(
          files.sort(),
          [...others, ...modules.flatMap((path) => [`${path}.js`, `${path}.d.ts`])].sort(),
          'where dist holds a module without a source, or docs lacks a page: remove dist and build again',
        );
      });

      it('has pages whose links lead to files and headings in the package', () => {
        const paths = files.map((path) => `${packageFolder}/${path}`);
        const pages = paths.filter((path) => path.endsWith('.md')).map(readPage);
        assert.ok(pages.length > 0);
        assert.deepEqual(
          pages.flatMap((page) => linkFaultsOf(page, new Set(paths))),
          [],
        );
      });

      it('has a package.json that fits the files in its archive', async () => {
        const { messages } = await publint({
          pack: { tarball: new Uint8Array(await readFile(tarball)).buffer },
          strict: true,
        });
        assert.deepEqual(messages, []);
      });

      it('has types that fit its modules, however they are resolved', async () => {
        // The profile leaves out a resolution without "exports", which TypeScript 6 has given up too.
        const { code, stdout, stderr } = await runProcess(
          join(repositoryNodeModules, '.bin/attw'),
          [tarball, '--profile', 'node16', '--no-color', '--no-emoji'],
          { env: isolatedEnvironment([]), deadlineMs: 60_000 },
        );
        assert.equal(code, 0, stdout + stderr);
      });
    });
  }

  describe('installed', () => {
    let project: TemporaryProject;
    before(async () => {
      project = await createTemporaryProject();
      await writePrograms(project.folder);
    });
    after(() => project.remove());

    for (const { name, check } of promises) {
      it(name, () => check({ folder: project.folder, nodeFolder: join(repositoryNodeModules, '.bin') }));
    }
  });

  it('have the versions that the examples and the fleet require', async () => {
    let asked = 0;
    for (const path of filesIn(repositoryFolder, ['examples/**/package.json', 'fleet/package.json'])) {
      const wanted = dependenciesOf(await readJson(path));
      for (const folder of packageFolders) {
        const name = publishedPackages[folder];
        const range = wanted.get(name);
        if (range === undefined) continue;
        asked += 1;
        const { version } = await readJson(`${folder}/package.json`);
        assert.ok(
          typeof version === 'string' && satisfies(version, range),
          `${path} asks for ${name} ${range}; this is ${String(version)}`,
        );
      }
    }
    assert.ok(asked > 0);
  });
});

const filesIn = (cwd: string, patterns: string[]): string[] => globSync(patterns, { cwd });

async function readJson(path: string): Promise<Readonly<Record<string, unknown>>> {
  const json: unknown = JSON.parse(await readFile(join(repositoryFolder, path), 'utf8'));
  assert.ok(typeof json === 'object' && json !== null);
  return { ...json };
}

/** The version ranges by the names of the packages that a manifest asks for. That of a peer goes before the folder that is used here. */
function dependenciesOf(manifest: Readonly<Record<string, unknown>>): Map<string, string> {
  return new Map(
    ['dependencies', 'devDependencies', 'peerDependencies'].flatMap((kind) =>
      Object.entries(manifest[kind] ?? {}).map(([name, range]): [string, string] => [name, String(range)]),
    ),
  );
}
