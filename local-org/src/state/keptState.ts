/** The parts of an org's state that are stored; each is a set of values by key. */
export const stateParts = [
  'org',
  'components',
  'deploys',
  'sessions',
  'refreshTokens',
  'approvals',
  'assertions',
  'packagedCredentials',
] as const;

/** One of {@link stateParts}. */
export type StatePart = (typeof stateParts)[number];

/** Where an org records what must outlive its process, and finds the records of an earlier one. */
export interface KeptState {
  /** What was recorded before this process started, in the order of its first recording; values as parsed from JSON. */
  entries(part: StatePart): ReadonlyMap<string, unknown>;
  /** Records a JSON value; everything since the last {@link flush} becomes one step. */
  put(part: StatePart, key: string, value: object | string | number): void;
  remove(part: StatePart, key: string): void;
  /**
   * Makes everything recorded so far durable, as one step: after a kill all of it is there or nothing. Called before a response
   * leaves the org.
   * @throws Error when it cannot be written
   */
  flush(): void;
}

/** Stores nothing: the state of an org that ends with its process. */
export const notKept: KeptState = {
  entries: () => new Map(),
  put: () => undefined,
  remove: () => undefined,
  flush: () => undefined,
};
