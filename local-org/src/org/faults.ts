import type { RequestKind } from '../http/requestKinds.js';
import { initialRules, type OrgRuleName } from '../rules/allRules.js';
import { FaultRules, type ActiveFaultRule, type Fault, type FaultRule } from './faultRules.js';
import type { FaultSwitchChanges, FaultSwitches } from './faultSwitches.js';
import { HiddenComponents, type HiddenHow } from './hiddenComponents.js';

/** Faults that tests can cause in one org. */
export class Faults {
  readonly #rules = new FaultRules();
  #failing = new Map<string, string>();
  readonly #hidden = new HiddenComponents();
  #cancelNext: 'beforeCommit' | 'afterCommit' | undefined;
  readonly #occupations = new Set<symbol>();
  #holds: { on: RequestKind; released: Promise<undefined>; release: () => void; isTaken: boolean }[] = [];
  #setListening: (listening: boolean) => Promise<void> = () => Promise.resolve();
  #isOffline = false;
  #orgRules = initialRules;

  /** False: a retrieve omits `certificate`, and a deploy without it keeps the stored one, as in some orgs (two contradictory reports). */
  returnCertificate = true;

  /**
   * Refuses, as `Invalid plugin settings`, policies with `namedUserJwtSessionTimeoutType` or `sessionTimeoutInMinutes` while JWT
   * is off (one project's weak report). `true`: JWT that the same deploy turns on counts as on. `'strict'`: it must be on before and
   * after the deploy, so global settings and policies cannot change in one zip.
   */
  refusePluginSettings: boolean | 'strict' = false;

  /** False: the wildcard `*` omits components with a namespace; the behaviour of real orgs is not documented. */
  wildcardReturnsManaged = true;

  /** Types that readMetadata refuses although the org has them, as real orgs do for ApexClass (jsforce#1206). */
  refuseReadMetadata: readonly string[] = [];

  /** Elements that a retrieve returns and readMetadata does not, in any type. */
  omitFromReadMetadata: readonly string[] = [];

  /** Milliseconds until a change of settings reaches the token endpoint; Salesforce documents up to 15 minutes. */
  spreadMs = 0;

  /**
   * The status of a deploy that can no longer be cancelled (65.0 and later). `Finalizing` is the value in Salesforce's WSDL (the types
   * generated from it) and in the Salesforce CLI, which has no label for another; `FinalizingDeploy` is that of the reference.
   */
  finalizingStatus: 'Finalizing' | 'FinalizingDeploy' = 'Finalizing';

  /** Adds a rule; of several that apply to a request, the earliest acts. Returns a function that removes it. */
  add(rule: FaultRule): () => void {
    const id = this.#rules.add(rule);
    return () => {
      this.remove(id);
    };
  }

  /** The rules in the order in which they were added, including those that have no requests left. */
  get rules(): readonly ActiveFaultRule[] {
    return this.#rules.all;
  }

  /**
   * Removes a rule.
   * @returns false when there is none of that id
   */
  remove(id: number): boolean {
    return this.#rules.remove(id);
  }

