import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  longestText,
  readLongTag,
  removeLongTag,
  TextTooLongError,
  writeLongTag,
  type PulumiOfStack,
} from '../../src/activities/longTag.js';
import { startTagsOfCloud, type TagsOfCloud } from '../support/tagsOfCloud.js';
import { pulumiFolder } from '../support/worldOfOrgs.js';

const name = 'fleet:found';

describe('a text of any length that is kept with a stack', function () {
  this.timeout(120_000);
  let folder = '';
  let cloud: TagsOfCloud;
  let program = '';

  before(async () => {
    program = join(await pulumiFolder(), 'pulumi');
    folder = await mkdtemp(join(tmpdir(), 'fleet-tags-'));
    await mkdir(join(folder, 'state'));
    await writeFile(join(folder, 'Pulumi.yaml'), 'name: policies\nruntime: nodejs\n');
    cloud = await startTagsOfCloud();
  });
  after(async () => {
    await cloud.close();
    await rm(folder, { recursive: true });
  });

  /** The real CLI with a backend. */
  const cliOf = (backend: string): PulumiOfStack => {
    const env = {
      PATH: process.env['PATH'],
      PULUMI_HOME: join(folder, 'home'),
      PULUMI_BACKEND_URL: backend,
      PULUMI_ACCESS_TOKEN: 'pul-0000000000000000000000000000000000000000',
      PULUMI_CONFIG_PASSPHRASE: 'passphrase of a test',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
    };
    return (...args) =>
      new Promise((resolve) => {
        const all = [...args, '--stack', 'acme', '--non-interactive', '--color', 'never'];
        const child = execFile(program, all, { cwd: folder, env }, (_, stdout, stderr) => {
          resolve({ code: child.exitCode, stdout, output: stdout + stderr });
        });
      });
  };

  it('is one tag where tags are long', async () => {
    const pulumi = cliOf(`file://${join(folder, 'state')}`);
    assert.equal(await readLongTag(pulumi, name), undefined, 'no stack');
    assert.equal((await pulumi('stack', 'init')).code, 0);
    assert.equal(await readLongTag(pulumi, name), undefined, 'no tag');
    const text = randomBytes(longestText / 2).toString('hex');
    assert.deepEqual(await writeLongTag(pulumi, name, text), [name]);
    assert.deepEqual(await readLongTag(pulumi, name), { text, tags: [name] });
    await assert.rejects(writeLongTag(pulumi, name, `${text}.`), TextTooLongError);
    await removeLongTag(pulumi, [name]);
    assert.equal(await readLongTag(pulumi, name), undefined);
  });

  it('is several tags where a tag has 256 characters', async () => {
    const pulumi = cliOf(cloud.backend);
    const text = randomBytes(300).toString('hex');
    const tags = [name, `${name}:1`, `${name}:2`];
    assert.deepEqual(await writeLongTag(pulumi, name, text), tags);
    assert.deepEqual(Object.keys(cloud.tags).toSorted(), tags);
    assert.ok(Object.values(cloud.tags).every(({ length }) => length <= 256));
    assert.deepEqual(await readLongTag(pulumi, name), { text, tags });

    await pulumi('stack', 'tag', 'rm', `${name}:1`);
    await assert.rejects(readLongTag(pulumi, name), {
      message: 'the stack has a tag fleet:found, but not fleet:found:1 that belongs to it',
    });
    await removeLongTag(pulumi, tags);
    assert.deepEqual(cloud.tags, {});

    await writeLongTag(pulumi, name, 'short');
    assert.deepEqual(cloud.tags, { [name]: 'short' }, 'as a fleet wrote it that knew one tag only');
    await assert.rejects(writeLongTag(pulumi, name, text.repeat(20)), TextTooLongError);
    assert.deepEqual(cloud.tags, { [name]: 'short' });
  });

  it('fails when the backend does', async () => {
    const pulumi = cliOf(`file://${join(folder, 'absent')}`);
    await assert.rejects(readLongTag(pulumi, name), /absent/);
    await assert.rejects(writeLongTag(pulumi, name, 'text'), /absent/);
  });
});
