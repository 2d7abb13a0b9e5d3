/** The parts of an org's state that outlive its process; each is a set of values by key. */
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

/** Where an org records what has to outlive its process, and finds what an earlier one recorded. */
export interface KeptState {
  /** What was recorded before this process started, in the order of its first recording; values as parsed from JSON. */
  entries(part: StatePart): ReadonlyMap<string, unknown>;
  /** Records a value that JSON can hold; together with everything else since the last {@link flush} it becomes one step. */
  put(part: StatePart, key: string, value: object | string | number): void;
  remove(part: StatePart, key: string): void;
  /**
   * Makes everything recorded so far durable, as one step: after a kill it is there as a whole or not at all. Called before an answer
   * leaves the org.
   * @throws Error when it cannot be written
   */
  flush(): void;
}

/** Keeps nothing: the state of an org that ends with its process. */
export const notKept: KeptState = {
  entries: () => new Map(),
  put: () => undefined,
  remove: () => undefined,
  flush: () => undefined,
};
