import type { RequestKind } from './http/requestKinds.js';
import type { Faults } from './org/faults.js';

/** Milliseconds that a job runs: the same for all, or returned for each new job of the org with this name. */
export type JobTime = number | ((org: string) => number);

/** How to start {@link LocalOrgServer}. */
export interface LocalOrgOptions {
  /** Port of the first org; the next orgs listen on the following ports. 0, the default, picks free ones. */
  port?: number;
  /** Names of the orgs. Default: `['dev']`. */
  orgs?: string[];
  /**
   * The namespaces of orgs that have one, by the org's name, like orgs in which a package is developed. Their components
   * then have it in their names. Default: none.
   */
  namespaces?: Readonly<Record<string, string>>;
  /** Newest API version that the orgs offer, 58.0 or later. Default: `'68.0'`. */
  apiVersion?: string;
  /** Milliseconds added to every request. Default: 0. */
  latencyMs?: number;
  /** How long a retrieve job runs. Default: 0, done at the first status call. */
  retrieveMs?: JobTime;
  /** How long a deploy job runs. Default: 0, done at the first status call. */
  deployMs?: JobTime;
  /** Milliseconds that each component of a deploy adds to {@link deployMs}. Default: 0. */
  deployComponentMs?: number;
  /** Folder in metadata format (package.xml and the type folders), loaded into every new org. Default: the package's own seed. */
  seed?: string;
  /**
   * Folder with the state of the orgs: components, deploys, keys, sessions and tokens, and how far the clock was moved. It is created if it is
   * missing; an org in it continues where it was, without the seed. One process at a time. Default: the orgs end with the process.
   */
  state?: string;
  /** Address to listen on. Default: `'127.0.0.1'`; other machines can connect to anything except a loopback address. */
  host?: string;
  /**
   * Whether the orgs use https, with a certificate created at the start that clients must be configured to trust
   * ({@link LocalOrg.certificateFile}), for clients that support nothing else. Default: false.
   */
  https?: boolean;
  /**
   * Host name in the addresses that clients get, such as `instance_url`. Default: {@link host}, or `'127.0.0.1'` if that means all addresses.
   * The `Host` header of a request must be this name, {@link host}, or a loopback name of this machine.
   */
  instanceHost?: string;
}

/** Several orgs in one process, each on its own port. */
export interface LocalOrgServer {
  readonly orgs: readonly LocalOrg[];
  /** @throws Error if there is no org with this name */
  org(name: string): LocalOrg;
  /** Stops listening, ends hanging requests and removes the files with keys and certificates, unless they are in a state folder. */
  close(): Promise<void>;
}

/**
 * The permissions of a user: `developer` everything; `subscriberAdmin` reads settings and deploys policies; `viewer` reads; `none` may not use
 * the Metadata API.
 */
export type LocalOrgRole = 'developer' | 'subscriberAdmin' | 'viewer' | 'none';

/** A user of an org. */
export interface LocalOrgUser {
  username: string;
  /** 18 characters. */
  userId: string;
  role: LocalOrgRole;
  /** Name of the profile, as in the `profile` of a ProfileSessionSetting. */
  profile: string;
  /** Opaque and long-lived. */
  accessToken: string;
}

