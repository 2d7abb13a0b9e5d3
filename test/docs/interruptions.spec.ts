import assert from 'node:assert/strict';
import { providerPrograms, type ProviderProgram } from '../support/providerProgram.js';
import { isFullSize } from '../support/testSize.js';
import { nameOf, type InterruptionCell } from '../faults/interruptions/cells.js';
import { runInterruptions } from '../faults/interruptions/runMatrix.js';
import type { CellResult } from '../faults/runCell.js';
import { storyOf } from '../faults/runMatrix.js';

/** The cells that run in full size, each for what it alone shows; `npm run faults` runs all. */
const fullSample = [
  // The org has a deploy of which nobody knows.
  'create · deploy · provider killed',
  'update · deploy status · provider killed',
  // The provider process lives on, and would send the next request, or nothing and never end.
  'create · token · CLI killed',
  'update · verify status · CLI killed',
  // What runs has not reached the org yet, and has to.
  'create · retrieve · one Ctrl-C',
  'update · deploy · one Ctrl-C',
  // The engine has time to say goodbye, and leaves a pending operation.
  'create · deploy · two Ctrl-C',
  'delete · deploy status · two Ctrl-C',
];
const samples: Readonly<Record<ProviderProgram, readonly string[]>> = {
  // One of each interruption.
  dynamic: isFullSize ? fullSample : fullSample.filter((_, index) => [0, 3, 4, 7].includes(index)),
  native: [
    'update · deploy status · CLI killed',
    'create · deploy · one Ctrl-C',
    ...(isFullSize ? fullSample : []),
  ],
};

for (const provider of providerPrograms) {
  describe(`after an interruption of the ${provider} provider, the commands of docs/interrupted-runs.md finish the work, once`, function () {
    this.timeout(240_000);
    const sample = samples[provider];
    let results: readonly CellResult<InterruptionCell>[];

    before(async () => {
      const choose = (cells: readonly InterruptionCell[]): InterruptionCell[] =>
        cells.filter((cell) => sample.includes(nameOf(cell)));
      ({ results } = await runInterruptions({ provider, orgs: 2, choose }));
    });

    for (const name of sample) {
      it(name, () => {
        const result = results.find(({ cell }) => nameOf(cell) === name);
        assert.ok(result, 'an undisturbed run sends no such request');
        assert.deepEqual(result.faults, [], storyOf(name, result));
      });
    }
  });
}
