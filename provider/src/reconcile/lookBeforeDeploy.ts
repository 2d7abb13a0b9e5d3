import { ProviderError } from '../errors.js';
import type { OrgConnection } from '../org/orgConnection.js';
import { membersOf } from './change.js';
import type { ChangedComponent } from './change.js';
import { confirmedChanges, describeForeignChange, findSuspectedChanges } from './concurrentChange.js';
import type { OnWait } from './job.js';
import { retrieve } from './observe.js';
import type { Observation } from './observe.js';
import { findRunningDeploys } from './runningDeploys.js';

/** How often one walk begins anew because somebody else changes the same components. */
const mostForeignChanges = 3;

/** How often one walk waits for other deploys of its user: a user whose deploys never end must not keep it from its own. */
const mostWaits = 3;

/** Reads the components that a deploy writes, before it or after it. */
export async function reread(
  connection: OrgConnection,
  changed: readonly ChangedComponent[],
  observation: Observation,
  onWait: OnWait,
): Promise<Observation> {
  return observation.with(
    await retrieve(connection, membersOf(changed), onWait),
    changed.map(({ component }) => component.path),
  );
}

/** The last look at the org before a walk sends a deploy: what was observed may not hold any more. */
export class LookBeforeDeploy {
  #waits = 0;
  #foreignChanges = 0;

  constructor(
    private readonly connection: OrgConnection,
    private readonly onWait: OnWait,
    /** Waits for deploys of others, and observes the org anew. */
    private readonly observeAfter: (deploys: readonly string[]) => Promise<Observation>,
  ) {}

  /**
   * Waits for deploys that a killed run left behind, and looks whether somebody else has changed the components since they were
   * observed.
   *
   * @returns what the org holds now, when that is another: the differences are to be taken anew; `undefined` when the deploy may go
   * @throws ProviderError naming who changed what and when, when the components keep changing; WaitTimeoutError
   */
  async renew(
    changed: readonly ChangedComponent[],
    observation: Observation,
  ): Promise<Observation | undefined> {
    const running = this.#waits < mostWaits ? await findRunningDeploys(this.connection) : [];
    if (running.length > 0) {
      this.#waits += 1;
      return this.observeAfter(running);
    }
    const suspected = await findSuspectedChanges(this.connection, changed);
    if (suspected.length === 0) {
      return undefined;
    }
    const renewed = await reread(this.connection, changed, observation, this.onWait);
    const foreign = confirmedChanges(suspected, changed, renewed.components);
    if (foreign.length === 0) {
      return undefined;
    }
    this.#foreignChanges += 1;
    if (this.#foreignChanges > mostForeignChanges) {
      throw new ProviderError(
        `somebody else keeps changing the same components, so nothing was deployed: ` +
          `${foreign.map(describeForeignChange).join('; ')}. Run pulumi up again when they are done`,
      );
    }
    return renewed;
  }
}
