import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.js';
import { fieldsOf, valuesToDeploy } from '../policy/difference.js';
import type { FieldValues } from '../policy/fields.js';
import { namesOf } from '../components/components.js';
import type { OrgConnection } from '../org/orgConnection.js';
import { AppFinder } from './appFinder.js';
import { applyChanges } from './applyChanges.js';
import { patchComponents } from './change.js';
import type { ChangedComponent } from './change.js';
import type { EndedDeploy } from './deploy.js';
import { describeCause, describeFailure } from './refusalAdvice.js';
import { failuresByJob, wantsTwoSteps } from './deploySteps.js';
import { AfterDeployError, describeApp } from './job.js';
import type { ObservedApp, OnWait, ReconcileJob, ReconcileResult } from './job.js';
import { assertStillRead, NotReadError } from './componentView.js';
import { observeApp } from './observeApp.js';
import { halfDone, isUnchanged, mostDeployTries, resultAfterDeploy } from './resultAfterDeploy.js';
import type { Running } from './resultAfterDeploy.js';
import { LookBeforeDeploy, reread } from './lookBeforeDeploy.js';
import { typesFor } from './observe.js';
import type { Observation } from './observe.js';
import type { OrgMemory } from './orgMemory.js';
import { waitForDeploys } from './waitForDeploy.js';
import { assertChangeIsPossible, warningsFor } from './preconditions.js';
import { isSignInApp } from './signInApp.js';
import { progressReporter } from './waitProgress.js';

/** How often one walk gives way to deploys that are ahead of its own: in an org that never rests it has its turn all the same. */
const mostWithdrawals = 2;

/** The pause before a deploy is sent again, times the number of tries. */
const repeatDelayMilliseconds = 1000;

/**
 * One walk for all jobs that arrived together: observe, difference, apply, verify. What the org holds is the baseline, so a
 * walk that was cut off is simply walked again. A job that fails does not stop the others.
 */
export class Walk {
  readonly #results = new Map<ReconcileJob, ReconcileResult | Error>();
  readonly #running = new Map<ReconcileJob, Running>();
  readonly #lookBeforeDeploy: LookBeforeDeploy;
  readonly #onWait: OnWait;
  /** How often in a row the org did not take a deploy. */
  #tries = 0;
  #withdrawals = 0;
  /** The values of each job's fields when they were first seen. */
  readonly #firstSeen = new Map<ReconcileJob, FieldValues>();
  readonly #warned = new Set<ReconcileJob>();
  /** What the org held when it was read after the walk's last deploy; `undefined` before the first one. */
  #afterDeploy: Observation | undefined;

  constructor(
    private readonly connection: OrgConnection,
    private readonly jobs: readonly ReconcileJob[],
    private readonly memory: OrgMemory,
  ) {
    this.#onWait = progressReporter(jobs);
    this.#lookBeforeDeploy = new LookBeforeDeploy(connection, this.#onWait, this.#observeAfter.bind(this));
  }

  /** The result of each job, in the order of the jobs: an Error is a value here. */
  async run(): Promise<(ReconcileResult | Error)[]> {
    try {
      let observation = await this.#observeAfter(
        this.jobs.flatMap(({ pendingDeploy }) => pendingDeploy ?? []),
      );
      while (this.#running.size > 0) {
        const changed = await this.#differences(observation);
        if (changed.length === 0) {
          break;
        }
        observation = await this.#applyAndVerify(changed, observation);
      }
      await this.memory.view.keep(observation);
    } catch (thrown) {
      for (const job of this.jobs.filter((candidate) => !this.#results.has(candidate))) {
        this.#settle(job, this.#describeFailure(job, thrown));
      }
    }
    return this.jobs.map((job) => this.#results.get(job) ?? this.#describeFailure(job, 'no result'));
  }

  #settle(job: ReconcileJob, result: ReconcileResult | Error): void {
    this.#results.set(job, result);
    this.#running.delete(job);
  }

