import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepProgram } from '../../src/server/cachedProgram.js';
import { downloadRelease } from '../../src/server/officialRelease.js';
import { temporalProgram, temporalVersion } from '../../src/server/temporalProgram.js';

describe('temporalProgram', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleet-program-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const put = async (...path: string[]): Promise<string> => {
    const file = join(folder, ...path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, '#!/bin/sh\n');
    await chmod(file, 0o755);
    return file;
  };

  it('takes the program that ECA_FLEET_TEMPORAL names, before one on PATH', async () => {
    const named = await put('named', 'temporal');
    await put('path', 'temporal');
    assert.equal(await temporalProgram({ ECA_FLEET_TEMPORAL: named, PATH: join(folder, 'path') }), named);
  });

  it('refuses a program that ECA_FLEET_TEMPORAL names and that is not there', async () => {
    const named = join(folder, 'none');
    await assert.rejects(temporalProgram({ ECA_FLEET_TEMPORAL: named }), {
      message: `ECA_FLEET_TEMPORAL is "${named}", which is no executable file: set it to the Temporal CLI, or unset it`,
    });
  });

  it('takes the program on PATH, before the one in the cache folder', async () => {
    const onPath = await put('path', 'temporal');
    const cached = await put('pulumi-salesforce-eca', `temporal-${temporalVersion}`, 'bin', 'temporal');
    const env = { XDG_CACHE_HOME: folder, PATH: `${join(folder, 'empty')}:${join(folder, 'path')}` };
    assert.equal(await temporalProgram(env), onPath);
    assert.equal(await temporalProgram({ ...env, PATH: '' }), cached);
  });

  it('keeps what is complete, and nothing of what failed', async () => {
    const root = join(folder, 'cache', 'thing-1');
    await assert.rejects(
      keepProgram(root, 'thing', () => Promise.resolve()),
      /it brought no thing/,
    );
    await keepProgram(root, 'thing', async (bin) => {
      await writeFile(join(bin, 'thing'), 'complete', { mode: 0o755 });
    });
    assert.equal(await readFile(join(root, 'bin', 'thing'), 'utf8'), 'complete');
    assert.deepEqual(await readdir(join(folder, 'cache')), ['thing-1']);
  });

  describe('a download', () => {
    const platform = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[process.platform as 'linux'];
    const archive = `temporal_cli_9.9.9_${platform}_${process.arch === 'x64' ? 'amd64' : process.arch}.tar.gz`;

    /** Serves a release, and returns its address and what ends that. */
    const serve = async (
      sum: (content: Buffer) => string,
    ): Promise<{ address: string; close: () => void }> => {
      await put('release', 'temporal');
      execFileSync('tar', ['-czf', join(folder, archive), '-C', join(folder, 'release'), 'temporal']);
      const content = await readFile(join(folder, archive));
      const server = createServer((request, response) => {
        const name = request.url?.split('/').pop();
        if (request.url === `/v9.9.9/${archive}`) response.end(content);
        else if (name === 'checksums.txt')
          response.end(`${'0'.repeat(64)}  other.tar.gz\n${sum(content)}  ${archive}\n`);
        else response.writeHead(404).end();
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      assert.ok(typeof address === 'object' && address !== null);
      return {
        address: `http://127.0.0.1:${address.port}`,
        close: () => {
          server.closeAllConnections();
          server.close();
        },
      };
    };

    it('is unpacked when its checksum is that of the release', async () => {
      const { address, close } = await serve((content) => createHash('sha256').update(content).digest('hex'));
      try {
        const bin = join(folder, 'bin');
        await mkdir(bin);
        await downloadRelease('9.9.9', bin, address);
        assert.equal(await readFile(join(bin, 'temporal'), 'utf8'), '#!/bin/sh\n');
      } finally {
        close();
      }
    });

    it('is refused when its checksum is another one', async () => {
      const { address, close } = await serve(() => 'f'.repeat(64));
      try {
        const bin = join(folder, 'bin');
        await mkdir(bin);
        await assert.rejects(downloadRelease('9.9.9', bin, address), /the checksum of temporal_cli_9\.9\.9/);
      } finally {
        close();
      }
    });

    it('fails with the status of the site', async () => {
      const { address, close } = await serve(() => '');
      try {
        await assert.rejects(
          downloadRelease('1.0.0', folder, `${address}/other`),
          /HTTP 404 for .*|the checksum/,
        );
      } finally {
        close();
      }
    });
  });
});
