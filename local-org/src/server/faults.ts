import type { RequestKind } from '../localOrg.js';

/** Something that goes wrong with a request. */
export type Fault =
  /** The connection is reset: before the org acts, or after it acted and before it answers. */
  | { kind: 'reset'; when: 'before' | 'after' }
  /** The org acts, sends half of the answer and cuts the connection. */
  | { kind: 'truncate' }
  /** The org does not act and answers with this status. Defaults: an empty body, `text/plain`, no Retry-After. */
  | { kind: 'status'; status: number; body?: string; contentType?: string; retryAfter?: string }
  /** The org neither acts nor answers. */
  | { kind: 'hang' }
  /** The org does not act and says that the session has expired, in SOAP's or REST's way; the token stays good. */
  | { kind: 'sessionExpired' }
  /** The org does not act because another setup change holds its lock: ALREADY_IN_PROCESS. */
  | { kind: 'locked' }
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

/** What can be made to go wrong in one org. */
export class Faults {
  #rules: { rule: FaultRule; left: number; skip: number }[] = [];
  #failing = new Map<string, string>();
  #cancelNext: 'beforeCommit' | 'afterCommit' | undefined;

  /** False: a retrieve leaves `certificate` out, and a deploy without it keeps the stored one. Some orgs do so (one report against one). */
  returnCertificate = true;

  /**
   * Refuses, as `Invalid plugin settings`, policies that carry `namedUserJwtSessionTimeoutType` or `sessionTimeoutInMinutes` while JWT
   * is off (one project's weak report). `true`: JWT switched on in the same deploy counts as on. `'strict'`: it must be on before and
   * after the deploy, so global settings and policies cannot change in one zip.
   */
  refusePluginSettings: boolean | 'strict' = false;

  /** False: the wildcard `*` leaves out components with a namespace; no document says what an org does. */
  wildcardReturnsManaged = true;

  /** Milliseconds until a change of settings reaches the token endpoint; Salesforce says up to 15 minutes. */
  spreadMs = 0;

  /** Adds a rule; the earliest added one that meets a request acts. Returns what removes it. */
  add(rule: FaultRule): () => void {
    const entry = { rule, left: rule.times ?? Infinity, skip: rule.skip ?? 0 };
    this.#rules.push(entry);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== entry);
    };
  }

  /**
   * Every deploy fails this component.
   * @param name full name of a component, or of an app: then all its components
   * @param problem what the org says about it
   * @returns what removes the failure
   */
  failComponent(name: string, problem: string): () => void {
    this.#failing.set(name, problem);
    return () => {
      this.#failing.delete(name);
    };
  }

  /** An administrator cancels the next deploy that runs; below 65.0 its data may be committed all the same (documented). */
  cancelNextDeploy(options: { committed?: boolean } = {}): void {
    this.#cancelNext = options.committed === true ? 'afterCommit' : 'beforeCommit';
  }

  /** Removes every rule and puts every switch back. */
  clear(): void {
    this.#rules = [];
    this.#failing.clear();
    this.#cancelNext = undefined;
    this.returnCertificate = true;
    this.refusePluginSettings = false;
    this.wildcardReturnsManaged = true;
    this.spreadMs = 0;
  }

  /** @internal The fault that a request of that kind meets; counts it. */
  take(kind: RequestKind): Fault | undefined {
    for (const entry of this.#rules) {
      if (entry.rule.on !== kind || entry.left <= 0) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.left -= 1;
      return entry.rule.do;
    }
    return undefined;
  }

  /** @internal The text with which a component fails. */
  problemOf(fullName: string, app: string | undefined): string | undefined {
    return this.#failing.get(fullName) ?? (app === undefined ? undefined : this.#failing.get(app));
  }

  /** @internal Whether the deploy that starts to run now is cancelled; forgets it. */
  takeCancellation(): 'beforeCommit' | 'afterCommit' | undefined {
    const cancellation = this.#cancelNext;
    this.#cancelNext = undefined;
    return cancellation;
  }
}
