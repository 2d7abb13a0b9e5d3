import type { RequestKind } from './http/requestKinds.js';
import type { Faults } from './org/faults.js';

/** Milliseconds that a job runs: the same for all, or what is returned for each new job of the org of that name. */
export type JobTime = number | ((org: string) => number);

/** How to start {@link LocalOrgServer}. */
export interface LocalOrgOptions {
  /** Port of the first org; the next orgs listen on the following ports. 0, the default, picks free ones. */
  port?: number;
  /** Names of the orgs. Default: `['dev']`. */
  orgs?: string[];
  /**
   * The namespaces of orgs that have one of their own, by the org's name, as an org has in which a package is developed. Its components
   * then carry it. Default: none has one.
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
   * Folder that keeps the orgs: components, deploys, keys, sessions and tokens, and how far the clock was moved. It is made where it is
   * missing; an org that it holds goes on where it was, without the seed. One process at a time. Default: the orgs end with the process.
   */
  state?: string;
  /** Address to listen on. Default: `'127.0.0.1'`; anything else than this machine's loopback addresses lets other machines in. */
  host?: string;
  /**
   * Whether the orgs speak https, with a certificate made at the start that clients have to be told to trust
   * ({@link LocalOrg.certificateFile}), for clients that speak nothing else. Default: false.
   */
  https?: boolean;
  /**
   * Host name in the addresses that clients are told, such as `instance_url`. Default: {@link host}, for all addresses `'127.0.0.1'`.
   * Requests may name it, {@link host}, or this machine's loopback names in their `Host` header; others are refused.
   */
  instanceHost?: string;
}

/** Several orgs in one process, each on a port of its own. */
export interface LocalOrgServer {
  readonly orgs: readonly LocalOrg[];
  /** @throws Error when there is no org of that name */
  org(name: string): LocalOrg;
  /** Stops listening, ends hanging requests and removes the files with keys and certificates, unless the state is kept. */
  close(): Promise<void>;
}

/**
 * What a user may do: `developer` everything; `subscriberAdmin` reads settings and deploys policies; `viewer` reads; `none` may not use
 * the Metadata API.
 */
export type LocalOrgRole = 'developer' | 'subscriberAdmin' | 'viewer' | 'none';

/** A user of an org. */
export interface LocalOrgUser {
  username: string;
  /** 18 characters. */
  userId: string;
  role: LocalOrgRole;
  /** Name of the profile, as the `profile` of a ProfileSessionSetting names it. */
  profile: string;
  /** Opaque and long-lived. */
  accessToken: string;
}

/** One org: what clients need to reach it, and what tests want to see and change behind their backs. */
export interface LocalOrg {
  readonly name: string;
  /** `http://127.0.0.1:PORT`, no trailing slash; `https:` with {@link LocalOrgOptions.https}. See {@link LocalOrgOptions.instanceHost}. */
  readonly instanceUrl: string;
  /** Address of the Setup page, for a browser on this machine. */
  readonly setupPageUrl: string;
  /** 18 characters, the same for the same name. */
  readonly organizationId: string;
  /** The org's own; undefined: it has none. See {@link LocalOrgOptions.namespaces}. */
  readonly namespace: string | undefined;
  /** Of the developer. */
  readonly username: string;
  /** Opaque, long-lived, of the developer. */
  readonly accessToken: string;
  /** Of every user, for the SOAP login call; another one at each start. */
  readonly password: string;
  /** What requests to the control API carry that come from another machine (`Authorization: Bearer`); another one at each start. */
  readonly controlToken: string;
  /** Consumer key of the app that deployers sign in with (JWT bearer), `Deployer`. */
  readonly clientId: string;
  /** PEM, made when the org was; its certificate is in the apps `Deployer` and `Agent_Gateway`. */
  readonly privateKey: string;
  /** A file with {@link privateKey}, readable by its owner only: in the state folder, else a temporary one that is removed on close. */
  readonly privateKeyFile: string;
  /** With {@link LocalOrgOptions.https}: a temporary file with the certificate to trust (PEM), removed on close. */
  readonly certificateFile: string | undefined;
  /** One a role. */
  readonly users: readonly LocalOrgUser[];
  /**
   * A refresh token, as a user's authorization of an app in a browser yields one; it lives as the app's refresh token policy says.
   * @param username default: the developer
   * @param clientId consumer key of the app; default: `Deployer`
   * @throws Error when the org has no such user
   */
  issueRefreshToken(username?: string, clientId?: string): string;
  /**
   * The requests since the start or the last {@link clearRequests}, in the order of arrival; those to the control API are not counted. The
   * last 20,000 are kept, fewer where their paths are longer than 4 million characters together.
   */
  readonly requests: readonly RecordedRequest[];
  clearRequests(): void;
  /**
   * Calls a listener with each request that {@link requests} records, before the org acts on it or a fault meets it: what the listener
   * changes, the request finds changed. A request whose body cannot be read comes when it has been answered. The listener must not throw.
   * @returns what ends that
   */
  onRequest(listener: (request: RecordedRequest) => void): () => void;
  /** The component's XML exactly as stored; undefined when there is none. */
  component(type: string, fullName: string): string | undefined;
  /** Full names of the components of a type, sorted. */
  componentNames(type: string): string[];
  /**
   * Puts a component without any check but that it is well-formed XML: a change behind everybody's back.
   * @throws Error when the type is not known or the text is not well-formed
   */
  putComponent(type: string, fullName: string, xml: string): void;
  removeComponent(type: string, fullName: string): void;
  /** The deploys since the org was made, oldest first: the last 5,000, fewer where they have more than 100,000 components together. */
  readonly deploys: readonly DeployRecord[];
  /** The org's clock, milliseconds since 1970: sessions, tokens and jobs live by it. */
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
  /** Length of the body by its Content-Length header; 0 when the client sent none. */
  bytesIn: number;
  /** Length of the answer's body; 0 as long as none was sent. */
  bytesOut: number;
  /** HTTP status of the answer; undefined as long as none was sent in full. */
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

/** The status of a deploy. `Finalizing` is shown from API version 65.0 on, under the name of {@link Faults.finalizingStatus}. */
export type DeployStatus = (typeof deployStatuses)[number];

/** A deploy as tests see it. */
export interface DeployRecord {
  /** 18 characters. */
  id: string;
  status: DeployStatus;
  checkOnly: boolean;
  /** Version of the package; undefined when the package could not be read. */
  apiVersion: string | undefined;
  /** Username of whoever sent it. */
  createdBy: string;
  /** The components in the package. */
  components: readonly { type: string; fullName: string }[];
  /** The problems of the components that failed. */
  problems: readonly { type: string; fullName: string; problem: string }[];
}
