import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { SignJWT } from 'jose';
import {
  ClientFailure,
  NotOffered,
  type Client,
  type Deployed,
  type Members,
  type Package,
  type Retrieved,
  type Session,
  type SignedIn,
  type SignIn,
} from '../client.js';
import { fieldOf, listOf, optionalNumber, textOf } from '../readAnswer.js';
import { filesOfZip, packageZip } from './packageZip.js';

/** A job that jsforce waits for: the promise is for its first answer. */
interface Locator extends PromiseLike<unknown> {
  on(event: 'error', listener: () => void): unknown;
  complete(includeDetails?: boolean): Promise<unknown>;
}

/** As much of a connection as is used here, the same in jsforce 1 and 3; what only the latter has may be missing. */
interface JsforceConnection {
  readonly metadata: {
    pollInterval: number;
    pollTimeout: number;
    list(queries: object, version: string): Promise<unknown>;
    describe(version: string): Promise<unknown>;
    read(type: string, fullNames: readonly string[]): Promise<unknown>;
    retrieve(request: object): Locator;
    deploy(zip: Buffer, options: object): Locator;
    deployRest?: (zip: Buffer, options: object) => Locator;
    checkDeployStatus(id: string, includeDetails: boolean, rest?: boolean): Promise<unknown>;
    cancelDeploy?: (id: string) => Promise<unknown>;
  };
  identity(): Promise<unknown>;
  login(username: string, password: string): Promise<unknown>;
  authorize(grant: object): Promise<unknown>;
}

/** As much of the module jsforce as is used here. */
export interface JsforceModule {
  Connection: new (options: object) => JsforceConnection;
}

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** Deploys as the Metadata API's documentation advises: all or nothing. */
const deployOptions = { rollbackOnError: true, singlePackage: true };

/** What opens a connection of a jsforce for each session. */
export function openJsforce(jsforce: JsforceModule): (session: Session) => Promise<Client> {
  return (session) => Promise.resolve(new Jsforce(jsforce, session));
}

class Jsforce implements Client {
  readonly #connection: JsforceConnection;

  constructor(
    private readonly jsforce: JsforceModule,
    private readonly session: Session,
  ) {
    this.#connection = this.#connect({ accessToken: session.accessToken });
  }

