import { fieldsOf, valuesToDeploy } from '../policy/difference.js';
import type { FieldValues } from '../policy/fields.js';
import { namesOf } from '../components/components.js';
import type { ComponentType } from '../components/componentTypes.js';
import type { OrgConnection } from '../org/orgConnection.js';
import { AppFinder } from './appFinder.js';
import { patchComponents } from './change.js';
import type { OnWait, ReconcileJob, ReconcileResult } from './job.js';
import { observeApp } from './observeApp.js';
import { Observation, observeAll, typesFor } from './observe.js';
import { assertChangeIsPossible, warningsFor } from './preconditions.js';
import { describeFailure } from './refusalAdvice.js';
import { isSignInApp } from './signInApp.js';
import { validate } from './validate.js';
import { progressReporter } from './waitProgress.js';

/** What a preview of a job ends in. */
export type PreviewResult =
  | {
      isPresent: true;
      /** What `up` would warn of. */
      warnings: readonly string[];
      /** The deploy with `checkOnly` by which the org validated the change; `undefined` when it was not asked. */
      validatedBy: string | undefined;
    }
  | (ReconcileResult & { isPresent: false });

/** The first half of the walk, observe and difference, for jobs that come one after the other: one retrieve serves them all. */
export class OrgPreview {
  readonly #connection: OrgConnection;
  #finder: AppFinder;
  readonly #observedTypes = new Set<ComponentType>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(connection: OrgConnection) {
    this.#connection = connection;
    this.#finder = new AppFinder(connection, new Observation([]), []);
  }

  /**
   * Tells what a job would change; changes nothing.
   *
   * @param validates whether the org is to validate the change
   * @param onLive told the values of the job's fields as the org holds them, before anything is refused
   * @throws ProviderError when a walk would refuse the job
   */
  async look(
    job: ReconcileJob,
    validates: boolean,
    onLive: (live: FieldValues) => void,
  ): Promise<PreviewResult> {
    const turn = this.#turn.then(() => this.#look(job, validates, onLive));
    this.#turn = turn.catch(() => undefined);
    try {
      return await turn;
    } catch (thrown) {
      throw describeFailure(job.app, this.#connection, thrown);
    }
  }

  async #look(
    job: ReconcileJob,
    validates: boolean,
    onLive: (live: FieldValues) => void,
  ): Promise<PreviewResult> {
    const connection = this.#connection;
    const onWait = progressReporter([job]);
    await this.#observe(typesFor([job]), onWait);
    const location = await this.#finder.find(job, onWait);
    if (!location.isPresent) {
      return location;
    }
    const { components } = location;
    const { live } = observeApp(job, components, namesOf(components));
    onLive(live);
    const changes = valuesToDeploy(job.wanted, live, job.kept);
    if (fieldsOf(changes).length === 0) {
      return { isPresent: true, warnings: [], validatedBy: undefined };
    }
    const signInApp = await isSignInApp(job, connection, components, changes);
    assertChangeIsPossible(job, connection, components, changes, signInApp);
    const warnings = await warningsFor(job, connection, components, changes, signInApp);
    const validatedBy = validates
      ? await validate(connection, job, patchComponents(job, components, changes), onWait)
      : undefined;
    return { isPresent: true, warnings, validatedBy };
  }

  /** Reads what has not been read yet: the global OAuth settings only once a job manages them. */
  async #observe(types: readonly ComponentType[], onWait: OnWait): Promise<void> {
    const missing = types.filter((type) => !this.#observedTypes.has(type));
    if (missing.length > 0) {
      const observation = this.#finder.observation.with(await observeAll(this.#connection, missing, onWait));
      missing.forEach((type) => this.#observedTypes.add(type));
      this.#finder = new AppFinder(this.#connection, observation, [...this.#observedTypes]);
    }
  }
}
