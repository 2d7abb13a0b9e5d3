import assert from 'node:assert/strict';
import type { WorkflowHandle } from '@temporalio/client';
import type { LocalOrg } from 'salesforce-local-org';
import { readRun } from '../../src/commandLine/runs.js';
import type { RollOutStatus } from '../../src/contract/status.js';
import { componentsOf, deploysOf, settingOf } from '../support/worldOfOrgs.js';
import { patient, Scene } from './scene.js';

/** One fault, and how a roll-out ends all the same. */
export interface FaultRow {
  readonly name: string;
  /** Whether it runs in the tests of the package too. */
  readonly isSample?: true;
  /** Each org is a stack. */
  readonly orgs: readonly string[];
  /** The state is in PostgreSQL, and not in a folder. */
  readonly hasDatabase?: true;
  /** Begins a roll-out, lets the fault happen, and waits for the end. A worker must be left. */
  readonly does: (scene: Scene) => Promise<WorkflowHandle>;
  readonly checks: Ending;
}

/** What differs from row to row at the end. */
export interface Ending {
  /** How many stacks the last roll-out shows as changed, by default all; the others are unchanged. */
  readonly changed?: number | 'any';
  /** The requests to deploy that reached each org, by default one. One of them has changed the org. */
  readonly deploysSent?: Readonly<Record<string, number>>;
  /** Whether the fault left a lock behind, which had to be taken away; by default no lock was in the way. */
  readonly isTakenOver?: true;
}

/** How a row ended. */
export interface RowResult {
  readonly seconds: number;
  /** What could not be done here as the row says. */
  readonly notes: readonly string[];
}

/** A row that has not ended by then hangs, in milliseconds. */
export const limitMs = 300_000;

/**
 * Runs a row.
 *
 * @throws Error when it does not end as it should
 */
export async function runRow({ orgs, hasDatabase, does, checks }: FaultRow): Promise<RowResult> {
  const start = performance.now();
  const scene = await Scene.open(orgs, hasDatabase);
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(reject, limitMs, new Error(`not within ${limitMs / 1000} s`));
  try {
    await Promise.race([late, doAndCheck(scene, does, checks)]);
  } catch (thrown) {
    const seen = await scene.describe().catch(String);
    throw new Error(`${thrown instanceof Error ? thrown.message : String(thrown)}\n${seen}`, {
      cause: thrown,
    });
  } finally {
    clearTimeout(timer);
    await scene.close();
  }
  return { seconds: (performance.now() - start) / 1000, notes: scene.notes };
}

async function doAndCheck(scene: Scene, does: FaultRow['does'], checks: Ending): Promise<void> {
  const { orgs } = scene.world.server;
  const before = orgs.map(componentsOf);
  const handle = await does(scene);

  assertTruthful((await readRun(handle)).status, orgs.length, checks);
  for (const org of orgs) {
    assertSet(org);
    assert.equal(deploysOf(org), checks.deploysSent?.[org.name] ?? 1, `deploys sent to ${org.name}`);
    const effective = org.deploys.filter((deploy) => deploy.status === 'Succeeded');
    assert.equal(effective.length, 1, `effective deploys in ${org.name}`);
    if (checks.isTakenOver !== true) assert.equal((await scene.outcomeOf(org.name)).recovered, undefined);
  }
  assert.deepEqual(await scene.locks(), [], 'no lock is left');
  assert.equal(await scene.overlaps(), '', 'never two CLIs on one stack');

  // A state that is right restores what was there.
  const destroyed = await readRun(
    await scene.ended(await scene.start({ operation: 'destroy', timings: patient })),
  );
  assert.equal(destroyed.status.state, 'done', destroyed.status.problems[0]?.message);
  assert.deepEqual(orgs.map(componentsOf), before, 'destroy restores what was there');
  assert.deepEqual(await scene.locks(), []);
}

function assertTruthful(
  { state, message, problems, waves }: RollOutStatus,
  stacks: number,
  { changed = stacks }: Ending,
): void {
  const count = (mark: 'changed' | 'unchanged'): number =>
    waves.filter(({ wave }) => wave !== 'gate').reduce((sum, wave) => sum + wave[mark], 0);
  assert.deepEqual(
    { state, message, problems },
    { state: 'done', message: 'All stacks are done.', problems: [] },
  );
  assert.equal(count('changed') + count('unchanged'), stacks);
  if (changed !== 'any') assert.equal(count('changed'), changed, 'stacks that the status shows as changed');
}

function assertSet(org: LocalOrg): void {
  const settings = [settingOf(org, 'isNamedUserJwtEnabled'), settingOf(org, 'namedUserJwtTimeout')];
  assert.deepEqual(settings, ['true', '30'], `settings of ${org.name}`);
}
