import { operations, type ContenderName, type Measurement, type Operation } from './measurement.js';
import type { Parallelism } from './measurement.js';
import { median, medianOfKnown } from './statistics.js';

/** The medians of what was measured of one contender, with ratios of one run each. */
export interface Row {
  operation: Operation;
  contender: ContenderName;
  apps: number;
  parallel: Parallelism | undefined;
  /** How many runs the medians are of; 0 for a time that was worked out. */
  runs: number;
  wallMs: number;
  /** Time over the floor: the sum of the org's own times and the same command with an empty dynamic provider. */
  overFloorMs: number | undefined;
  timesFloor: number | undefined;
  /** Time over the same command with an empty dynamic provider. */
  overEmptyMs: number | undefined;
  /** The contender's time by this provider's. */
  timesOurs: number | undefined;
  /** Of the last run. */
  requests: Measurement['requests'];
  bytesSent: number;
  bytesReceived: number;
  stateBytes: number | undefined;
  peakMemoryBytes: number | undefined;
}

const contenders: readonly ContenderName[] = ['ours', 'native', 'salesforceCli', 'obvious', 'empty'];

/** The rows of the table: by operation, number of apps and `--parallel`. */
export function summarize(measurements: readonly Measurement[]): Row[] {
  const rows: Row[] = [];
  for (const operation of operations) {
    const ofOperation = measurements.filter((measurement) => measurement.operation === operation);
    for (const apps of distinct(ofOperation.map((measurement) => measurement.apps))) {
      for (const parallel of ['high', 'default'] as const) {
        const cell = ofOperation.filter((one) => one.apps === apps && (one.parallel ?? 'high') === parallel);
        const inCell = contenders.flatMap((contender) => {
          const own = cell.filter((one) => one.contender === contender);
          return own.length === 0 ? [] : [rowOf(own, cell)];
        });
        const ours = inCell.find(({ contender }) => contender === 'ours');
        const isObviousMissing = inCell.every(({ contender }) => contender !== 'obvious');
        if (operation === 'up' && ours !== undefined && isObviousMissing) {
          const own = cell.filter(({ contender }) => contender === 'ours');
          inCell.splice(-1, 0, workedOut(ours, own));
        }
        rows.push(...inCell);
      }
    }
  }
  return rows;
}

function rowOf(own: readonly Measurement[], cell: readonly Measurement[]): Row {
  const [first] = own;
  const last = own.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a row needs a measurement');
  const inRun = (run: number, contender: ContenderName): Measurement | undefined =>
    cell.find((one) => one.run === run && one.contender === contender);
  const empty = own.map((one) => inRun(one.run, 'empty')?.wallMs);
  const floors = own.map(({ orgMs }, index) => {
    const emptyMs = empty[index];
    return emptyMs === undefined ? undefined : orgMs + emptyMs;
  });
  const over = (others: readonly (number | undefined)[]): number | undefined =>
    medianOfKnown(
      own.map(({ wallMs }, index) => {
        const other = others[index];
        return other === undefined ? undefined : wallMs - other;
      }),
    );
  const ratio = (wallMs: number, other: number | undefined): number | undefined =>
    other === undefined ? undefined : wallMs / other;
  return {
    operation: first.operation,
    contender: first.contender,
    apps: first.apps,
    parallel: first.parallel,
    runs: own.length,
    wallMs: median(own.map(({ wallMs }) => wallMs)),
    overFloorMs: over(floors),
    overEmptyMs: over(empty),
    timesFloor: medianOfKnown(own.map(({ wallMs }, index) => ratio(wallMs, floors[index]))),
    timesOurs: medianOfKnown(own.map(({ wallMs, run }) => ratio(wallMs, inRun(run, 'ours')?.wallMs))),
    requests: last.requests,
    bytesSent: last.bytesSent,
    bytesReceived: last.bytesReceived,
    stateBytes: last.stateBytes,
    peakMemoryBytes: medianOfKnown(own.map(({ peakMemoryBytes }) => peakMemoryBytes)),
  };
}

/** The obvious provider if it is not measured: it cannot be faster than the deploys that it needs. */
function workedOut(ours: Row, own: readonly Measurement[]): Row {
  return {
    ...ours,
    contender: 'obvious',
    runs: 0,
    wallMs: median(own.map(({ oneByOneMs }) => oneByOneMs)),
    overFloorMs: undefined,
    timesFloor: undefined,
    overEmptyMs: undefined,
    timesOurs: median(own.map(({ oneByOneMs, wallMs }) => oneByOneMs / wallMs)),
    requests: {},
    bytesSent: 0,
    bytesReceived: 0,
    stateBytes: undefined,
    peakMemoryBytes: undefined,
  };
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
