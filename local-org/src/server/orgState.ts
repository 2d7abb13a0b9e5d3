import { EventEmitter } from 'node:events';
import { OrgClock } from '../clock.js';
import { ComponentStore } from '../components/componentStore.js';
import { DeployJobs } from '../deploy/deployJobs.js';
import type { Identity, IdentityApp, IdentityOrg, Session } from '../identity/identity.js';
import type { RecordedRequest } from '../localOrg.js';
import { keyPrefix, salesforceId } from '../salesforceId.js';
import { RetrieveJobs } from '../soap/retrieveJobs.js';
import { Faults } from './faults.js';
import { IdentityApps } from './identityApps.js';
import { usersOf, type OrgUser } from './users.js';

/** The org's session timeout in minutes: Salesforce's default, two hours. */
const sessionTimeoutMinutes = 120;

/** A session together with its user. */
export interface UserSession {
  session: Session;
  user: OrgUser;
}

/** What the routes of one org share: its components, jobs, users, clock and switches. */
export class OrgState {
  readonly organizationId: string;
  readonly clock = new OrgClock();
  readonly faults = new Faults();
  readonly store: ComponentStore;
  readonly users: readonly OrgUser[];
  readonly deployJobs: DeployJobs;
  readonly retrieveJobs: RetrieveJobs;
  readonly requests: RecordedRequest[] = [];
  /** Tells that something may have changed which people look at: a request came or was answered, or the control API was used. */
  readonly activity = new EventEmitter<{ change: [] }>();
  readonly latencyMs: number;
  /** Newest API version that the org offers, for example 68. */
  readonly newestVersion: number;
  /** Milliseconds since 1970. */
  readonly startedAt = Date.now();
  /** Set once the org listens. */
  instanceUrl = '';
  readonly #apps: IdentityApps;
  #identity: Identity | undefined;

  constructor(
    readonly name: string,
    options: {
      newestVersion: number;
      latencyMs: number;
      retrieveMs: number;
      deployMs: number;
      deployComponentMs: number;
    },
  ) {
    this.organizationId = salesforceId(keyPrefix.organization, name);
    this.newestVersion = options.newestVersion;
    this.latencyMs = options.latencyMs;
    this.store = new ComponentStore(this.organizationId);
    this.users = usersOf(name);
    const { clock, faults, store } = this;
    this.deployJobs = new DeployJobs({
      name,
      clock,
      faults,
      store,
      deployMs: options.deployMs,
      deployComponentMs: options.deployComponentMs,
      administrator: this.userOfRole('subscriberAdmin'),
    });
    this.retrieveJobs = new RetrieveJobs(name, clock, options.retrieveMs);
    this.#apps = new IdentityApps(store, clock, faults);
  }

  /** The org as sign-in sees it. */
  get identityOrg(): IdentityOrg {
    const instanceUrl = (): string => this.instanceUrl;
    return {
      name: this.name,
      get instanceUrl() {
        return instanceUrl();
      },
      organizationId: this.organizationId,
      now: () => this.clock.now(),
      clientNow: () => Date.now(),
      users: () => this.users,
      apps: () => {
        this.settle();
        return [...this.#apps.read().values()];
      },
      sessionTimeoutMinutes,
    };
  }

  set identity(identity: Identity) {
    this.#identity = identity;
  }

  /** @throws Error before the org's sign-in was set up */
  get identity(): Identity {
    if (!this.#identity) throw new Error('The org has no sign-in yet.');
    return this.#identity;
  }

  /** The user and session of an access token; undefined when it is unknown, expired or revoked. */
  session(token: string): UserSession | undefined {
    const session = this.identity.authenticate(token);
    const user = session && this.users.find(({ userId }) => userId === session.userId);
    return user && { session, user };
  }

  /** The label of the app with a consumer key, or its name where it has none; undefined when there is no such app. */
  labelOfApp(consumerKey: string | undefined): string | undefined {
    return [...this.#apps.read().values()].find((app) => app.consumerKey === consumerKey)?.label;
  }

  /** What sign-in knows of the app of that full name; undefined when it has no OAuth settings. */
  identityApp(fullName: string): IdentityApp | undefined {
    return this.#apps.read().get(fullName);
  }

  /** @throws Error when no user has the role, which every org has one of */
  userOfRole(role: OrgUser['role']): OrgUser {
    const user = this.users.find((candidate) => candidate.role === role);
    if (!user) throw new Error(`The org has no user of the role ${role}.`);
    return user;
  }

  /** Lets jobs come as far as the org's clock allows; before anything in the org is looked at. */
  settle(): void {
    this.deployJobs.settle();
  }
}
