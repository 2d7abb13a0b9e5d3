import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lease } from '../../src/activities/lease.js';

describe('a lease', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleet-lease-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('lasts as far as it was extended, and an earlier end does not shorten it', async () => {
    const lease = await Lease.create(join(folder, 'lease'));
    assert.equal(lease.isOver, true);
    const later = Date.now() + 3_600_000;
    lease.extendTo(later);
    lease.extendTo(later - 1_800_000);
    assert.equal(lease.isOver, false);
    assert.equal(Math.round((await stat(lease.file)).mtimeMs), later);
  });

  it('stays ended when the response to a heartbeat comes late, also when its file is gone', async () => {
    const lease = await Lease.create(join(folder, 'lease'));
    lease.extendTo(Date.now() + 3_600_000);
    lease.end();
    lease.extendTo(Date.now() + 7_200_000);
    assert.equal(lease.isOver, true);
    assert.equal((await stat(lease.file)).mtimeMs, 0);
    await rm(folder, { recursive: true });
    lease.extendTo(Date.now() + 7_200_000);
    lease.end();
    assert.equal(lease.isOver, true);
  });
});
