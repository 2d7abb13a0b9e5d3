import type { RecordedRequest } from '../localOrg.js';

/** The maximum number of requests and of characters: more than a test reads, and some megabytes for any addresses. */
const maximumRequests = 20_000;
const maximumCharacters = 4 * 1024 * 1024;

/** The last requests to an org, oldest first. */
export class RequestLog {
  /** Always the same list. */
  readonly all: RecordedRequest[] = [];
  #characters = 0;
  readonly #listeners = new Set<(request: RecordedRequest) => void>();

  /** Adds a request. The oldest ones are dropped when there are too many, or when their paths are too long together. */
  add(request: RecordedRequest): void {
    this.all.push(request);
    this.#characters += request.path.length;
    while (this.all.length > maximumRequests || this.#characters > maximumCharacters) {
      this.#characters -= this.all.shift()?.path.length ?? 0;
    }
    for (const listener of [...this.#listeners]) listener(request);
  }

  /** Calls a listener with each request that is added. Returns a function that ends that. */
  onAdded(listener: (request: RecordedRequest) => void): () => void {
    // A new function for each call, so that the same one can listen twice.
    const own = (request: RecordedRequest): void => {
      listener(request);
    };
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  clear(): void {
    this.all.length = 0;
    this.#characters = 0;
  }
}
