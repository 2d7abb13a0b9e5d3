import type { OrgClock } from '../org/clock.js';
import type { StoredComponent } from '../components/storedComponent.js';
import { keyPrefix, salesforceId } from '../salesforceId.js';

/** What a retrieve found. */
export interface RetrieveContent {
  /** The zip; undefined once it was returned. */
  zip: Buffer | undefined;
  /** Empty once the zip was returned. */
  files: readonly { path: string; component: StoredComponent | undefined }[];
  messages: readonly { fileName: string; problem: string }[];
}

/** A retrieve that fails completely. */
export interface RetrieveFailure {
  errorStatusCode: string;
  errorMessage: string;
}

/** A retrieve in the org. It returns the components as they were at the request. */
export interface RetrieveJob {
  readonly id: string;
  /** Milliseconds by the org's clock. */
  readonly createdAt: number;
  readonly runMs: number;
  readonly result: RetrieveContent | RetrieveFailure;
  /** Bytes and characters of the zip and the components. */
  readonly size: number;
}

/** How many retrieves are kept, and bytes and characters of their zips and components. The newest one always is. */
const maximumJobs = 1000;
const maximumSize = 256 * 1024 * 1024;

/** The retrieves of an org, which run independently. */
export class RetrieveJobs {
  readonly #jobs: RetrieveJob[] = [];
  #count = 0;
  #size = 0;
  readonly #startedAt = Date.now();

  /** @param retrieveMs milliseconds that a new retrieve runs */
  constructor(
    private readonly orgName: string,
    private readonly clock: OrgClock,
    private readonly retrieveMs: () => number,
  ) {}

  add(result: RetrieveContent | RetrieveFailure): RetrieveJob {
    // Retrieves end with the process, so the next process must not use their ids again.
    const key = `${this.orgName}/${this.#startedAt}/${this.#count}`;
    const id = salesforceId(keyPrefix.retrieveRequest, key);
    const job = { id, createdAt: this.clock.now(), runMs: this.retrieveMs(), result, size: sizeOf(result) };
    this.#count += 1;
    this.#jobs.push(job);
    this.#size += job.size;
    while (this.#jobs.length > maximumJobs || (this.#size > maximumSize && this.#jobs.length > 1)) {
      this.#size -= this.#jobs.shift()?.size ?? 0;
    }
    return job;
  }

  /** Finds a job by its id of 15 or 18 characters. */
  get(id: string): RetrieveJob | undefined {
    return this.#jobs.find((job) => job.id === id || job.id.slice(0, 15) === id);
  }

  /** The first tenth of a run is shown as Pending. */
  status(job: RetrieveJob): 'Pending' | 'InProgress' | 'Succeeded' | 'Failed' {
    const elapsed = this.clock.now() - job.createdAt;
    if (elapsed < job.runMs) return elapsed < job.runMs / 10 ? 'Pending' : 'InProgress';
    return 'errorStatusCode' in job.result ? 'Failed' : 'Succeeded';
  }
}

function sizeOf(result: RetrieveContent | RetrieveFailure): number {
  if ('errorStatusCode' in result) return 0;
  return result.files.reduce(
    (sum, { component }) => sum + (component?.xml.length ?? 0),
    result.zip?.length ?? 0,
  );
}
