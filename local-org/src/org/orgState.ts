import { EventEmitter } from 'node:events';
import { OrgClock } from './clock.js';
import { ComponentStore } from '../components/componentStore.js';
import type { StoredComponent } from '../components/storedComponent.js';
import { DeployJobs } from '../deploy/deployJobs.js';
import {
  Identity,
  type IdentityApp,
  type IdentityOrg,
  type IdentityUser,
  type Session,
} from '../identity/identity.js';
import type { JobTime } from '../localOrg.js';
import { readText, readTime } from '../readInput.js';
import { keyPrefix, salesforceId } from '../salesforceId.js';
import { RetrieveJobs } from '../soap/retrieveJobs.js';
import { notKept, type KeptState } from '../state/keptState.js';
import { Faults } from './faults.js';
import { RequestLog } from './requestLog.js';
import { newSecret } from '../keys/secret.js';
import { IdentityApps } from './identityApps.js';
import { keptComponents } from './keptComponents.js';
import type { HiddenHow } from './hiddenComponents.js';
import { sessionTimeoutOf } from './sessionTimeouts.js';
import { guestProfile, guestUserOf, usersOf, type OrgUser } from './users.js';

/** A session together with its user. */
export interface UserSession {
  session: Session;
  user: OrgUser;
}

/** How an org is created. */
export interface OrgStateOptions {
  /** Newest API version that the org offers, for example 68. */
  newestVersion: number;
  latencyMs: number;
  retrieveMs: JobTime;
  deployMs: JobTime;
  deployComponentMs: number;
  /** Address that the org listens on. */
  host: string;
  /** Host name in the addresses that clients get. */
  instanceHost: string;
  /** The org's own namespace; default: that of an earlier process, otherwise none. */
  namespace?: string | undefined;
  /** Has the state of an earlier process, and records that of this one; default: nothing is stored. */
  kept?: KeptState;
}

/** What all routes of one org use: its components, jobs, users, clock and switches. */
export class OrgState {
  readonly organizationId: string;
  /** Of every user, for the SOAP login call. */
  readonly password = newSecret();
  /** The token for requests to the control API from other machines. */
  readonly controlToken = newSecret();
  readonly kept: KeptState;
  readonly clock: OrgClock;
  readonly faults = new Faults();
  readonly store: ComponentStore;
  readonly users: readonly OrgUser[];
  readonly identity: Identity;
  readonly deployJobs: DeployJobs;
  readonly retrieveJobs: RetrieveJobs;
  readonly requests = new RequestLog();
  /** Emits an event when something that a page shows may have changed: a request came or was answered, or the control API was used. */
  readonly activity = new EventEmitter<{ change: [] }>();
  readonly latencyMs: number;
  /** Newest API version that the org offers, for example 68. */
  readonly newestVersion: number;
  /** Address that the org listens on. */
  readonly host: string;
  /** Host name in {@link instanceUrl}. */
  readonly instanceHost: string;
  /** When the org was created, milliseconds since 1970. */
  readonly createdAt: number;
  /** Set once the org listens. */
  instanceUrl = '';
  readonly #apps: IdentityApps;

  /** @throws InputError when what an earlier process recorded is not as this release writes it */
  constructor(
    readonly name: string,
    options: OrgStateOptions,
  ) {
    const kept = options.kept ?? notKept;
    this.kept = kept;
    this.organizationId = salesforceId(keyPrefix.organization, name);
    this.newestVersion = options.newestVersion;
    this.latencyMs = options.latencyMs;
    this.host = options.host;
    this.instanceHost = options.instanceHost;
    this.clock = new OrgClock(kept);
    this.createdAt = keptCreation(kept);
    this.store = new ComponentStore(
      this.organizationId,
      kept,
      () => this.faults.holds('installedAppNames'),
      keptNamespace(kept, options.namespace),
    );
    this.store.load(keptComponents(kept));
    this.users = usersOf(name);
    const { clock, faults, store, users } = this;
    this.deployJobs = new DeployJobs({
      name,
      clock,
      faults,
      store,
      users,
      deployMs: timeOfJob(name, options.deployMs),
      deployComponentMs: options.deployComponentMs,
      administrator: this.userOfRole('subscriberAdmin'),
      kept,
    });
    this.retrieveJobs = new RetrieveJobs(name, clock, timeOfJob(name, options.retrieveMs));
    this.#apps = new IdentityApps(store, clock, faults, kept);
    this.identity = new Identity(this.#identityOrg(), kept);
  }

  /** The org for sign-in. */
  #identityOrg(): IdentityOrg {
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
      guestUser: guestUserOf(this.name),
      appWithKey: (consumerKey) => {
        this.settle();
        return this.#apps.withConsumerKey(consumerKey);
      },
      sessionTimeoutMinutes: (user) => {
        this.settle();
        return this.sessionTimeoutMinutes(user);
      },
    };
  }

  /** The session timeout of a user in minutes: that of the profile, otherwise the org's. */
  sessionTimeoutMinutes({ userId }: IdentityUser): number {
    const profile = this.users.find((user) => user.userId === userId)?.profile ?? guestProfile;
    return sessionTimeoutOf(this.store, profile);
  }

  /** The user and session of an access token; undefined when it is unknown, expired or revoked. */
  session(token: string): UserSession | undefined {
    const session = this.identity.authenticate(token);
    const user = session && this.users.find(({ userId }) => userId === session.userId);
    return user && { session, user };
  }

  /** How a component is hidden from users of the Metadata API; undefined if it is not. */
  hiddenHow(component: StoredComponent): HiddenHow | undefined {
    const { type, fullName } = component;
    const app = type === 'ExternalClientApplication' ? fullName : this.store.appOf(component);
    return this.faults.hiddenHow(type, fullName, app);
  }

  /** The label of the app with a consumer key, or its name if it has none; undefined if there is no such app. */
  labelOfApp(consumerKey: string | undefined): string | undefined {
    return consumerKey === undefined ? undefined : this.#apps.withConsumerKey(consumerKey)?.label;
  }

  /** The app with this full name for sign-in; undefined if it has no OAuth settings. */
  identityApp(fullName: string): IdentityApp | undefined {
    return this.#apps.named(fullName);
  }

  /** @throws Error when no user has the role, which every org has one of */
  userOfRole(role: OrgUser['role']): OrgUser {
    const user = this.users.find((candidate) => candidate.role === role);
    if (!user) throw new Error(`The org has no user of the role ${role}.`);
    return user;
  }

  /** Advances jobs to the org's clock; called before anything in the org is read. */
  settle(): void {
    this.deployJobs.settle();
  }
}

function keptCreation(kept: KeptState): number {
  const stored = kept.entries('org').get('createdAt');
  const createdAt = stored === undefined ? Date.now() : readTime(stored, 'createdAt');
  kept.put('org', 'createdAt', createdAt);
  return createdAt;
}

function keptNamespace(kept: KeptState, given: string | undefined): string | undefined {
  const stored = kept.entries('org').get('namespace');
  const namespace = given ?? (stored === undefined ? undefined : readText(stored, 'namespace'));
  if (namespace !== undefined) kept.put('org', 'namespace', namespace);
  return namespace;
}

function timeOfJob(org: string, time: JobTime): () => number {
  return typeof time === 'number' ? () => time : () => time(org);
}
