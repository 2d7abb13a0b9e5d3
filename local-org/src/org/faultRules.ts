import type { RequestKind } from '../http/requestKinds.js';

/** A fault of a request. */
export type Fault =
  /** The connection is reset: before the org acts (the default), or after it acted and before it responds. */
  | { kind: 'reset'; when?: 'before' | 'after' }
  /** The org acts, sends half of the response and closes the connection. */
  | { kind: 'truncate' }
  /**
   * A response with this status, before the org acts, or instead of its own response after it acted, as from a gateway. Defaults: before, an
   * empty body, `text/plain`, no Retry-After.
   */
  | {
      kind: 'status';
      status: number;
      body?: string;
      contentType?: string;
      retryAfter?: string;
      when?: 'before' | 'after';
    }
  /** No response ever comes: the org does not act (the default), or it acts and its response is lost. */
  | { kind: 'hang'; when?: 'before' | 'after' }
  /** The org does not act and reports that the session has expired, in the form of SOAP or REST; the token remains valid. */
  | { kind: 'sessionExpired' }
  /** The org does not act because another setup change holds its lock: ALREADY_IN_PROCESS. */
  | { kind: 'locked' }
  /** The org's server fails, before the org acts (the default) or after it acted: HTTP 500 with UNKNOWN_EXCEPTION, in the form of SOAP or REST. */
  | { kind: 'serverError'; when?: 'before' | 'after' }
  /** The org does not act and sends an HTML page with status 200. */
  | { kind: 'malformed' };

/** The requests that a fault applies to. */
export interface FaultRule {
  on: RequestKind;
  /** How many requests it applies to; default: all. */
  times?: number;
  /** How many requests of the kind it skips first; default: 0. */
  skip?: number;
  do: Fault;
}

/** The current state of a rule. */
export interface ActiveFaultRule extends FaultRule {
  /** Identifies the rule in its org, from 1 on. */
  readonly id: number;
  /** How many requests it has applied to. */
  readonly met: number;
}

/** The fault rules of one org. */
export class FaultRules {
  #rules: { id: number; rule: FaultRule; met: number; skipped: number }[] = [];
  #lastId = 0;

  /** The rules in the order in which they were added, including those that have no requests left. */
  get all(): readonly ActiveFaultRule[] {
    return this.#rules.map(({ id, rule, met }) => ({ id, ...rule, met }));
  }

  /** Returns the rule's id. */
  add(rule: FaultRule): number {
    this.#lastId += 1;
    this.#rules.push({ id: this.#lastId, rule, met: 0, skipped: 0 });
    return this.#lastId;
  }

  /** Returns false if there is no rule with this id. */
  remove(id: number): boolean {
    const before = this.#rules.length;
    this.#rules = this.#rules.filter((entry) => entry.id !== id);
    return this.#rules.length < before;
  }

  clear(): void {
    this.#rules = [];
  }

  /** The fault for a request of this kind; counts it. */
  take(kind: RequestKind): Fault | undefined {
    for (const entry of this.#rules) {
      const { on, times = Infinity, skip = 0 } = entry.rule;
      if (on !== kind || entry.met >= times) continue;
      if (entry.skipped < skip) {
        entry.skipped += 1;
        continue;
      }
      entry.met += 1;
      return entry.rule.do;
    }
    return undefined;
  }
}
