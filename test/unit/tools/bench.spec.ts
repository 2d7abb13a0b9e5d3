import assert from 'node:assert/strict';
import { drawChart } from '../../../tools/bench/chart.js';
import { ArgumentsError } from '../../../tools/commandLineArguments.js';
import { leastOrgTime, leastTimeOneByOne } from '../../../tools/bench/floor.js';
import type { Measurement } from '../../../tools/bench/measurement.js';
import { parseOptions, usage } from '../../../tools/bench/options.js';
import { median, medianOfKnown } from '../../../tools/bench/statistics.js';
import { summarize } from '../../../tools/bench/summary.js';
import { formatRequests, formatRows, formatTargets } from '../../../tools/bench/table.js';
import { judge } from '../../../tools/bench/targets.js';

const times = { latencyMs: 60, retrieveMs: 2000, deployMs: 6000, deployComponentMs: 5 };

function measurement(some: Partial<Measurement>): Measurement {
  return {
    operation: 'up',
    contender: 'ours',
    apps: 50,
    parallel: 'high',
    run: 1,
    wallMs: 14_000,
    orgMs: 11_000,
    requests: { retrieve: 2, deploy: 1, checkDeployStatus: 20, checkRetrieveStatus: 5 },
    bytesSent: 1000,
    bytesReceived: 2_000_000,
    stateBytes: 500_000,
    peakMemoryBytes: 200_000_000,
    ...some,
  };
}

/** Two runs of this provider, the empty one and the Salesforce CLI, on a machine that became twice as slow in between. */
const measurements = [
  measurement({}),
  measurement({ contender: 'empty', wallMs: 2000, orgMs: 0, requests: {} }),
  measurement({ contender: 'salesforceCli', parallel: undefined, wallMs: 14_000 }),
  measurement({ run: 2, wallMs: 28_000 }),
  measurement({ run: 2, contender: 'empty', wallMs: 15_000, orgMs: 0, requests: {} }),
  measurement({ run: 2, contender: 'salesforceCli', parallel: undefined, wallMs: 21_000 }),
];

describe('the benchmark', () => {
  it('takes the middle value, or the mean of two', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 2]), 3);
    assert.equal(medianOfKnown([undefined, 7]), 7);
    assert.equal(medianOfKnown([undefined]), undefined);
    assert.throws(() => median([]), RangeError);
  });

  it('adds up what the org needs at the least', () => {
    assert.equal(leastOrgTime('up', 50, times), 2 * 60 + 2120 + (120 + 6000 + 500) + 2120);
    assert.equal(leastOrgTime('refresh', 500, times), 2 * 60 + 2120);
    assert.equal(leastOrgTime('noChange', 500, times), 0);
    assert.equal(leastTimeOneByOne(50, times), 50 * 6010);
  });

  it('compares within a run and takes the medians of the ratios', () => {
    const rows = summarize(measurements, times);
    const ours = rows.find(({ contender }) => contender === 'ours');
    assert.equal(ours?.wallMs, 21_000);
    assert.equal(ours.timesFloor, (14 / 13 + 28 / 26) / 2);
    assert.equal(rows.find(({ contender }) => contender === 'salesforceCli')?.timesOurs, (1 + 0.75) / 2);
  });

  it('works out the obvious provider where it was not run', () => {
    const obvious = summarize(measurements, times).find(({ contender }) => contender === 'obvious');
    assert.deepEqual([obvious?.runs, obvious?.wallMs], [0, 300_500]);
  });

  it('judges what must hold, and says what was not measured', () => {
    const targets = judge(summarize(measurements, times));
    assert.deepEqual(
      targets.slice(0, 5).map(({ found, holds }) => [found, holds]),
      [
        ['1.08 ×', true],
        ['1.14 ×', true],
        ['14.31 ×', true],
        ['2 retrieve, 1 deploy', true],
        [undefined, undefined],
      ],
    );
  });

  it('writes a table with as many cells in every line', () => {
    const rows = summarize(measurements, times);
    for (const table of [formatRows(rows), formatTargets(judge(rows))]) {
      const widths = table.split('\n').map((line) => line.split('|').length);
      assert.equal(new Set(widths).size, 1, table);
    }
    assert.equal(
      formatRequests({ retrieve: 2, checkDeployStatus: 3, checkRetrieveStatus: 4 }),
      'retrieve 2, polls 7',
    );
  });

  it('draws a bar for each contender', () => {
    const svg = drawChart(summarize(measurements, times));
    assert.equal(svg.match(/<rect /g)?.length, 1 + 4);
    assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
  });

  it('reads its options, all of which are in the usage', () => {
    assert.deepEqual(parseOptions([]).apps, [1, 10, 50]);
    assert.deepEqual(parseOptions(['--full']).apps, [1, 10, 50, 200, 500]);
    const { apps, parallel, obviousUpTo } = parseOptions([
      '--full',
      '--apps=50,1,50',
      '--parallel',
      'high',
      '--obvious-up-to=0',
    ]);
    assert.deepEqual({ apps, parallel, obviousUpTo }, { apps: [1, 50], parallel: ['high'], obviousUpTo: 0 });
    for (const args of [['--apps', '0'], ['--runs', 'x'], ['--parallel', '8'], ['--nothing']]) {
      assert.throws(() => parseOptions(args), ArgumentsError);
    }
    for (const name of [
      'full',
      'apps',
      'runs',
      'parallel',
      'obvious-up-to',
      'no-salesforce-cli',
      'out',
      'json',
    ]) {
      assert.match(usage, new RegExp(`--${name}\\b`));
    }
  });
});