  async signIn(how: SignIn): Promise<SignedIn> {
    return said(async () => {
      const identity = await (await this.#signedIn(how)).identity();
      return { username: textOf(identity, 'username'), organizationId: textOf(identity, 'organization_id') };
    });
  }

  async list(type: string): Promise<readonly string[]> {
    const { apiVersion } = this.session;
    const found = await said(() => this.#connection.metadata.list([{ type }], apiVersion));
    return listOf({ found }, 'found').map((properties) => textOf(properties, 'fullName'));
  }

  async describe(): Promise<readonly string[]> {
    const described = await said(() => this.#connection.metadata.describe(this.session.apiVersion));
    return listOf(described, 'metadataObjects').map((type) => textOf(type, 'xmlName'));
  }

  async read(type: string, fullNames: readonly string[]): Promise<readonly (readonly string[])[]> {
    const records = await said(() => this.#connection.metadata.read(type, fullNames));
    // What begins with $ is an attribute.
    return [records]
      .flat()
      .map((record) => Object.keys(Object(record) as object).filter((name) => !name.startsWith('$')));
  }

  async retrieve(members: Members): Promise<Retrieved> {
    const { apiVersion } = this.session;
    const types = Object.entries(members).map(([name, names]) => ({ name, members: names }));
    const answer = await said(() => {
      const locator = this.#connection.metadata.retrieve({
        apiVersion,
        unpackaged: { types, version: apiVersion },
      });
      return completed(locator);
    });
    return {
      files: filesOfZip(Buffer.from(textOf(answer, 'zipFile'), 'base64')),
      problems: listOf(answer, 'messages').map((message) => textOf(message, 'problem')),
    };
  }

  async deploy(what: Package, { transport }: { transport: 'soap' | 'rest' }): Promise<Deployed> {
    const zip = packageZip(what, this.session.apiVersion);
    const { metadata } = this.#connection;
    if (transport === 'soap')
      return said(async () => deployed(await completed(metadata.deploy(zip, deployOptions), true)));
    return said(async () => {
      if (metadata.deployRest === undefined) throw new NotOffered('It deploys over SOAP only.');
      // Its own waiting goes over SOAP.
      const id = textOf(await metadata.deployRest(zip, deployOptions), 'id');
      return this.#waitFor(id, true);
    });
  }

  async validate(what: Package): Promise<Deployed> {
    const zip = packageZip(what, this.session.apiVersion);
    const options = { ...deployOptions, checkOnly: true };
    return said(async () => deployed(await completed(this.#connection.metadata.deploy(zip, options), true)));
  }

  async start(what: Package): Promise<string> {
    const zip = packageZip(what, this.session.apiVersion);
    return said(async () => textOf(await this.#connection.metadata.deploy(zip, deployOptions), 'id'));
  }

  async report(id: string): Promise<Deployed> {
    return said(async () => deployed(await this.#connection.metadata.checkDeployStatus(id, true)));
  }

  async resume(id: string): Promise<Deployed> {
    return said(() => this.#waitFor(id, false));
  }

  async cancel(id: string): Promise<Deployed> {
    const { metadata } = this.#connection;
    if (metadata.cancelDeploy === undefined) throw new NotOffered('It has no call to cancel a deploy.');
    const { cancelDeploy } = metadata;
    return said(async () => {
      await cancelDeploy.call(metadata, id);
      return this.#waitFor(id, false);
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** It cannot wait by an id alone, so the status is requested until the job is done. */
  async #waitFor(id: string, rest: boolean): Promise<Deployed> {
    const statuses: string[] = [];
    for (;;) {
      const answer = await this.#connection.metadata.checkDeployStatus(id, true, rest);
      statuses.push(textOf(answer, 'status'));
      if (fieldOf(answer, 'done') === true) return { ...deployed(answer), statuses };
      await delay(50);
    }
  }

  async #signedIn(how: SignIn): Promise<JsforceConnection> {
    const { instanceUrl } = this.session.org;
    switch (how.way) {
      case 'accessToken':
        return this.#connect({ accessToken: how.accessToken });
      case 'refreshToken':
        return this.#connect({
          refreshToken: how.refreshToken,
          oauth2: { clientId: how.clientId, loginUrl: instanceUrl },
        });
      case 'password': {
        const connection = this.#connect({ version: how.apiVersion });
        await connection.login(how.username, how.password);
        return connection;
      }
      case 'jwtBearer': {
        const assertion = await new SignJWT({})
          .setProtectedHeader({ alg: 'RS256' })
          .setIssuer(how.clientId)
          .setSubject(how.username)
          .setAudience(instanceUrl)
          .setExpirationTime('3 minutes')
          .sign(createPrivateKey(await readFile(how.privateKeyFile)));
        return this.#authorized({ grant_type: jwtBearer, assertion });
      }
      case 'clientCredentials':
        return this.#authorized({
          grant_type: 'client_credentials',
          client_id: how.clientId,
          client_secret: how.clientSecret,
        });
    }
  }

  async #authorized(grant: object): Promise<JsforceConnection> {
    const connection = this.#connect({ oauth2: { loginUrl: this.session.org.instanceUrl } });
    // jsforce 1 takes nothing but the code that a browser brings.
    if (connection.metadata.deployRest === undefined)
      throw new NotOffered('It signs in with a browser, a refresh token or a password only.');
    await connection.authorize(grant);
    return connection;
  }

  #connect(options: object): JsforceConnection {
    const { org, apiVersion } = this.session;
    const connection = new this.jsforce.Connection({
      instanceUrl: org.instanceUrl,
      loginUrl: org.instanceUrl,
      version: apiVersion,
      ...options,
    });
    connection.metadata.pollInterval = 50;
    connection.metadata.pollTimeout = 60_000;
    return connection;
  }
}

/** The end of a job, by jsforce's own waiting; without the listener it never settles when the waiting is given up. */
function completed(locator: Locator, includeDetails?: boolean): Promise<unknown> {
  return new Promise((resolve, reject) => {
    locator.on('error', () => {
      reject(new ClientFailure('jsforce gave up waiting'));
    });
    const end = includeDetails === undefined ? locator.complete() : locator.complete(includeDetails);
    end.then(resolve, reject);
  });
}

function deployed(answer: unknown): Deployed {
  const status = textOf(answer, 'status');
  const failures = listOf(fieldOf(answer, 'details'), 'componentFailures').map((failure) => ({
    fullName: textOf(failure, 'fullName'),
    problem: textOf(failure, 'problem'),
    line: optionalNumber(failure, 'lineNumber'),
    column: optionalNumber(failure, 'columnNumber'),
  }));
  return { status, statuses: [status], problems: failures };
}

/** What jsforce throws is what its user sees: the org's code as the name, the org's text as the message. */
async function said<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof NotOffered) throw error;
    if (error instanceof Error) throw new ClientFailure(`${error.name}: ${error.message}`, { cause: error });
    throw new ClientFailure(String(error));
  }
}
