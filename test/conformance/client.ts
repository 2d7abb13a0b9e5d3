import type { LocalOrg } from 'salesforce-local-org';

/** Something that a client does not do, as it says or as its documentation does; the message is the reason. */
export class NotOffered extends Error {
  override readonly name = 'NotOffered';
}

/** What a client said when it refused or failed: everything that it printed, for people to read. */
export class ClientFailure extends Error {
  override readonly name = 'ClientFailure';
}

/** The ways to sign in. */
export type SignIn =
  /** With a token that somebody else got. */
  | { way: 'accessToken'; accessToken: string }
  /** With a key whose certificate is in the app. */
  | { way: 'jwtBearer'; clientId: string; username: string; privateKeyFile: string }
  | { way: 'refreshToken'; clientId: string; refreshToken: string }
  | { way: 'clientCredentials'; clientId: string; clientSecret: string }
  /** By SOAP. */
  | { way: 'password'; username: string; password: string; apiVersion: string };

/** Whom a client takes itself to be signed in as. */
export interface SignedIn {
  username: string;
  organizationId: string;
}

/** Members by type, as package.xml names them. */
export type Members = Readonly<Record<string, readonly string[]>>;

/** Texts by their path in metadata format: `externalClientApps/portal.eca`. */
export type Files = ReadonlyMap<string, string>;

/** What a client made of a retrieve. */
export interface Retrieved {
  files: Files;
  /** What the org said about members that it does not have; undefined: the client shows nothing of it. */
  problems: readonly string[] | undefined;
}

/** What is deployed: the files of these members. */
export interface Package {
  members: Members;
  files: Files;
}

/** The result of a deploy, as far as a client reports it. */
export interface Deployed {
  status: string;
  /** Every status that it showed while it waited, in order. */
  statuses: readonly string[];
  /** With line and column if it reports them. */
  problems: readonly {
    fullName: string;
    problem: string;
    line: number | undefined;
    column: number | undefined;
  }[];
}

/**
 * A signed-in client of an org, used as its users would. Every method throws {@link NotOffered} for what the
 * client does not support, and {@link ClientFailure} if it refuses or fails.
 */
export interface Client {
  /** Signs in again, in addition to the session of the other methods. */
  signIn(how: SignIn): Promise<SignedIn>;
  /** Full names of a type's components. */
  list(type: string): Promise<readonly string[]>;
  /** The types that the org has. */
  describe(): Promise<readonly string[]>;
  /**
   * Names of the elements of components that it shows as records (readMetadata), in the order of the names, with or without `fullName`; none
   * of what is not there.
   */
  read(type: string, fullNames: readonly string[]): Promise<readonly (readonly string[])[]>;
  retrieve(members: Members): Promise<Retrieved>;
  /** Deploys and waits for the end. */
  deploy(what: Package, options: { transport: 'soap' | 'rest' }): Promise<Deployed>;
  /** Has a package checked without a change, and waits for the end. */
  validate(what: Package): Promise<Deployed>;
  /** Sends a deploy and does not wait. */
  start(what: Package): Promise<string>;
  /** Looks once at a deploy by its id. */
  report(id: string): Promise<Deployed>;
  /** Waits, by its id, for a deploy that another process has sent. */
  resume(id: string): Promise<Deployed>;
  /** Cancels a deploy by its id and waits for the end. */
  cancel(id: string): Promise<Deployed>;
  /** Ends and removes what the client has on this machine. */
  close(): Promise<void>;
}

/** What a client is opened for. */
export interface Session {
  org: LocalOrg;
  accessToken: string;
  /** For example `66.0`. */
  apiVersion: string;
}

/** A client in the version that is checked. */
export interface ClientRelease {
  /** Names it in `--client`. */
  name: string;
  /** What people call it, with the version. */
  label: string;
  /** The default API version of operations; default: `66.0`. */
  apiVersion?: string;
  /** Whether it speaks nothing but https, in all or in some of its ways. */
  needsHttps: boolean;
  /** Finds or downloads it; throws an Error with the reason if it is not available. Returns a function that opens it. */
  install(): Promise<(session: Session) => Promise<Client>>;
}
