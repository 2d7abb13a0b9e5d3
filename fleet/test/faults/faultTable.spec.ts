import { limitMs, runRow } from './faultRow.js';
import { faultTable } from './faultTable.js';

/** `npm run fleet-faults` runs all of them. */
describe('a roll-out ends right, whatever happens', function () {
  this.timeout(2 * limitMs);

  for (const row of faultTable.filter(({ isSample }) => isSample)) {
    it(row.name, async () => {
      await runRow(row);
    });
  }
});
