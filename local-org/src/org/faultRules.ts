import type { RequestKind } from '../http/requestKinds.js';

/** Something that goes wrong with a request. */
export type Fault =
  /** The connection is reset: before the org acts (the default), or after it acted and before it answers. */
  | { kind: 'reset'; when?: 'before' | 'after' }
  /** The org acts, sends half of the answer and cuts the connection. */
  | { kind: 'truncate' }
  /**
   * An answer with this status, before the org acts, or in place of its own answer after it acted, as a gateway does. Defaults: before, an
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
  /** No answer ever comes: the org does not act (the default), or it acts and its answer is lost. */
  | { kind: 'hang'; when?: 'before' | 'after' }
  /** The org does not act and says that the session has expired, in SOAP's or REST's way; the token stays good. */
  | { kind: 'sessionExpired' }
  /** The org does not act because another setup change holds its lock: ALREADY_IN_PROCESS. */
  | { kind: 'locked' }
  /** The org's server fails, before the org acts (the default) or after it acted: HTTP 500 with UNKNOWN_EXCEPTION, in SOAP's or REST's way. */
  | { kind: 'serverError'; when?: 'before' | 'after' }
  /** The org does not act and answers 200 with an HTML page. */
  | { kind: 'malformed' };

/** Which requests a fault meets. */
export interface FaultRule {
  on: RequestKind;
  /** How many requests it meets; default: every one. */
  times?: number;
  /** How many requests of the kind it lets pass first; default: 0. */
  skip?: number;
  do: Fault;
}

/** A rule as it stands. */
export interface ActiveFaultRule extends FaultRule {
  /** Names the rule in its org, from 1 on. */
  readonly id: number;
  /** How many requests it has met. */
  readonly met: number;
}

/** The rules of one org by which requests fail. */
export class FaultRules {
  #rules: { id: number; rule: FaultRule; met: number; skipped: number }[] = [];
  #lastId = 0;

  /** The rules in the order in which they were added, also those that have met all their requests. */
  get all(): readonly ActiveFaultRule[] {
    return this.#rules.map(({ id, rule, met }) => ({ id, ...rule, met }));
  }

  /** Returns the rule's id. */
  add(rule: FaultRule): number {
    this.#lastId += 1;
    this.#rules.push({ id: this.#lastId, rule, met: 0, skipped: 0 });
    return this.#lastId;
  }

  /** Returns false when there is none of that id. */
  remove(id: number): boolean {
    const before = this.#rules.length;
    this.#rules = this.#rules.filter((entry) => entry.id !== id);
    return this.#rules.length < before;
  }

  clear(): void {
    this.#rules = [];
  }

  /** The fault that a request of that kind meets; counts it. */
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
