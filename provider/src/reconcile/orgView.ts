import { fieldsOf } from '../policy/difference.js';
import type { ComponentType } from '../components/componentTypes.js';
import type { FileProperties } from '../org/metadataApi.js';
import type { OrgConnection } from '../org/orgConnection.js';
import type { OnWait, ReconcileJob } from './job.js';
import { observe, observeAll, typesFor } from './observe.js';
import type { Observation } from './observe.js';
import { progressReporter } from './waitProgress.js';

/**
 * So many jobs at once are a wave of a larger program: Pulumi runs 4 × cores operations at a time, 4 on a single core. Then
 * everything is retrieved by wildcards, which serves the waves to come too.
 */
const smallestWave = 4;

const isWave = (jobs: readonly ReconcileJob[]): boolean => jobs.length >= smallestWave;

/**
 * How old what was seen may be for jobs that only read, in milliseconds: a refresh of a large program comes in many waves, and shows
 * the org as it was at one moment.
 */
const longestReadAge = 10_000;

const onlyReads = (jobs: readonly ReconcileJob[]): boolean =>
  jobs.every(({ wanted }) => fieldsOf(wanted).length === 0);

/** As many types as one listMetadata request takes. */
const typesPerList = 3;

/** Everything of some types, as a retrieve by wildcards showed it. */
interface WholeObservation {
  observation: Observation;
  types: readonly ComponentType[];
  /** When the retrieve, or the last list that confirmed it, was begun, by this process's clock. */
  begunAt: number;
}

/**
 * What the walks of one run see of an org. For a wave of jobs a retrieve by wildcards runs while more jobs are gathering, and what
 * it showed serves the next waves too: but only when, after their jobs arrived, the org's own list of components shows the same
 * ones with the same dates. So a look at the org is never older than the job that it is for, and costs a list instead of a retrieve;
 * for jobs that only read it may be some seconds older, and costs nothing.
 */
export class OrgView {
  readonly #connection: OrgConnection;
  #whole: Promise<WholeObservation> | undefined;
  #isLooking = false;
  /** What was begun before is to be confirmed: for jobs that change something, and for all. */
  #doubtedBefore = 0;
  #changedBefore = 0;

  constructor(connection: OrgConnection) {
    this.#connection = connection;
  }

  /** Whether a retrieve is running ahead of the walk. */
  get isLooking(): boolean {
    return this.#isLooking;
  }

  /** Somebody else may have changed something until now: what was observed before is to be confirmed, but for jobs that only read. */
  doubt(): void {
    this.#doubtedBefore = performance.now();
  }

  /** This run itself may have changed something until now, or until a time of this process's clock: what was observed before is to be confirmed. */
  doubtOwnChange(until = performance.now()): void {
    this.#changedBefore = Math.max(this.#changedBefore, until);
  }

  /** A deploy that was waited for has changed the org: nothing that was seen before counts. */
  forget(): void {
    this.#whole = undefined;
  }

  /**
   * Begins the retrieve of a wave that is still gathering, unless there is a deploy to be waited for first. What goes wrong with it
   * is told by {@link observe}.
   */
  lookAhead(jobs: readonly ReconcileJob[]): void {
    const isTooSoon = jobs.some(({ pendingDeploy }) => pendingDeploy !== undefined);
    if (this.#whole === undefined && isWave(jobs) && !isTooSoon) {
      this.#isLooking = true;
      this.#whole = this.#observeAll(typesFor(jobs), progressReporter(jobs)).finally(() => {
        this.#isLooking = false;
      });
      this.#whole.catch(() => undefined);
    }
  }

  /** Waits for a retrieve that runs ahead, however it ends. */
  async looked(): Promise<void> {
    await this.#whole?.catch(() => undefined);
  }

  /** The components of the apps of jobs, as the org holds them at the arrival of the last job or later. */
  async observe(jobs: readonly ReconcileJob[], onWait: OnWait): Promise<Observation> {
    const whole = this.#whole;
    this.#whole = undefined;
    const types = typesFor(jobs);
    const known = await whole;
    if (known !== undefined && types.every((type) => known.types.includes(type))) {
      const now = performance.now();
      const isRecent =
        known.begunAt >= this.#changedBefore &&
        (known.begunAt >= this.#doubtedBefore || (onlyReads(jobs) && now - known.begunAt < longestReadAge));
      if (isRecent || (await this.#isUnchanged(known))) {
        this.#whole = Promise.resolve(isRecent ? known : { ...known, begunAt: now });
        return known.observation;
      }
    }
    if (!isWave(jobs)) {
      return observe(this.#connection, jobs, onWait);
    }
    const all = await this.#observeAll(types, onWait);
    this.#whole = Promise.resolve(all);
    return all.observation;
  }

  /** Keeps what a walk knows at its end, for the next one. */
  async keep(observation: Observation): Promise<void> {
    const whole = await this.#whole;
    if (whole !== undefined) {
      this.#whole = Promise.resolve({ ...whole, observation });
      this.doubt();
    }
  }

  async #observeAll(types: readonly ComponentType[], onWait: OnWait): Promise<WholeObservation> {
    const begunAt = performance.now();
    return { observation: await observeAll(this.#connection, types, onWait), types, begunAt };
  }

  /**
   * Whether the org lists the observed components and no others, all with the dates that they had. An org that does not tell
   * dates, or tells others in lists than in retrieves, confirms nothing.
   */
  async #isUnchanged({ observation, types }: WholeObservation): Promise<boolean> {
    const lists: ComponentType[][] = [];
    for (let start = 0; start < types.length; start += typesPerList) {
      lists.push(types.slice(start, start + typesPerList));
    }
    let listed: FileProperties[][];
    try {
      listed = await Promise.all(lists.map((some) => this.#connection.read((api) => api.listMetadata(some))));
    } catch {
      // Whatever it was: the retrieve that follows succeeds, or tells it.
      return false;
    }
    const dates = new Map(
      listed.flat().map(({ type, fullName, lastModifiedDate }) => [`${type}/${fullName}`, lastModifiedDate]),
    );
    const observed = observation.components.filter(({ type }) => types.includes(type));
    return (
      dates.size === observed.length &&
      observed.every(({ type, fullName, lastModifiedDate }) => {
        const listedTime = Date.parse(dates.get(`${type}/${fullName}`) ?? '');
        return listedTime === Date.parse(lastModifiedDate ?? '');
      })
    );
  }
}
