import type { ContenderName, Operation } from './measurement.js';
import type { Parallelism } from './measurement.js';
import type { Row } from './summary.js';

/** What must hold, and what was found. */
export interface Target {
  what: string;
  limit: string;
  /** What was measured; `undefined` if this run did not measure it. */
  found: string | undefined;
  holds: boolean | undefined;
}

type Find = (
  operation: Operation,
  contender: ContenderName,
  apps: number,
  parallel: Parallelism | undefined,
) => Row | undefined;

/** Judges the rows by what the project demands of itself. */
export function judge(rows: readonly Row[]): Target[] {
  const find: Find = (operation, contender, apps, parallel) =>
    rows.find(
      (row) =>
        row.operation === operation &&
        row.contender === contender &&
        row.apps === apps &&
        row.parallel === parallel,
    );
  const highUp = find('up', 'ours', 50, 'high');
  const oneUp = find('up', 'ours', 1, 'high');
  const cli = find('up', 'salesforceCli', 50, undefined);
  const isIdle = (row: Row): boolean => row.operation === 'noChange' || row.operation === 'previewUnchanged';
  const oursWhere = (choose: (row: Row) => boolean): Row[] =>
    rows.filter((row) => row.contender === 'ours' && choose(row));
  return [
    atMost(
      'up of 1 app, by the obvious provider, which verifies nothing',
      1,
      byOther(find('up', 'obvious', 1, 'high')),
      times,
    ),
    atMost('up of 1 app, by the floor', 1.08, oneUp?.timesFloor, times),
    atMost('up of 1 app: requests', 35, oneUp && countOf(oneUp.requests), String),
    atMost(
      'up of 10 apps, high --parallel, by the Salesforce CLI’s retrieve and deploy',
      1,
      byOther(find('up', 'salesforceCli', 10, undefined)),
      times,
    ),
    ...[1, 10].map((apps) =>
      atMost(
        `refresh of ${apps} app${apps === 1 ? '' : 's'}, high --parallel, over the empty provider`,
        1000,
        find('refresh', 'ours', apps, 'high')?.overEmptyMs,
        milliseconds,
      ),
    ),
    atMost(
      'preview of 1 changed app, over the empty provider',
      1200,
      find('previewChanged', 'ours', 1, 'high')?.overEmptyMs,
      milliseconds,
    ),
    atMost('up of 50 apps, high --parallel, by the floor', 1.15, highUp?.timesFloor, times),
    atMost(
      'up of 50 apps, high --parallel, by the Salesforce CLI’s retrieve and deploy',
      1.15,
      byOther(cli),
      times,
    ),
    atLeast(
      'the obvious provider by up of 50 apps, high --parallel',
      10,
      find('up', 'obvious', 50, 'high')?.timesOurs,
    ),
    requestTarget('up of 50 apps, high --parallel: a retrieve and a deploy', highUp, {
      retrieve: 1,
      deploy: 1,
    }),
    requestTarget('up of 50 apps, default --parallel: one retrieve', find('up', 'ours', 50, 'default'), {
      retrieve: 1,
    }),
    atMost(
      'up of 500 apps, high --parallel, by the floor',
      1.3,
      find('up', 'ours', 500, 'high')?.timesFloor,
      times,
    ),
    atMost('memory of the provider process in up, for each further app', 0.5, memoryPerApp(find), megabytes),
    atLeast(
      'the obvious provider by up of 50 apps, default --parallel',
      4.6,
      find('up', 'obvious', 50, 'default')?.timesOurs,
    ),
    noRequests('up and preview without a change: requests', oursWhere(isIdle)),
    atMost(
      'up and preview without a change, by the empty provider, at worst',
      1.1,
      largest(oursWhere(isIdle).map(({ timesFloor }) => timesFloor)),
      times,
    ),
    requestTarget(
      'refresh of 500 apps, high --parallel: one retrieve',
      find('refresh', 'ours', 500, 'high'),
      {
        retrieve: 1,
      },
    ),
    requestTarget(
      'refresh of 500 apps, default --parallel: one retrieve',
      find('refresh', 'ours', 500, 'default'),
      { retrieve: 1 },
    ),
    ...(['previewNew', 'previewChanged'] as const).map((operation) =>
      requestTarget(
        `preview of 50 ${operation === 'previewNew' ? 'new' : 'changed'} apps: at most a sign-in, the versions and a retrieve`,
        find(operation, 'ours', 50, 'high') ?? find(operation, 'ours', 50, 'default'),
        { token: 1, versions: 1, retrieve: 1 },
      ),
    ),
    ...nativeTargets(rows),
  ];
}