  /** The error of a failure. An earlier deploy of this walk may have changed a part of what the job wants. */
  #describeFailure(job: ReconcileJob, thrown: unknown): Error {
    const running = this.#running.get(job);
    const failure = describeFailure(job.app, this.connection, thrown);
    if (running === undefined || this.#afterDeploy === undefined || thrown instanceof AfterDeployError) {
      return failure;
    }
    const after = this.#observed(running, this.#afterDeploy);
    return isUnchanged(running, after)
      ? failure
      : halfDone(this.connection, running, after, describeCause(job.app, this.connection, thrown));
  }

  /** Runs something for one job; what it throws is that job's result. */
  async #guarded(job: ReconcileJob, work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#settle(job, this.#describeFailure(job, thrown));
    }
  }

  /** Waits for deploys of others and observes the apps: what was seen before is stale then, also where it has settled a job. */
  async #observeAfter(deploys: readonly string[]): Promise<Observation> {
    if (deploys.length > 0) {
      await waitForDeploys(this.connection, new Set(deploys), this.#onWait);
      this.memory.view.forget();
    }
    return this.#findApps(await this.memory.view.observe(this.jobs, this.#onWait));
  }

  /** Finds the app of every job that has not failed; settles the jobs whose app is absent or was not wholly read. */
  async #findApps(first: Observation): Promise<Observation> {
    const finder = new AppFinder(this.connection, first, typesFor(this.jobs));
    for (const job of this.jobs.filter((candidate) => !(this.#results.get(candidate) instanceof Error))) {
      this.#results.delete(job);
      await this.#guarded(job, async () => {
        const location = await finder.find(job, this.#onWait);
        if (location.isPresent) {
          const { components, removed } = location;
          const names = namesOf(components);
          const before = this.#firstSeen.get(job) ?? observeApp(job, components, names).live;
          this.#firstSeen.set(job, before);
          this.#running.set(job, { job, before, names, removed });
        } else {
          this.#settle(job, location);
        }
      });
    }
    return finder.observation;
  }

  /** @throws NotReadError when a retrieve after the first one did not return a component of the app */
  #observed(running: Running, observation: Observation): ObservedApp {
    const { job } = running;
    const components = observation.app(job, this.connection);
    assertStillRead(job.fields, components, running, observation.messages);
    return observeApp(job, components, namesOf(components));
  }

  /** Settles the jobs that want nothing more, and patches the components of the others. */
  async #differences(observation: Observation): Promise<ChangedComponent[]> {
    const changed: ChangedComponent[] = [];
    for (const running of [...this.#running.values()]) {
      const { job, before } = running;
      await this.#guarded(job, async () => {
        const after = this.#observed(running, observation);
        const components = observation.app(job, this.connection);
        const changes = valuesToDeploy(job.wanted, after.live, job.kept);
        if (fieldsOf(changes).length === 0) {
          this.#settle(job, { isPresent: true, before, after });
          return;
        }
        job.beforeChange?.();
        const signInApp = await isSignInApp(job, this.connection, components, changes);
        assertChangeIsPossible(job, this.connection, components, changes, signInApp);
        if (!this.#warned.has(job)) {
          this.#warned.add(job);
          for (const warning of await warningsFor(job, this.connection, components, changes, signInApp)) {
            job.log.warn(`${describeApp(job.app, this.connection)}: ${warning}`);
          }
        }
        changed.push(...patchComponents(job, components, changes, changed));
      });
    }
    return changed;
  }

  /** Deploys, reads the org again, and settles every job of which the outcome is certain. */
  async #applyAndVerify(
    changed: readonly ChangedComponent[],
    observation: Observation,
  ): Promise<Observation> {
    const renewed = await this.#lookBeforeDeploy.renew(changed, observation);
    if (renewed !== undefined) {
      return renewed;
    }
    if (this.#tries > 0) {
      await sleep(this.#tries * repeatDelayMilliseconds);
    }
    const mayWithdraw = this.#withdrawals < mostWithdrawals;
    const { outcome, isSplit } = await applyChanges(
      this.connection,
      this.memory,
      changed,
      this.#onWait,
      mayWithdraw,
    );
    if (outcome.kind === 'withdrawn') {
      this.#withdrawals += 1;
      // The first of two deploys may have been made, and what was taken back may have been committed.
      const held = await this.#verify(changed, observation, {
        kind: 'unknown',
        reason: "a deploy was taken back because others were ahead of it in the org's queue",
        id: undefined,
      });
      this.#afterDeploy = held;
      if (this.#running.size === 0) {
        return held;
      }
      return this.#observeAfter(outcome.ahead);
    }
    const mayRepeat = outcome.kind === 'notTaken' || (outcome.kind === 'succeeded' && outcome.isAssumed);
    this.#tries = mayRepeat ? this.#tries + 1 : 0;
    const verified = await this.#verify(changed, observation, outcome);
    this.#afterDeploy = verified;
    if (outcome.kind === 'failed' && !isSplit && wantsTwoSteps(outcome.failures, changed)) {
      this.memory.deploysInTwoSteps = true;
      return verified;
    }
    const failed =
      outcome.kind === 'failed'
        ? failuresByJob(outcome.failures, changed)
        : new Map<ReconcileJob, string[]>();
    for (const job of new Set(changed.map((change) => change.job))) {
      const running = this.#running.get(job);
      if (running !== undefined) {
        await this.#guarded(job, () => {
          const after = this.#observed(running, verified);
          const result = resultAfterDeploy(
            this.connection,
            running,
            after,
            outcome,
            failed,
            this.#tries < mostDeployTries,
          );
          if (result !== undefined) {
            this.#settle(job, result);
          }
        });
      }
    }
    return verified;
  }

  /** Reads what a deploy wrote. When that fails, what happened is unknown and every job concerned says so. */
  async #verify(
    changed: readonly ChangedComponent[],
    observation: Observation,
    outcome: EndedDeploy,
  ): Promise<Observation> {
    const settleUnread = (running: Running, thrown: unknown): void => {
      const { job, before } = running;
      const end = outcome.kind === 'succeeded' ? `deploy ${outcome.id} succeeded` : outcome.reason;
      const reason = thrown instanceof NotReadError ? thrown.reason : messageOf(thrown);
      this.#settle(
        job,
        new AfterDeployError(
          `${describeApp(job.app, this.connection)}: ${end}, but the org could not be read afterwards (${reason}), so whether its ` +
            'settings changed is not known',
          before,
          this.#observed(running, observation),
          outcome.kind === 'unknown' ? outcome.id : undefined,
        ),
      );
    };
    const concerned = [...new Set(changed.map(({ job }) => job))].flatMap(
      (job) => this.#running.get(job) ?? [],
    );
    let verified: Observation;
    try {
      verified = await reread(this.connection, changed, observation, this.#onWait);
    } catch (thrown) {
      concerned.forEach((running) => {
        settleUnread(running, thrown);
      });
      return observation;
    }
    for (const running of concerned) {
      try {
        this.#observed(running, verified);
      } catch (thrown) {
        settleUnread(running, thrown);
      }
    }
    return verified;
  }
}
