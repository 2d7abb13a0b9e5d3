import { gunzipSync, gzipSync, strFromU8, strToU8 } from 'fflate';
import type { FleetStack } from '../contract/stacks.js';

/** The engine refuses an input above 2 MB; what a codec adds needs room. */
const largestPackage = 1_500_000;

/**
 * The stacks as one argument of a workflow or a schedule: 10,000 of them fit.
 *
 * @throws Error if they do not fit
 */
export function packStacks(stacks: readonly FleetStack[]): Uint8Array {
  // Without a time, the same stacks make the same bytes.
  const packed = gzipSync(strToU8(JSON.stringify(stacks)), { mtime: 0 });
  if (packed.length > largestPackage) {
    throw new Error(
      `The inventory is too large for one run: ${stacks.length} stacks take ${packed.length} bytes of at most ${largestPackage}. Split it by stage or region.`,
    );
  }
  return packed;
}

/** What {@link packStacks} packed. */
export function unpackStacks(packed: Uint8Array): FleetStack[] {
  return JSON.parse(strFromU8(gunzipSync(packed))) as FleetStack[];
}
