import assert from 'node:assert/strict';
import { createKeyWithCertificate } from '../../local-org/src/keys/selfSignedCertificate.js';
import { providerPrograms } from '../support/providerProgram.js';
import { replaceCertificate } from '../support/signInCertificate.js';
import { isFullSize } from '../support/testSize.js';
import { buildMatrix, nameOf, sampleOf, type Cell } from './matrix.js';
import { runMatrix, storyOf } from './runMatrix.js';
import { formatExclusions, formatTables, formatTotal } from './table.js';

/** Of how many pairs of fault and request one is run. Below the providers' entries runs the same code, so the second program needs fewer. */
const sampleSteps = { dynamic: 3, native: 12 };

describe('a fault at any request', function () {
  this.timeout(300_000);

  it('ends in the correct settings, applied once, or in an error after which the next command finishes the work', async () => {
    const { cells, exclusions } = buildMatrix();
    const sample = providerPrograms.flatMap((program) =>
      sampleOf(
        cells.filter((cell) => cell.program === program),
        isFullSize ? 1 : sampleSteps[program],
      ),
    );
    const namesIn = (of: readonly Cell[]): Set<string> =>
      new Set(
        of.flatMap(({ program, fault, target }) => [
          `${program} · ${fault.name}`,
          `${program} · ${target.name}`,
        ]),
      );
    assert.deepEqual(namesIn(sample), namesIn(cells), 'no fault and no request is left out');
    const { results, faults } = await runMatrix(sample);
    console.log(
      `${formatTables(results, exclusions)}\n${formatExclusions(exclusions)}\n${formatTotal(results)}`,
    );
    const wrong = results
      .filter((result) => result.faults.length > 0)
      .map((result) => storyOf(nameOf(result.cell), result));
    assert.deepEqual([...wrong, ...faults], [], [...wrong, ...faults].join('\n\n'));
    assert.ok(results.length > 0);
  });

  it('is not tested if a sign-in fails even without one: no cell is run, and the error says why', async () => {
    const { certificate } = await createKeyWithCertificate('Nobody');
    const done: string[] = [];
    const run = runMatrix(buildMatrix().cells.slice(0, 6), {
      orgs: 2,
      prepare: (org) => {
        if (org.name === 'faults2') replaceCertificate(org, certificate);
      },
      onResult: ({ cell }) => done.push(nameOf(cell)),
    });
    await assert.rejects(run, {
      message:
        /^No cell was run: the local org 'faults2' refuses a sign-in without any fault \(HTTP 400: .*invalid assertion/,
    });
    assert.deepEqual(done, []);
  });
});
