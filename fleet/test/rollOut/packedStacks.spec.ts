import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { packStacks, unpackStacks } from '../../src/rollOut/packedStacks.js';
import { fleetStacks } from '../support/stacks.js';

describe('packed stacks', () => {
  it('are small enough for one argument with 10,000 orgs, and come out as they went in', () => {
    const stacks = fleetStacks('prod', 10_000);
    const packed = packStacks(stacks);
    assert.ok(packed.length < 500_000, `${packed.length} bytes`);
    assert.deepEqual(unpackStacks(packed), stacks);
    assert.deepEqual(packStacks(stacks), packed);
  });

  it('are refused when no workflow could take them', () => {
    const stacks = fleetStacks('prod', 10_000).map((stack) => ({
      ...stack,
      orgs: stack.orgs.map((org) => ({
        ...org,
        configuration: { noise: randomBytes(200).toString('base64') },
      })),
    }));
    assert.throws(
      () => packStacks(stacks),
      /The inventory is too large for one run: 10000 stacks take \d+ bytes/,
    );
  });
});
