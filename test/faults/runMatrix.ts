import { startLocalOrg, type LocalOrg } from 'salesforce-local-org';
import { restoreSnapshot, takeSnapshot } from '../support/orgSnapshot.js';
import { checkSignIn } from './checkSignIn.js';
import { blemishesIn } from './judgeError.js';
import type { Cell } from './matrix.js';
import { runCell, type CellResult } from './runCell.js';

/** How long a deploy of an org runs, in milliseconds: long enough to be seen running. */
const deployMs = 100;

/** What a run of cells ended in. */
export interface MatrixResult {
  results: CellResult[];
  /** What went wrong outside of any cell: rejections that nobody handled, secrets in what was printed. */
  faults: string[];
}

/** What {@link runMatrix} takes. */
export interface MatrixOptions {
  /** How many cells run at once, each in an org of its own; default 48. */
  orgs?: number;
  /** Told about every cell that is done. */
  onResult?: (result: CellResult, done: number) => void;
  /** What is done to each org before its first cell. */
  prepare?: (org: LocalOrg) => void;
}

/**
 * Runs cells, many at once: they spend most of their time waiting.
 *
 * @throws Error when an org cannot even be signed in to without a fault: no cell is run then
 */
export async function runMatrix(cells: readonly Cell[], options: MatrixOptions = {}): Promise<MatrixResult> {
  const count = Math.max(1, Math.min(options.orgs ?? 48, cells.length));
  const names = Array.from({ length: count }, (_, index) => `faults${index + 1}`);
  const faults: string[] = [];
  const printed: string[] = [];
  const onRejection = (reason: unknown): void => {
    faults.push(
      `a rejection was not handled: ${reason instanceof Error ? (reason.stack ?? '') : String(reason)}`,
    );
  };
  process.on('unhandledRejection', onRejection);
  const log = console.log;
  // Without an engine the provider says to standard output what the engine would be told.
  console.log = (...parts: unknown[]) => {
    printed.push(parts.map(String).join(' '));
  };
  // Each run listens for the signals that end a process; in use there is one a process.
  const mostListeners = process.getMaxListeners();
  process.setMaxListeners(0);
  const server = await startLocalOrg({ orgs: names, deployMs });
  const results: CellResult[] = [];
  const waiting = cells.map((cell, index) => ({ cell, number: index + 1 }));
  const work = async (org: LocalOrg, most = Infinity): Promise<void> => {
    const seed = takeSnapshot(org);
    for (let number = 0; number < most; number += 1) {
      const next = waiting.shift();
      if (next === undefined) return;
      const result = await runCell(org, next.cell, next.number);
      results.push(result);
      options.onResult?.(result, results.length);
      restoreSnapshot(org, seed);
      org.clearRequests();
    }
  };
  try {
    for (const org of server.orgs) {
      options.prepare?.(org);
      await checkSignIn(org);
    }
    // The first cell loads what all need, while no other's time runs.
    await work(server.org('faults1'), 1);
    await Promise.all(server.orgs.map((org) => work(org)));
    for (const line of printed) {
      faults.push(
        ...blemishesIn(line, server.org('faults1')).map((blemish) => `a line holds ${blemish}: ${line}`),
      );
    }
  } finally {
    console.log = log;
    process.setMaxListeners(mostListeners);
    process.off('unhandledRejection', onRejection);
    await server.close();
  }
  return { results, faults };
}

/** A failing cell in words. */
export function storyOf(name: string, { faults, story }: CellResult<unknown>): string {
  return [name, ...faults.map((fault) => `  ✗ ${fault}`), ...story.map((line) => `    ${line}`)].join('\n');
}