/** One org: what clients need to reach it, and what tests read and change behind their backs. */
export interface LocalOrg {
  readonly name: string;
  /** `http://127.0.0.1:PORT`, no trailing slash; `https:` with {@link LocalOrgOptions.https}. See {@link LocalOrgOptions.instanceHost}. */
  readonly instanceUrl: string;
  /** Address of the Setup page, for a browser on this machine. */
  readonly setupPageUrl: string;
  /** 18 characters, the same for the same name. */
  readonly organizationId: string;
  /** The org's own namespace; undefined if it has none. See {@link LocalOrgOptions.namespaces}. */
  readonly namespace: string | undefined;
  /** Of the developer. */
  readonly username: string;
  /** Opaque, long-lived, of the developer. */
  readonly accessToken: string;
  /** Of every user, for the SOAP login call; a new one at each start. */
  readonly password: string;
  /** The token for requests to the control API from other machines (`Authorization: Bearer`); a new one at each start. */
  readonly controlToken: string;
  /** Consumer key of the app that deployers sign in with (JWT bearer), `Deployer`. */
  readonly clientId: string;
  /** PEM, generated when the org is created; its certificate is in the apps `Deployer` and `Agent_Gateway`. */
  readonly privateKey: string;
  /** A file with {@link privateKey}, readable only by its owner: in the state folder, otherwise a temporary one that is removed on close. */
  readonly privateKeyFile: string;
  /** With {@link LocalOrgOptions.https}: a temporary file with the certificate to trust (PEM), removed on close. */
  readonly certificateFile: string | undefined;
  /** One per role. */
  readonly users: readonly LocalOrgUser[];
  /**
   * A refresh token, as after a user's authorization of an app in a browser; the app's refresh token policy sets its lifetime.
   * @param username default: the developer
   * @param clientId consumer key of the app; default: `Deployer`
   * @throws Error when the org has no such user
   */
  issueRefreshToken(username?: string, clientId?: string): string;
  /**
   * The requests since the start or the last {@link clearRequests}, in the order of arrival, without those to the control API. The
   * last 20,000 are kept, or fewer if their paths have more than 4 million characters together.
   */
  readonly requests: readonly RecordedRequest[];
  clearRequests(): void;
  /**
   * Calls a listener with each request that {@link requests} records, before the org or a fault acts on it, so changes by the listener
   * affect the request. For a request whose body cannot be read, it is called after the response. The listener must not throw.
   * @returns what ends that
   */
  onRequest(listener: (request: RecordedRequest) => void): () => void;
  /** The component's XML exactly as stored; undefined if there is none. */
  component(type: string, fullName: string): string | undefined;
  /** Full names of the components of a type, sorted. */
  componentNames(type: string): string[];
  /**
   * Writes a component without any check except that it is well-formed XML: a change behind everybody's back.
   * @throws Error when the type is not known or the text is not well-formed
   */
  putComponent(type: string, fullName: string, xml: string): void;
  removeComponent(type: string, fullName: string): void;
  /** The deploys since the org was created, oldest first: the last 5,000, or fewer if they have more than 100,000 components together. */
  readonly deploys: readonly DeployRecord[];
  /** The org's clock, milliseconds since 1970, which decides when sessions, tokens and jobs end. */
  now(): number;
  advanceClock(milliseconds: number): void;
  readonly faults: Faults;
}

/** A request that reached an org. */
export interface RecordedRequest {
  kind: RequestKind;
  method: string;
  /** Path and query as sent. */
  path: string;
  /** Arrival by the org's clock, milliseconds since 1970. */
  at: number;
  /** Length of the body by its Content-Length header; 0 without one. */
  bytesIn: number;
  /** Length of the response's body; 0 until one is sent. */
  bytesOut: number;
  /** HTTP status of the response; undefined until it is sent completely. */
  status: number | undefined;
}

/** Every {@link DeployStatus}. */
export const deployStatuses = [
  'Pending',
  'InProgress',
  'Finalizing',
  'FinalizingDeploy',
  'Succeeded',
  'SucceededPartial',
  'Failed',
  'Canceling',
  'Canceled',
] as const;

/** The status of a deploy. `Finalizing` is shown from API version 65.0 on, as {@link Faults.finalizingStatus}. */
export type DeployStatus = (typeof deployStatuses)[number];

/** A deploy as tests see it. */
export interface DeployRecord {
  /** 18 characters. */
  id: string;
  status: DeployStatus;
  checkOnly: boolean;
  /** Version of the package; undefined if the package could not be read. */
  apiVersion: string | undefined;
  /** Username of the sender. */
  createdBy: string;
  /** The components in the package. */
  components: readonly { type: string; fullName: string }[];
  /** The problems of the components that failed. */
  problems: readonly { type: string; fullName: string; problem: string }[];
}
