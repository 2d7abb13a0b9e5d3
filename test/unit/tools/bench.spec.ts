import assert from 'node:assert/strict';
import { drawChart } from '../../../tools/bench/chart.js';
import { ArgumentsError } from '../../../tools/commandLineArguments.js';
import { leastOrgTime, leastTimeOneByOne } from '../../../tools/bench/floor.js';
import type { Measurement } from '../../../tools/bench/measurement.js';
import { parseOptions, usage } from '../../../tools/bench/options.js';
import {
  drawTimes,
  JobTimes,
  type Command,
  type DrawnTimes,
  type OrgTimes,
} from '../../../tools/bench/orgTimes.js';
import { median, medianOfKnown } from '../../../tools/bench/statistics.js';
import { summarize } from '../../../tools/bench/summary.js';
import { formatRequests, formatRows, formatTargets } from '../../../tools/bench/table.js';
import { judge } from '../../../tools/bench/targets.js';

const times: OrgTimes = {
  latencyMs: 60,
  retrieveMs: { from: 1500, to: 3000 },
  deployMs: { from: 5000, to: 8000 },
  deployComponentMs: 5,
  seed: 1,
};
const command: Command = { run: 1, apps: 50, parallel: 'high', operation: 'up' };

/** Retrieves of 2 s, then of 3 s; deploys of 6 s. */
const drawn: DrawnTimes = {
  latencyMs: 60,
  deployComponentMs: 5,
  retrieveMs: (number) => (number === 0 ? 2000 : 3000),
  deployMs: () => 6000,
};

