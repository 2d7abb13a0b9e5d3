import type { ComponentStore } from '../components/componentStore.js';
import type { ChangeStamp } from '../components/storedComponent.js';
import type { OrgClock } from '../org/clock.js';
import type { DeployRecord, DeployStatus } from '../localOrg.js';
import { readWholeNumber } from '../readInput.js';
import { versionText } from '../packageXml.js';
import { keyPrefix, salesforceId } from '../salesforceId.js';
import type { Faults } from '../org/faults.js';
import type { OrgUser } from '../org/users.js';
import type { KeptState } from '../state/keptState.js';
import type { DeployPackage } from './deployPackage.js';
import type { DeployJob } from './deployJob.js';
import { DeployFailure, type DeployOptions, type DeployOutcome } from './deployResult.js';
import { evaluateDeploy } from './evaluateDeploy.js';
import { keptJob, readKeptJob, withoutContent } from './keptDeploys.js';

/** A job that can no longer be cancelled; the message is the reason. */
export class CancelRefused extends Error {
  override readonly name = 'CancelRefused';
}

/** How many deploys that have ended are kept, and how many results of their components. */
const maximumJobs = 5000;
const maximumResults = 100_000;

/** The part of the state with the number of deploys of an org. */
const countKeptAs = 'deployCount';

/**
 * The deploys of an org: one runs at a time, later ones wait in order as Pending (documented). Nothing runs in the background: time
 * passes when {@link settle} is called, before anything in the org is read.
 */
export class DeployJobs {
  readonly #jobs: DeployJob[] = [];
  #count: number;

  constructor(
    private readonly org: {
      name: string;
      clock: OrgClock;
      store: ComponentStore;
      faults: Faults;
      /** Milliseconds that a new deploy runs. */
      deployMs: () => number;
      /** Milliseconds that each component adds to it. */
      deployComponentMs: number;
      users: readonly OrgUser[];
      /** The user who cancels if {@link Faults.cancelNextDeploy} is set. */
      administrator: OrgUser;
      /** Has the jobs of an earlier process, and records those of this one. */
      kept: KeptState;
    },
  ) {
    for (const stored of org.kept.entries('deploys').values()) {
      this.#jobs.push(readKeptJob(stored, org.users, org.clock.now()));
    }
    const count = org.kept.entries('org').get(countKeptAs);
    this.#count = count === undefined ? this.#jobs.length : readWholeNumber(0)(count, countKeptAs);
  }

  /** Every job, oldest first. */
  get all(): readonly DeployJob[] {
    return this.#jobs;
  }

  /** Finds a job by its id of 15 or 18 characters. */
  get(id: string): DeployJob | undefined {
    return this.#jobs.find((job) => job.id === id || job.id.slice(0, 15) === id);
  }