/** The native provider does what the dynamic one does, with as many requests and in the same time. */
function nativeTargets(rows: readonly Row[]): Target[] {
  const native = rows.filter(({ contender, apps }) => contender === 'native' && apps === 50);
  const further = native.map((row) => {
    const dynamic = rows.find(
      ({ contender, operation, apps, parallel }) =>
        contender === 'ours' && operation === row.operation && apps === row.apps && parallel === row.parallel,
    );
    return dynamic && countWithoutPolls(row.requests) - countWithoutPolls(dynamic.requests);
  });
  return [
    atMost(
      'native provider, any command with 50 apps: requests more than this provider’s, polls not counted, at worst',
      0,
      largest(further),
      String,
    ),
    atMost(
      'native provider, any command with 50 apps, by this provider, at worst',
      1.05,
      largest(native.map(({ timesOurs }) => timesOurs)),
      times,
    ),
  ];
}

const times = (value: number): string => `${value.toFixed(2)} ×`;
const milliseconds = (value: number): string => `${(value / 1000).toFixed(2)} s`;
const megabytes = (value: number): string => `${value.toFixed(2)} MB`;

/** This provider's time by another contender's. */
function byOther(other: Row | undefined): number | undefined {
  return other?.timesOurs === undefined ? undefined : 1 / other.timesOurs;
}

const countOf = (requests: Row['requests']): number =>
  Object.values(requests).reduce((sum, count) => sum + count, 0);

/** The number of status requests for a job depends on when it ends. */
const countWithoutPolls = (requests: Row['requests']): number =>
  countOf(requests) - (requests.checkRetrieveStatus ?? 0) - (requests.checkDeployStatus ?? 0);

function atMost(
  what: string,
  limit: number,
  found: number | undefined,
  format: (value: number) => string,
): Target {
  return {
    what,
    limit: `at most ${format(limit)}`,
    found: found === undefined ? undefined : format(found),
    holds: found === undefined ? undefined : found <= limit,
  };
}

function atLeast(what: string, limit: number, found: number | undefined): Target {
  return {
    what,
    limit: `at least ${times(limit)}`,
    found: found === undefined ? undefined : times(found),
    holds: found === undefined ? undefined : found >= limit,
  };
}

function requestTarget(what: string, row: Row | undefined, limits: Row['requests']): Target {
  const asked = row?.requests;
  const kinds = Object.entries(limits) as [keyof Row['requests'], number][];
  const describe = (requests: Row['requests']): string =>
    kinds.map(([kind]) => `${requests[kind] ?? 0} ${kind}`).join(', ');
  return {
    what,
    limit: describe(limits),
    found: asked === undefined ? undefined : describe(asked),
    holds: asked === undefined ? undefined : kinds.every(([kind, most]) => (asked[kind] ?? 0) <= most),
  };
}

function noRequests(what: string, rows: readonly Row[]): Target {
  const most = largest(rows.map(({ requests }) => countOf(requests)));
  return {
    what,
    limit: '0',
    found: most?.toString(),
    holds: most === undefined ? undefined : most === 0,
  };
}

function memoryPerApp(find: Find): number | undefined {
  const few = find('up', 'ours', 1, 'high');
  // With fewer the growth is that of the garbage collector's own spaces.
  const many = find('up', 'ours', 500, 'high') ?? find('up', 'ours', 200, 'high');
  return few?.peakMemoryBytes === undefined || many?.peakMemoryBytes === undefined
    ? undefined
    : (many.peakMemoryBytes - few.peakMemoryBytes) / 1e6 / (many.apps - few.apps);
}

function largest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