function measurement(some: Partial<Measurement>): Measurement {
  return {
    operation: 'up',
    contender: 'ours',
    apps: 50,
    parallel: 'high',
    run: 1,
    wallMs: 14_000,
    orgMs: 11_000,
    oneByOneMs: 300_500,
    requests: { retrieve: 1, deploy: 1, checkDeployStatus: 20, checkRetrieveStatus: 5 },
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
  it('calculates the median', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 2]), 3);
    assert.equal(medianOfKnown([undefined, 7]), 7);
    assert.equal(medianOfKnown([undefined]), undefined);
    assert.throws(() => median([]), RangeError);
  });

  it('adds up the time that the org needs at least', () => {
    const signIn = 2 * 60;
    const deploy = (apps: number): number => 2 * 60 + 6000 + 2 * 5 * apps;
    assert.equal(leastOrgTime('up', 1, drawn), signIn + 2120 + deploy(1) + 60);
    assert.equal(leastOrgTime('up', 50, drawn), signIn + 2120 + deploy(50) + 60);
    assert.equal(leastOrgTime('up', 51, drawn), signIn + 2120 + deploy(51) + 3120);
    assert.equal(leastOrgTime('refresh', 10, drawn), signIn + 60);
    assert.equal(leastOrgTime('refresh', 500, drawn), signIn + 2120);
    assert.equal(leastOrgTime('previewChanged', 3, drawn), signIn + 60);
    assert.equal(leastOrgTime('previewChanged', 4, drawn), signIn + 2120);
    assert.equal(leastOrgTime('previewNew', 1, drawn), signIn + 2120);
    assert.equal(leastOrgTime('noChange', 500, drawn), 0);
    assert.equal(leastTimeOneByOne(50, drawn), 50 * 6010);
  });

  it('draws the times of jobs from the whole range, the same ones each time', () => {
    const numbers = Array.from({ length: 400 }, (_, number) => number);
    const retrieves = numbers.map(drawTimes(times, command).retrieveMs);
    assert.deepEqual(retrieves, numbers.map(drawTimes(times, command).retrieveMs));
    assert.ok(retrieves.every((ms) => Number.isInteger(ms) && ms >= 1500 && ms <= 3000));
    assert.ok(Math.min(...retrieves) < 1520 && Math.max(...retrieves) > 2980);
    const deploys = numbers.map(drawTimes(times, command).deployMs);
    assert.ok(Math.min(...deploys) >= 5000 && Math.max(...deploys) <= 8000);
    const others: [OrgTimes, Command][] = [
      [{ ...times, seed: 2 }, command],
      [times, { ...command, run: 2 }],
      [times, { ...command, operation: 'refresh' }],
    ];
    for (const other of others) assert.notDeepEqual(numbers.map(drawTimes(...other).retrieveMs), retrieves);
  });

  it('gives the first job of a command the same time for every contender', () => {
    const jobTimes = new JobTimes();
    assert.equal(jobTimes.next('retrieveMs', 'ours'), 0);
    for (let round = 0; round < 2; round += 1) {
      jobTimes.begin(drawn);
      assert.equal(jobTimes.next('retrieveMs', 'ours'), 2000);
      assert.equal(jobTimes.next('retrieveMs', 'ours'), 3000);
      assert.equal(jobTimes.next('deployMs', 'ours'), 6000);
      assert.equal(jobTimes.next('retrieveMs', 'salesforceCli'), 2000);
    }
  });

  it('compares within a run and calculates the medians of the ratios', () => {
    const rows = summarize(measurements);
    const ours = rows.find(({ contender }) => contender === 'ours');
    assert.equal(ours?.wallMs, 21_000);
    assert.equal(ours.timesFloor, (14 / 13 + 28 / 26) / 2);
    assert.equal(rows.find(({ contender }) => contender === 'salesforceCli')?.timesOurs, (1 + 0.75) / 2);
  });

  it('estimates the obvious provider if it was not run', () => {
    const obvious = summarize(measurements).find(({ contender }) => contender === 'obvious');
    assert.deepEqual([obvious?.runs, obvious?.wallMs], [0, 300_500]);
  });

  it('judges the requirements, and says what was not measured', () => {
    const targets = judge(summarize(measurements));
    const found = new Map(targets.map((target) => [target.what, [target.found, target.holds]]));
    assert.deepEqual(found.get('up of 50 apps, high --parallel, by the floor'), ['1.08 ×', true]);
    assert.deepEqual(
      found.get('up of 50 apps, high --parallel, by the Salesforce CLI’s retrieve and deploy'),
      ['1.14 ×', true],
    );
    assert.deepEqual(found.get('the obvious provider by up of 50 apps, high --parallel'), ['16.10 ×', true]);
    assert.deepEqual(found.get('up of 50 apps, high --parallel: a retrieve and a deploy'), [
      '1 retrieve, 1 deploy',
      true,
    ]);
    assert.deepEqual(found.get('up of 1 app: requests'), [undefined, undefined]);
    assert.equal(found.size, targets.length);
  });

  it('judges one app by the obvious provider, the floor, its requests, and the time over the engine alone', () => {
    const one = { apps: 1, oneByOneMs: 6000, orgMs: 9000 };
    const single = [
      measurement({ ...one, wallMs: 10_500, requests: { deploy: 1, checkDeployStatus: 35 } }),
      measurement({ ...one, contender: 'obvious', wallMs: 10_000 }),
      measurement({ ...one, contender: 'empty', wallMs: 1000, orgMs: 0, requests: {} }),
      measurement({ ...one, operation: 'refresh', wallMs: 2100 }),
      measurement({ ...one, operation: 'refresh', contender: 'empty', wallMs: 1200 }),
    ];
    const targets = judge(summarize(single));
    const found = targets.flatMap((target) =>
      target.holds === undefined ? [] : [[target.what, target.found, target.holds]],
    );
    assert.deepEqual(found.slice(0, 4), [
      ['up of 1 app, by the obvious provider, which verifies nothing', '1.05 ×', false],
      ['up of 1 app, by the floor', '1.05 ×', true],
      ['up of 1 app: requests', '36', false],
      ['refresh of 1 app, high --parallel, over the empty provider', '0.90 s', true],
    ]);
  });

  it('compares the native provider with this one by requests, without polls, and time, in the worst of all commands', () => {
    const worst = (native: Partial<Measurement>, what: RegExp): unknown[] => {
      const commands = [{}, { operation: 'refresh' }] as const;
      const targets = judge(
        summarize([
          ...commands.map((some) => measurement({ ...some, wallMs: 1000 })),
          measurement({ contender: 'native', wallMs: 900 }),
          measurement({ contender: 'native', operation: 'refresh', wallMs: 1050, ...native }),
        ]),
      );
      return targets.flatMap((target) => (what.test(target.what) ? [target.found, target.holds] : []));
    };
    const requests = /^native provider.*: requests/;
    const time = /^native provider.*, by this provider/;
    assert.deepEqual(worst({}, requests), ['0', true]);
    assert.deepEqual(worst({ requests: { checkDeployStatus: 90, retrieve: 1, deploy: 1 } }, requests), [
      '0',
      true,
    ]);
    assert.deepEqual(worst({ requests: { retrieve: 2, deploy: 1 } }, requests), ['1', false]);
    assert.deepEqual(worst({}, time), ['1.05 ×', true]);
    assert.deepEqual(worst({ wallMs: 1060 }, time), ['1.06 ×', false]);
    assert.deepEqual(worst({ apps: 1 }, time), ['0.90 ×', true]);
  });

  it('writes a table with the same number of cells in every line', () => {
    const rows = summarize(measurements);
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
    const svg = drawChart(summarize(measurements));
    assert.equal(svg.match(/<rect /g)?.length, 1 + 4);
    assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
  });

  it('reads its options, which are all in the usage', () => {
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
    assert.deepEqual(parseOptions(['--retrieve-ms', '2000']).retrieveMs, { from: 2000, to: 2000 });
    assert.deepEqual(parseOptions(['--deploy-ms', '5-8']).deployMs, { from: 5, to: 8 });
    for (const args of [
      ['--apps', '0'],
      ['--runs', 'x'],
      ['--parallel', '8'],
      ['--retrieve-ms', '3000-1500'],
      ['--nothing'],
    ]) {
      assert.throws(() => parseOptions(args), ArgumentsError);
    }
    for (const name of [
      'full',
      'apps',
      'runs',
      'parallel',
      'obvious-up-to',
      'no-salesforce-cli',
      'retrieve-ms',
      'deploy-ms',
      'seed',
      'out',
      'json',
    ]) {
      assert.match(usage, new RegExp(`--${name}\\b`));
    }
  });
});
