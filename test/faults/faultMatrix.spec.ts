import assert from 'node:assert/strict';
import { buildMatrix, nameOf, sampleOf } from '../../tools/faults/matrix.js';
import { runMatrix, storyOf } from '../../tools/faults/runMatrix.js';
import { formatExclusions, formatTable, formatTotal } from '../../tools/faults/table.js';

describe('a fault at any request', function () {
  this.timeout(300_000);

  it('ends in the right settings, applied once, or in an error from which the next command finishes the work', async () => {
    const { cells, exclusions } = buildMatrix();
    const { results, faults } = await runMatrix(sampleOf(cells));
    console.log(
      `${formatTable(results, exclusions)}\n${formatExclusions(exclusions)}\n${formatTotal(results)}`,
    );
    const wrong = results
      .filter((result) => result.faults.length > 0)
      .map((result) => storyOf(nameOf(result.cell), result));
    assert.deepEqual([...wrong, ...faults], [], [...wrong, ...faults].join('\n\n'));
    assert.ok(results.length > 0);
  });
});
