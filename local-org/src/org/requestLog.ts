import type { RecordedRequest } from '../localOrg.js';

/** The most that is kept: more than a test looks at, and some megabytes whatever addresses are asked for. */
const maximumRequests = 20_000;
const maximumCharacters = 4 * 1024 * 1024;

/** The last requests to an org, oldest first. */
export class RequestLog {
  /** Always the same list. */
  readonly all: RecordedRequest[] = [];
  #characters = 0;

  /** Adds a request. The oldest ones go when there are too many, or when their paths are too long together. */
  add(request: RecordedRequest): void {
    this.all.push(request);
    this.#characters += request.path.length;
    while (this.all.length > maximumRequests || this.#characters > maximumCharacters) {
      this.#characters -= this.all.shift()?.path.length ?? 0;
    }
  }

  clear(): void {
    this.all.length = 0;
    this.#characters = 0;
  }
}