  /** The current value of every switch. */
  get switches(): FaultSwitches {
    return {
      returnCertificate: this.returnCertificate,
      refusePluginSettings: this.refusePluginSettings,
      wildcardReturnsManaged: this.wildcardReturnsManaged,
      refuseReadMetadata: this.refuseReadMetadata,
      omitFromReadMetadata: this.omitFromReadMetadata,
      spreadMs: this.spreadMs,
      finalizingStatus: this.finalizingStatus,
      failComponent: Object.fromEntries(this.#failing),
      hideComponent: this.#hidden.all,
      cancelNextDeploy: this.#cancelNext ?? false,
      occupyDeploys: this.areDeploysOccupied,
      orgRules: this.#orgRules,
    };
  }

  /** Changes several switches at once. */
  change(changes: FaultSwitchChanges): void {
    this.returnCertificate = changes.returnCertificate ?? this.returnCertificate;
    this.refusePluginSettings = changes.refusePluginSettings ?? this.refusePluginSettings;
    this.wildcardReturnsManaged = changes.wildcardReturnsManaged ?? this.wildcardReturnsManaged;
    this.refuseReadMetadata = changes.refuseReadMetadata ?? this.refuseReadMetadata;
    this.omitFromReadMetadata = changes.omitFromReadMetadata ?? this.omitFromReadMetadata;
    this.spreadMs = changes.spreadMs ?? this.spreadMs;
    this.finalizingStatus = changes.finalizingStatus ?? this.finalizingStatus;
    for (const [name, problem] of Object.entries(changes.failComponent ?? {})) {
      if (problem === null) this.#failing.delete(name);
      else this.#failing.set(name, problem);
    }
    for (const [name, how] of Object.entries(changes.hideComponent ?? {})) {
      if (how === null) this.#hidden.show(name);
      else this.#hidden.hide(name, how);
    }
    if (changes.orgRules) this.#orgRules = { ...this.#orgRules, ...changes.orgRules };
    if (changes.cancelNextDeploy === false) this.#cancelNext = undefined;
    else this.#cancelNext = changes.cancelNextDeploy ?? this.#cancelNext;
    if (changes.occupyDeploys === false) this.#occupations.clear();
    if (changes.occupyDeploys === true && !this.areDeploysOccupied) this.occupyDeploys();
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

  /**
   * Hides a component from users of the Metadata API.
   * @param name full name of a component, or of an app: then all its components; `*`: those of every app; a type in front, such as
   * `ExtlClntAppGlobalOauthSettings/*`, names only those of that type
   * @returns what shows it again
   */
  hideComponent(name: string, how: HiddenHow): () => void {
    this.#hidden.hide(name, how);
    return () => {
      this.#hidden.show(name);
    };
  }

  /** An administrator cancels the next deploy that runs; below 65.0 its data may nevertheless be committed (documented). */
  cancelNextDeploy(options: { committed?: boolean } = {}): void {
    this.#cancelNext = options.committed === true ? 'afterCommit' : 'beforeCommit';
  }

  /** Another deploy runs in the org, and every deploy that has not begun waits for it. Returns a function that ends the other deploy. */
  occupyDeploys(): () => void {
    const occupation = Symbol('occupation');
    this.#occupations.add(occupation);
    return () => {
      this.#occupations.delete(occupation);
    };
  }

  /**
   * Stops listening at the org's address: new connections are refused, and open ones close with their next response.
   * @returns what makes the org listen again, at the same address
   */
  goOffline(): () => Promise<void> {
    this.#isOffline = true;
    const stopped = this.#setListening(false);
    return async () => {
      await stopped;
      if (!this.#isOffline) return;
      this.#isOffline = false;
      await this.#setListening(true);
    };
  }

  /**
   * Holds the next request of a kind: the org does not act and applies no fault before it is released.
   * @returns what releases it
   */
  holdNext(on: RequestKind): () => void {
    const { promise: released, resolve } = Promise.withResolvers<undefined>();
    const hold = {
      on,
      released,
      isTaken: false,
      release: () => {
        this.#holds = this.#holds.filter((other) => other !== hold);
        resolve(undefined);
      },
    };
    this.#holds.push(hold);
    return hold.release;
  }

  /** Removes every rule, releases held requests and resets every switch; an org that is offline stays offline. */
  clear(): void {
    this.#occupations.clear();
    for (const { release } of this.#holds) release();
    this.#rules.clear();
    this.#failing.clear();
    this.#hidden.clear();
    this.#cancelNext = undefined;
    this.returnCertificate = true;
    this.refusePluginSettings = false;
    this.wildcardReturnsManaged = true;
    this.refuseReadMetadata = [];
    this.omitFromReadMetadata = [];
    this.spreadMs = 0;
    this.finalizingStatus = 'Finalizing';
    this.#orgRules = initialRules;
  }

  /** @internal Another object after each change of them. */
  get orgRules(): FaultSwitches['orgRules'] {
    return this.#orgRules;
  }

  /** @internal Whether the org keeps a rule: every rule, but those that are switched off. */
  holds(rule: OrgRuleName): boolean {
    const switched: Readonly<Partial<Record<OrgRuleName, boolean>>> = this.#orgRules;
    return switched[rule] ?? true;
  }

  /** @internal The fault that a request of that kind meets; counts it. */
  take(kind: RequestKind): Fault | undefined {
    return this.#rules.take(kind);
  }

  /** @internal Resolves when a request of that kind may go on. */
  async pass(kind: RequestKind): Promise<void> {
    const hold = this.#holds.find(({ on, isTaken }) => on === kind && !isTaken);
    if (hold === undefined) return;
    hold.isTaken = true;
    await hold.released;
  }

  /** @internal The text with which a component fails. */
  problemOf(fullName: string, app: string | undefined): string | undefined {
    return this.#failing.get(fullName) ?? (app === undefined ? undefined : this.#failing.get(app));
  }

  /** @internal How a component is kept back from users; undefined: it is not. */
  hiddenHow(type: string, fullName: string, app: string | undefined): HiddenHow | undefined {
    return this.#hidden.howOf(type, fullName, app);
  }

  /** @internal Whether connections close with their next answer. */
  get isOffline(): boolean {
    return this.#isOffline;
  }

  /** @internal Whether deploys that have not begun have to wait. */
  get areDeploysOccupied(): boolean {
    return this.#occupations.size > 0;
  }

  /** @internal How the org's port is closed and opened. */
  onListening(setListening: (listening: boolean) => Promise<void>): void {
    this.#setListening = setListening;
  }

  /** @internal Whether the deploy that starts to run now is cancelled; forgets it. */
  takeCancellation(): 'beforeCommit' | 'afterCommit' | undefined {
    const cancellation = this.#cancelNext;
    this.#cancelNext = undefined;
    return cancellation;
  }
}