  submit(
    content: readonly DeployPackage[] | DeployFailure,
    options: DeployOptions,
    user: OrgUser,
  ): DeployJob {
    const createdAt = this.org.clock.now();
    const job: DeployJob = {
      id: salesforceId(keyPrefix.deployRequest, `${this.org.name}/${this.#count}`),
      user,
      options,
      content,
      createdAt,
      runMs: this.org.deployMs(),
      queuedUntil: createdAt,
      startedAt: undefined,
      completedAt: undefined,
      status: 'Pending',
      results: [],
      failure: undefined,
      canceledBy: undefined,
    };
    this.#forgetOldest();
    this.#count += 1;
    this.org.kept.put('org', countKeptAs, this.#count);
    this.#jobs.push(job);
    this.#keep(job);
    return job;
  }

  /** Advances every job to the org's clock. */
  settle(): void {
    const now = this.org.clock.now();
    let free = 0;
    for (const job of this.#jobs) {
      if (
        job.startedAt === undefined &&
        job.completedAt === undefined &&
        this.org.faults.areDeploysOccupied
      ) {
        // Its time in the queue does not count as time at work.
        job.queuedUntil = now;
        return;
      }
      if (job.completedAt === undefined) this.#advance(job, Math.max(job.queuedUntil, free), now);
      if (job.completedAt === undefined) return;
      free = job.completedAt;
    }
  }

  /** The status as an API version shows it. */
  statusFor(job: DeployJob, version: number): DeployStatus {
    if (job.status !== 'Finalizing') return job.status;
    return version < 65 ? 'InProgress' : this.org.faults.finalizingStatus;
  }

  /**
   * Cancels a job: at once if it is waiting, otherwise it is `Canceling` until the next status request.
   * @throws CancelRefused when it is finalizing (documented) or done
   */
  cancel(job: DeployJob, user: OrgUser): void {
    this.settle();
    if (job.completedAt !== undefined) throw new CancelRefused('Deployment already completed');
    if (job.status === 'Finalizing')
      throw new CancelRefused('Deployment is being finalized and cannot be canceled');
    job.canceledBy = user;
    if (job.startedAt === undefined) this.#complete(job, 'Canceled', this.org.clock.now());
    else job.status = 'Canceling';
  }

  /** Every job, as tests see it. */
  records(): DeployRecord[] {
    return this.#jobs.map((job) => {
      const packages = job.content instanceof DeployFailure ? [] : job.content;
      return {
        id: job.id,
        status: job.status,
        checkOnly: job.options.checkOnly,
        apiVersion: packages[0] && versionText(packages[0].version),
        createdBy: job.user.username,
        components: packages.flatMap(({ files }) =>
          files.map(({ type, fullName }) => ({ type: type.name, fullName })),
        ),
        problems: job.results.flatMap(({ componentType, fullName, problem }) =>
          problem === undefined ? [] : [{ type: componentType, fullName, problem }],
        ),
      };
    });
  }

  #advance(job: DeployJob, start: number, now: number): void {
    if (start > now) return;
    if (job.status === 'Canceling') {
      this.#complete(job, 'Canceled', now);
      return;
    }
    job.startedAt = start;
    const elapsed = now - start;
    const deployMs = job.runMs + this.org.deployComponentMs * numberOfComponents(job);
    // The first tenth of a run is still shown as Pending, the last one as finalizing.
    if (elapsed < deployMs) {
      job.status =
        elapsed < deployMs / 10 ? 'Pending' : elapsed < deployMs * 0.9 ? 'InProgress' : 'Finalizing';
    } else {
      this.#run(job, start + deployMs);
    }
  }

  #run(job: DeployJob, at: number): void {
    const cancellation = this.org.faults.takeCancellation();
    if (cancellation) job.canceledBy = this.org.administrator;
    if (cancellation === 'beforeCommit') {
      this.#complete(job, 'Canceled', at);
      return;
    }
    if (job.content instanceof DeployFailure) {
      job.failure = job.content;
      this.#complete(job, 'Failed', at);
      return;
    }
    const change: ChangeStamp = { userId: job.user.userId, userName: job.user.displayName, at };
    const { store, faults } = this.org;
    const outcome = evaluateDeploy(job.content, store, { role: job.user.role, change, faults });
    job.results = outcome.results;
    const status = statusOf(outcome, job.options);
    if (!job.options.checkOnly && status !== 'Failed') {
      for (const { type, fullName, xml, consumerSecret } of outcome.changes)
        store.put(type, fullName, xml, change, consumerSecret);
    }
    this.#complete(job, cancellation ? 'Canceled' : status, at);
  }

  #complete(job: DeployJob, status: DeployStatus, at: number): void {
    job.status = status;
    job.completedAt = at;
    job.content = withoutContent(job.content);
    this.#keep(job);
  }

  #forgetOldest(): void {
    let results = this.#jobs.reduce((sum, job) => sum + job.results.length, 0);
    while (this.#jobs.length >= maximumJobs || results > maximumResults) {
      const [oldest] = this.#jobs;
      if (oldest?.completedAt === undefined) return;
      this.#jobs.shift();
      results -= oldest.results.length;
      this.org.kept.remove('deploys', oldest.id);
    }
  }

  #keep(job: DeployJob): void {
    this.org.kept.put('deploys', job.id, keptJob(job));
  }
}

function numberOfComponents({ content }: DeployJob): number {
  return content instanceof DeployFailure ? 0 : content.reduce((sum, { files }) => sum + files.length, 0);
}

/** All or nothing with `rollbackOnError`; without it, valid components are kept (documented). */
function statusOf(outcome: DeployOutcome, options: DeployOptions): DeployStatus {
  const components = outcome.results.filter(({ componentType, success }) => componentType !== '' || !success);
  if (components.every(({ success }) => success)) return 'Succeeded';
  return options.rollbackOnError || !components.some(({ success }) => success)
    ? 'Failed'
    : 'SucceededPartial';
}
