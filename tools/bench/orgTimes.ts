import { createHash } from 'node:crypto';
import type { Operation } from './measurement.js';
import type { Parallelism } from './measurement.js';

/** Milliseconds from which a time is drawn, both ends included. */
export interface Range {
  from: number;
  to: number;
}

/** How long an org takes, in milliseconds; its jobs take times drawn with the seed. */
export interface OrgTimes {
  latencyMs: number;
  retrieveMs: Range;
  deployMs: Range;
  deployComponentMs: number;
  seed: number;
}

/** One command of a run. Every contender finds the same times at it. */
export interface Command {
  run: number;
  apps: number;
  parallel: Parallelism;
  operation: Operation;
}

/** The times of an org during one command: the first retrieve takes as long for whoever asks for it, and so do the others. */
export interface DrawnTimes {
  latencyMs: number;
  deployComponentMs: number;
  /** @param number of the job in the command, from 0 on */
  retrieveMs: (number: number) => number;
  /** @param number of the job in the command, from 0 on */
  deployMs: (number: number) => number;
}

/** Draws the times of a command: evenly spread, always the same for the same seed. */
export function drawTimes(times: OrgTimes, { run, apps, parallel, operation }: Command): DrawnTimes {
  const draw = (kind: 'retrieveMs' | 'deployMs', number: number): number => {
    const { from, to } = times[kind];
    const key = [times.seed, run, apps, parallel, operation, kind, number].join(' ');
    const share = createHash('sha256').update(key).digest().readUInt32BE() / 2 ** 32;
    return Math.floor(from + share * (to - from + 1));
  };
  return {
    latencyMs: times.latencyMs,
    deployComponentMs: times.deployComponentMs,
    retrieveMs: (number) => draw('retrieveMs', number),
    deployMs: (number) => draw('deployMs', number),
  };
}

/** Hands out the drawn times to the jobs of orgs, in the order in which each org gets them. */
export class JobTimes {
  #drawn: DrawnTimes | undefined;
  readonly #counts = new Map<string, number>();

  /** From now on jobs take the times of a command, from its first one on. */
  begin(drawn: DrawnTimes): void {
    this.#drawn = drawn;
    this.#counts.clear();
  }

  next(kind: 'retrieveMs' | 'deployMs', org: string): number {
    const key = `${org} ${kind}`;
    const number = this.#counts.get(key) ?? 0;
    this.#counts.set(key, number + 1);
    return this.#drawn?.[kind](number) ?? 0;
  }
}
