import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { SemVer } from 'semver';
import { folderOnPath, objectionTo, requiredPrograms } from '../../../../tools/pulumiCli/binFolder.js';
import { cachedCliRoot, publishFolder } from '../../../../tools/pulumiCli/cacheFolder.js';
import { pulumiBinFolder } from '../../../../tools/pulumiCli/pulumiBinFolder.js';

/** Writes programs of which pulumi says this version. */
async function fill(
  bin: string,
  version = 'v3.300.0',
  programs: readonly string[] = requiredPrograms,
): Promise<string> {
  await mkdir(bin, { recursive: true });
  for (const program of programs) {
    await writeFile(join(bin, program), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
  }
  return bin;
}
const fillBin = async (root: string): Promise<void> => {
  await fill(join(root, 'bin'));
};

describe('folders of the Pulumi CLI', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pulumi-cli-test-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  describe('a folder as Pulumi CLI', () => {
    const version = new SemVer('3.254.0');

    it('is accepted with all programs and version 3.254.0 or newer', () => {
      assert.equal(objectionTo({ missing: [], version }), undefined);
    });

    it('is refused when programs are missing', () => {
      assert.equal(
        objectionTo({ missing: ['pulumi-language-nodejs'], version }),
        'has no executable pulumi-language-nodejs',
      );
    });

    it('is refused when its CLI prints no version', () => {
      assert.equal(
        objectionTo({ missing: [], version: undefined }),
        'holds a pulumi that does not answer "pulumi version" with a version',
      );
    });

    it('is refused when its CLI is older', () => {
      assert.equal(
        objectionTo({ missing: [], version: new SemVer('3.253.9') }),
        'holds pulumi 3.253.9, which is older than 3.254.0',
      );
    });

    it('is the first on PATH that has an executable pulumi', async () => {
      const plain = join(folder, 'plain');
      await mkdir(plain);
      await writeFile(join(plain, 'pulumi'), 'not executable');
      const bin = await fill(join(folder, 'bin'));
      assert.equal(await folderOnPath(['', '/nowhere', plain, bin].join(delimiter)), bin);
      assert.equal(await folderOnPath(plain), undefined);
    });
  });

  describe('finding the Pulumi CLI', () => {
    it('prefers the folder in PULUMI_BIN to one on PATH', async () => {
      const chosen = await fill(join(folder, 'chosen/bin'));
      const onPath = await fill(join(folder, 'path/bin'));
      assert.equal(await pulumiBinFolder({ PULUMI_BIN: chosen, PATH: onPath }), chosen);
    });

    it('refuses a PULUMI_BIN without pulumi', async () => {
      await assert.rejects(
        pulumiBinFolder({ PULUMI_BIN: folder }),
        new Error(
          `PULUMI_BIN is "${folder}", but there is no executable file ${join(folder, 'pulumi')}. Set PULUMI_BIN to ` +
            'the folder with the Pulumi CLI, or unset it to find or download one.',
        ),
      );
    });

    it('prefers a complete and new enough pulumi on PATH to the cache', async () => {
      const onPath = await fill(join(folder, 'path/bin'));
      const env = { PATH: onPath, XDG_CACHE_HOME: join(folder, 'cache') };
      await fillBin(cachedCliRoot(env));
      assert.equal(await pulumiBinFolder(env), onPath);
    });

    for (const [why, name, version, programs] of [
      ['too old', 'bin', 'v3.253.0', requiredPrograms],
      ['without language host', 'bin', 'v3.300.0', ['pulumi']],
      ['not in a folder named bin', 'tools', 'v3.300.0', requiredPrograms],
    ] as const) {
      it(`uses the cache if pulumi on PATH is ${why}`, async () => {
        const onPath = await fill(join(folder, 'path', name), version, programs);
        const env = { PATH: onPath, XDG_CACHE_HOME: join(folder, 'cache') };
        await fillBin(cachedCliRoot(env));
        assert.equal(await pulumiBinFolder(env), join(cachedCliRoot(env), 'bin'));
      });
    }
  });

  describe('the cache of the Pulumi CLI', () => {
    it('is in XDG_CACHE_HOME, or in ~/.cache if that is not set or relative', () => {
      const below = 'pulumi-salesforce-eca/pulumi-3.259.0';
      assert.equal(cachedCliRoot({ XDG_CACHE_HOME: '/caches', HOME: '/home/me' }), `/caches/${below}`);
      assert.equal(cachedCliRoot({ HOME: '/home/me' }), `/home/me/.cache/${below}`);
      assert.equal(cachedCliRoot({ XDG_CACHE_HOME: 'caches', HOME: '/home/me' }), `/home/me/.cache/${below}`);
    });

    it('gets its name when it is complete, not before', async () => {
      const root = join(folder, 'cache/pulumi');
      await publishFolder(root, async (unfinished) => {
        await fillBin(unfinished);
        assert.ok(!(await readdir(join(folder, 'cache'))).includes('pulumi'));
      });
      assert.deepEqual(await readdir(join(folder, 'cache')), ['pulumi']);
      assert.deepEqual(await readdir(join(root, 'bin')), [...requiredPrograms]);
    });

    it('stays as it was when filling it fails', async () => {
      const root = join(folder, 'cache/pulumi');
      await assert.rejects(
        publishFolder(root, () => Promise.reject(new Error('no compiler'))),
        new Error('no compiler'),
      );
      assert.deepEqual(await readdir(join(folder, 'cache')), []);
    });

    it('is not created from an incomplete folder', async () => {
      await assert.rejects(
        publishFolder(join(folder, 'cache/pulumi'), async (unfinished) => {
          await fill(join(unfinished, 'bin'), 'v3.300.0', ['pulumi']);
        }),
        new Error('it brought no executable pulumi-language-nodejs, pulumi-resource-pulumi-nodejs'),
      );
      assert.deepEqual(await readdir(join(folder, 'cache')), []);
    });

    it('is kept if another process was faster', async () => {
      const root = join(folder, 'cache/pulumi');
      await publishFolder(root, async (unfinished) => {
        await fillBin(unfinished);
        await fillBin(root);
        await writeFile(join(root, 'by-the-other'), '');
      });
      assert.deepEqual(await readdir(root), ['bin', 'by-the-other']);
      assert.deepEqual(await readdir(join(folder, 'cache')), ['pulumi']);
    });

    it('is replaced if files are missing', async () => {
      const root = join(folder, 'cache/pulumi');
      await fill(join(root, 'bin'), 'v3.300.0', ['pulumi']);
      await publishFolder(root, fillBin);
      assert.deepEqual(await readdir(join(root, 'bin')), [...requiredPrograms]);
    });

    it('is cleared of what killed processes left, but not of what others are filling', async () => {
      const caches = join(folder, 'cache');
      await mkdir(join(caches, 'unfinished-old'), { recursive: true });
      await utimes(join(caches, 'unfinished-old'), 0, 0);
      await mkdir(join(caches, 'unfinished-new'));
      await publishFolder(join(caches, 'pulumi'), fillBin);
      assert.deepEqual(await readdir(caches), ['pulumi', 'unfinished-new']);
    });
  });
});
