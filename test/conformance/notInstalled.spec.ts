import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CleanUp } from '../../tools/cleanUp.js';
import { npmPackageFolder } from '../../tools/clients/npmPackage.js';
import { pythonWith } from '../../tools/clients/pythonPackage.js';
import { checkClient } from './checkClient.js';
import { operations } from './operations.js';

describe('a client that is not available', function () {
  this.timeout(60_000);
  let caches: string;

  before(async () => {
    caches = await mkdtemp(join(tmpdir(), 'conformance-caches-'));
  });
  after(() => rm(caches, { recursive: true, force: true }));

  it('from the npm registry: reports what npm said and leaves nothing half done', async () => {
    const env = {
      ...process.env,
      XDG_CACHE_HOME: caches,
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
      npm_config_cache: join(caches, 'npm'),
    };
    const wanted = {
      folder: 'jsforce',
      name: 'jsforce',
      version: '3.10.26',
      size: '100 MB',
      file: 'package.json',
    };
    await assert.rejects(npmPackageFolder(wanted, env), /npm failed: [^]*ECONNREFUSED/);
    assert.deepEqual(await readdir(join(caches, 'pulumi-salesforce-eca')), []);
  });

  it('from PyPI without Python: reports it', async () => {
    const env = { ...process.env, XDG_CACHE_HOME: caches, PATH: caches };
    const wanted = { folder: 'cumulusci', module: 'cumulusci', version: '4.10.1', install: [] };
    await assert.rejects(pythonWith(wanted, env), { message: 'there is no python3 on PATH' });
    assert.deepEqual(await readdir(join(caches, 'pulumi-salesforce-eca')), []);
  });

  it('is shown as not installed in each of its cells, with the reason', async () => {
    const cells = await checkClient({
      release: {
        name: 'cumulusci',
        label: 'CumulusCI',
        needsHttps: true,
        install: () => Promise.reject(new Error('there is no python3 on PATH')),
      },
      operations,
      cleanUp: new CleanUp(),
      onCell: () => undefined,
    });
    assert.deepEqual(
      cells,
      operations.map(({ name }) => ({
        client: 'cumulusci',
        operation: name,
        outcome: { kind: 'notInstalled', why: 'there is no python3 on PATH' },
      })),
    );
  });
});
