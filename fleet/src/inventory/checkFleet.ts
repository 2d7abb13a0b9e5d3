import type { CheckedRow } from './checkRow.js';
import type { Fault } from './fault.js';
import { stackOf } from './groupStacks.js';

/** More orgs in one stack make a change of one of them slow, and a lock holds all of them. */
const mostOrgsInShard = 50;

/** What is wrong between the entries of an inventory. */
export function checkFleet(rows: readonly CheckedRow[]): readonly Fault[] {
  return [
    ...same(
      rows,
      ({ org }) => org.name,
      () => 'the name is used twice',
    ),
    ...same(
      firstOf(rows, ({ org }) => org.name),
      ({ org }) => org.address,
      ({ org }) => `${org.address} is the org of another name`,
    ),
    ...same(
      firstOf(rows, ({ org }) => `${org.credential} ${org.address}`),
      ({ org }) => org.credential,
      ({ org }) => `the credential ${org.credential} is used for two addresses`,
    ),
    ...stackFaults(rows),
    ...waveFaults(rows),
  ];
}

const placeOf = ({ where, org }: CheckedRow): string => `${where} (${org.name})`;

function same(
  rows: readonly CheckedRow[],
  keyOf: (row: CheckedRow) => string,
  describe: (row: CheckedRow) => string,
): Fault[] {
  return [...Map.groupBy(rows, keyOf).values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : others.map((row) => ({ where: placeOf(row), message: `${describe(row)}, see ${placeOf(first)}` })),
  );
}

/** One row of each key, so that a fault is reported once. */
function firstOf(rows: readonly CheckedRow[], keyOf: (row: CheckedRow) => string): CheckedRow[] {
  return [...Map.groupBy(rows, keyOf).values()].flatMap(([first]) => first ?? []);
}

/** A stack is what is locked, rolled out and tried again, so its orgs must be alike. */
function stackFaults(rows: readonly CheckedRow[]): Fault[] {
  return [...Map.groupBy(rows, ({ org }) => stackOf(org))].flatMap(([stack, [first, ...others]]) => {
    if (first === undefined) return [];
    const faults = others.flatMap((row): Fault[] => {
      const fault = (message: string): Fault[] => [
        { where: placeOf(row), message: `${message}, see ${placeOf(first)}` },
      ];
      const [one, other] = [first.org, row.org];
      if (one.shard === undefined || other.shard === undefined) {
        // The same name was reported already.
        return one.name === other.name ? [] : fault(`its stack "${stack}" is the stack of another entry too`);
      }
      if (one.shard !== other.shard)
        return fault(`the shards "${one.shard}" and "${other.shard}" have one stack, "${stack}"`);
      if (one.stage !== other.stage)
        return fault(`the orgs of the shard "${stack}" are in the stages ${one.stage} and ${other.stage}`);
      return one.wave === other.wave
        ? []
        : fault(
            `the orgs of the shard "${stack}" are in the waves ${one.wave ?? '(none)'} and ${other.wave ?? '(none)'}`,
          );
    });
    const count = others.length + 1;
    return first.org.shard !== undefined && count > mostOrgsInShard
      ? [
          ...faults,
          {
            where: placeOf(first),
            message: `the shard "${stack}" has ${count} orgs, at most ${mostOrgsInShard} are allowed`,
          },
        ]
      : faults;
  });
}

/** Waves are numbered for all orgs of a stage or for none: where would the others go? */
function waveFaults(rows: readonly CheckedRow[]): Fault[] {
  return [...Map.groupBy(rows, ({ org }) => org.stage)].flatMap(([stage, members]) => {
    const numbered = members.find(({ org }) => org.wave !== undefined);
    return numbered === undefined
      ? []
      : members
          .filter(({ org }) => org.wave === undefined)
          .map((row) => ({
            where: placeOf(row),
            message: `names no wave, but others of the stage ${stage} do, see ${placeOf(numbered)}`,
          }));
  });
}
