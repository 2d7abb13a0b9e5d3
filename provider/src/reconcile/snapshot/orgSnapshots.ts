import { componentKey } from '../../components/componentName.js';
import type { ComponentType } from '../../components/componentTypes.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import { listComponents } from './listComponents.js';
import { onlyReads, partOfProgram } from '../request.js';
import type { OnWait, ReconcileRequest } from '../request.js';
import { retrieveAll, typesFor } from './retrieve.js';
import type { Snapshot } from './snapshot.js';
import { withProgress } from '../waitProgress.js';

/**
 * How old a snapshot may be for requests that only read, in milliseconds: a refresh of a large program comes in many batches, but should
 * show the org at one moment.
 */
const longestReadAge = 10_000;

/** What a run has read of an org: one snapshot, to which later reads are added. */
export class OrgSnapshots {
  readonly #connection: OrgConnection;
  #current: Promise<Snapshot> | undefined;
  /** Whether the current one serves later requests too. */
  #isKept = false;
  #isRetrieveSlow = false;

  constructor(connection: OrgConnection) {
    this.#connection = connection;
  }

  /**
   * The snapshot, with every component of the types that requests need. Missing types are retrieved by wildcards, for all apps at once,
   * so that they serve later requests too.
   *
   * @throws the error that stopped the read; the next call reads the org again
   */
  async get(requests: readonly ReconcileRequest[], onWait: OnWait): Promise<Snapshot> {
    const next = this.#read(requests, onWait);
    this.#current = next;
    try {
      return await next;
    } catch (thrown) {
      this.forget();
      throw thrown;
    }
  }

  /** Reads what requests will need while others are still arriving. {@link get} throws what goes wrong here. */
  async readAhead(requests: readonly ReconcileRequest[]): Promise<void> {
    this.#current = withProgress(requests, (onWait) => this.#read(requests, onWait));
    await this.#current.catch(() => undefined);
  }

  async #read(requests: readonly ReconcileRequest[], onWait: OnWait): Promise<Snapshot> {
    const known = await this.#current;
    const types = typesFor(requests);
    const missing = types.filter((type) => known?.types.includes(type) !== true);
    if (missing.length === 0 && known !== undefined) {
      return known;
    }
    const read = await this.#retrieveAll(missing, requests, onWait);
    return known === undefined ? read : known.with(read);
  }

  /** Whether there is no snapshot that is still valid. */
  get isEmpty(): boolean {
    return this.#current === undefined;
  }

  /** Whether the last retrieve was not done at its first status request: then calls that need no job are faster. */
  get isRetrieveSlow(): boolean {
    return this.#isRetrieveSlow;
  }

  async #retrieveAll(
    types: readonly ComponentType[],
    requests: readonly ReconcileRequest[],
    onWait: OnWait,
  ): Promise<Snapshot> {
    let looks = 0;
    const snapshot = await retrieveAll(this.#connection, types, requests, (message, elapsed) => {
      looks += 1;
      onWait(message, elapsed);
    });
    this.#isRetrieveSlow = looks > 1;
    return snapshot;
  }

  /** Keeps a snapshot for later requests. */
  keep(snapshot: Snapshot): void {
    this.#current = Promise.resolve(snapshot);
    this.#isKept = true;
  }

  /** Keeps a snapshot after a batch if more requests are expected or an earlier batch has kept it. */
  release(snapshot: Snapshot, requests: readonly ReconcileRequest[]): void {
    if (this.#isKept || requests.length >= partOfProgram) {
      this.keep(snapshot);
    } else {
      this.forget();
    }
  }

  /** The org may have changed in a way that was not seen. */
  forget(): void {
    this.#current = undefined;
    this.#isKept = false;
  }

  /**
   * Whether a snapshot may settle requests: it must show the org at or after the arrival of the last one; for requests that only read it
   * may be some seconds older.
   *
   * @param since when the last request arrived, by this process's clock
   * @param changedAt when the org was last changed in a way that the snapshot does not show
   */
  isFresh(
    snapshot: Snapshot,
    requests: readonly ReconcileRequest[],
    since: number,
    changedAt: number,
  ): boolean {
    const oldest = requests.every(onlyReads) ? Math.min(since, performance.now() - longestReadAge) : since;
    return requests.length === 0 || snapshot.seenAt >= Math.max(oldest, changedAt);
  }

  /**
   * Makes a snapshot fresh: by the org's lists if they show that nothing has changed, otherwise by a retrieve.
   *
   * @param decided the requests that the snapshot settles
   */
  async renew(
    snapshot: Snapshot,
    decided: readonly ReconcileRequest[],
    requests: readonly ReconcileRequest[],
    onWait: OnWait,
  ): Promise<Snapshot> {
    const listedAt = performance.now();
    if (await isListedUnchanged(this.#connection, snapshot, decided)) {
      return snapshot.withoutAnswers().confirmedAt(listedAt);
    }
    return this.#retrieveAll(snapshot.types, requests, onWait);
  }
}

/**
 * Whether the org lists exactly the components of a snapshot, with the same dates. An org that returns no dates, or returns other dates in
 * lists than in retrieves, confirms nothing. Components that this run wrote have no dates to compare; they matter only for requests about
 * them.
 */
async function isListedUnchanged(
  connection: OrgConnection,
  snapshot: Snapshot,
  decided: readonly ReconcileRequest[],
): Promise<boolean> {
  const { components, types } = snapshot;
  let listed;
  try {
    listed = await listComponents(connection, types);
  } catch {
    // The retrieve that follows succeeds or reports what went wrong.
    return false;
  }
  const dates = new Map(listed.map((file) => [componentKey(file), file.lastModifiedDate]));
  const concerned = new Set(decided.flatMap(({ app }) => snapshot.pathsOf(app)));
  const seen = components.filter(({ type }) => types.includes(type));
  return (
    dates.size === seen.length &&
    seen.every(
      (component) =>
        (component.isAsWritten === true && !concerned.has(component.path)) ||
        Date.parse(dates.get(componentKey(component)) ?? '') === Date.parse(component.lastModifiedDate ?? ''),
    )
  );
}
