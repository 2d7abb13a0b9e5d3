import { messageOf } from '../errors.js';
import type { OrgConnection } from '../org/orgConnection.js';
import type { ChangedComponent } from './change.js';
import { deploy } from './deploy.js';
import type { DeployOutcome } from './deploy.js';
import { describeOvertakenChange, findOvertakenChanges } from './deploysAhead.js';
import { inTwoSteps } from './deploySteps.js';
import { describeApp } from './job.js';
import type { OnWait } from './job.js';
import type { OrgMemory } from './orgMemory.js';

/** Deploys changed components, in one deploy or, where the org has refused that in this run, in two. */
export async function applyChanges(
  connection: OrgConnection,
  memory: OrgMemory,
  changed: readonly ChangedComponent[],
  onWait: OnWait,
  mayWithdraw: boolean,
): Promise<{ outcome: DeployOutcome; isSplit: boolean }> {
  const steps = memory.deploysInTwoSteps ? inTwoSteps(changed) : [changed];
  let outcome: DeployOutcome | undefined;
  for (const step of steps) {
    try {
      outcome = await deploy(connection, step, onWait, mayWithdraw);
    } catch (thrown) {
      if (outcome === undefined) {
        throw thrown;
      }
      outcome = {
        kind: 'unknown',
        reason: `only the first of two deploys was made: ${messageOf(thrown)}`,
        id: undefined,
      };
    } finally {
      memory.view.doubtOwnChange();
    }
    if (outcome.kind !== 'succeeded') {
      break;
    }
    for (const overtaken of await findOvertakenChanges(connection, step, outcome.status)) {
      const { job } = overtaken.change;
      job.log.warn(`${describeApp(job.app, connection)}: ${describeOvertakenChange(overtaken)}`);
    }
  }
  return {
    outcome: outcome ?? { kind: 'notTaken', reason: 'nothing was deployed' },
    isSplit: steps.length > 1,
  };
}
