import { startLocalOrg, type RequestKind } from 'salesforce-local-org';
import type { ProviderProgram } from '../../support/providerProgram.js';
import { checkSignIn } from '../checkSignIn.js';
import type { CellResult } from '../runCell.js';
import { cellsOf, type InterruptionCell, type RecordedRuns } from './cells.js';
import { changingOperations, type ChangingOperation } from './changingOperations.js';
import { readPage } from './page.js';
import { runInterruption } from './runCell.js';
import { Scene } from './scene.js';

/** How long a deploy of an org runs, in milliseconds: long enough to be seen running, over before the next command. */
const deployMs = 500;

/** What {@link runInterruptions} takes. */
export interface InterruptionOptions {
  /** The provider that is interrupted. */
  provider: ProviderProgram;
  /** Which cells of the whole matrix run. */
  choose: (cells: readonly InterruptionCell[]) => InterruptionCell[];
  /** How many cells run at once, each with an org of its own. */
  orgs: number;
  /** Text of the page to follow; default: docs/interrupted-runs.md. */
  page?: string;
  /** Told about every cell that is done. */
  onResult?: (result: CellResult<InterruptionCell>, done: number, count: number) => void;
}

/**
 * Runs cells of the matrix of interruptions, and tells which requests an undisturbed run sends.
 *
 * @throws Error when an org cannot even be signed in to without an interruption
 */
export async function runInterruptions(
  options: InterruptionOptions,
): Promise<{ results: CellResult<InterruptionCell>[]; runs: RecordedRuns }> {
  const page = options.page ?? readPage();
  const names = Array.from({ length: options.orgs }, (_, index) => `interruptions${index + 1}`);
  const server = await startLocalOrg({ orgs: names, deployMs });
  const preparing: Promise<Scene>[] = [];
  try {
    for (const org of server.orgs) await checkSignIn(org);
    preparing.push(...server.orgs.map((org) => Scene.prepare(org, options.provider)));
    const scenes = await Promise.all(preparing);
    const runs = await recordRuns(scenes);
    const waiting = options.choose(cellsOf(runs));
    const { length } = waiting;
    const results: CellResult<InterruptionCell>[] = [];
    const work = async (scene: Scene): Promise<void> => {
      for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
        const result = await runInterruption(scene, cell, page);
        results.push(result);
        options.onResult?.(result, results.length, length);
      }
    };
    await Promise.all(scenes.map(work));
    return { results, runs };
  } finally {
    for (const scene of await Promise.allSettled(preparing)) {
      if (scene.status === 'fulfilled') await scene.value.dispose();
    }
    await server.close();
  }
}

/** The requests of each operation when nobody disturbs it, the operations spread over the scenes. */
async function recordRuns(scenes: readonly Scene[]): Promise<RecordedRuns> {
  const runs: Record<ChangingOperation, RequestKind[]> = { create: [], update: [], delete: [] };
  const waiting = [...changingOperations];
  const work = async (scene: Scene): Promise<void> => {
    for (let operation = waiting.shift(); operation !== undefined; operation = waiting.shift()) {
      runs[operation] = await scene.record(operation);
    }
  };
  await Promise.all(scenes.map(work));
  return runs;
}
