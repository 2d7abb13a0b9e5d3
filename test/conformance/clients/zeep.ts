import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isolatedEnvironment } from '../../support/temporaryProject.js';
import { runProcess } from '../../../tools/pulumiCli/runProcess.js';
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
} from '../client.js';
import { closedProxy } from '../isolation.js';
import { fieldOf, listOf, optionalNumber, parseJson, textOf } from '../readAnswer.js';
import { lockedPython } from './lockedPython.js';
import { filesOfZip, packageZip } from './packageZip.js';

const script = join(__dirname, 'zeepClient.py');
const deadlineMs = 5 * 60_000;

/** Opens a zeep with the WSDL in simple-salesforce, which is that of 63.0. */
export async function installZeep(version: string): Promise<(session: Session) => Promise<Client>> {
  const python = await lockedPython('zeep', version);
  return async (session) => new Zeep(python, await mkdtemp(join(tmpdir(), 'conformance-zeep-')), session);
}

/** A new process for each call. */
class Zeep implements Client {
  constructor(
    private readonly python: string,
    private readonly folder: string,
    private readonly session: Session,
  ) {}

  signIn(): Promise<SignedIn> {
    throw new NotOffered('It takes a session id and does not sign in.');
  }

  async list(type: string): Promise<readonly string[]> {
    const found = await this.#call('list', { type, version: this.session.apiVersion });
    return listOf({ found }, 'found').map((properties) => textOf(properties, 'fullName'));
  }

  async describe(): Promise<readonly string[]> {
    const described = await this.#call('describe', { version: this.session.apiVersion });
    return listOf(described, 'metadataObjects').map((type) => textOf(type, 'xmlName'));
  }

  async read(type: string, fullNames: readonly string[]): Promise<readonly (readonly string[])[]> {
    const found = await this.#call('read', { type, fullNames });
    // It shows every element that its WSDL has.
    return listOf({ found }, 'found').map((record) =>
      Object.entries(Object(record) as object)
        .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
        .map(([name]) => name),
    );
  }

  async retrieve(members: Members): Promise<Retrieved> {
    const types = Object.entries(members).map(([name, names]) => ({ name, members: names }));
    const answer = await this.#call('retrieve', { types, version: this.session.apiVersion });
    return {
      files: filesOfZip(Buffer.from(textOf(answer, 'zipFile'), 'base64')),
      problems: listOf(answer, 'messages').map((message) => textOf(message, 'problem')),
    };
  }

  async deploy(what: Package, { transport }: { transport: 'soap' | 'rest' }): Promise<Deployed> {
    if (transport === 'rest') throw new NotOffered('It deploys over SOAP only.');
    return this.resume(await this.start(what));
  }

  async validate(what: Package): Promise<Deployed> {
    return this.resume(await this.#start(what, true));
  }

  start(what: Package): Promise<string> {
    return this.#start(what, false);
  }

  async report(id: string): Promise<Deployed> {
    return deployed(await this.#call('report', { id }));
  }

  async resume(id: string): Promise<Deployed> {
    return deployed(await this.#call('wait', { id }));
  }

  async cancel(id: string): Promise<Deployed> {
    return deployed(await this.#call('cancel', { id }));
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async #start(what: Package, checkOnly: boolean): Promise<string> {
    const zip = packageZip(what, this.session.apiVersion).toString('base64');
    return textOf(await this.#call('start', { zip, checkOnly }), 'id');
  }

  async #call(operation: string, parameters: object): Promise<unknown> {
    const { org, apiVersion, accessToken } = this.session;
    const file = join(await mkdtemp(join(this.folder, 'call-')), 'call.json');
    const call = {
      endpoint: `${org.instanceUrl}/services/Soap/m/${apiVersion}`,
      sessionId: accessToken,
      operation,
      arguments: parameters,
    };
    await writeFile(file, JSON.stringify(call), { mode: 0o600 });
    const result = await runProcess(this.python, [script, file], {
      cwd: this.folder,
      env: { ...isolatedEnvironment([]), ...closedProxy, HOME: this.folder },
      deadlineMs,
    });
    if (result.code !== 0) throw new ClientFailure(`${result.stdout}\n${result.stderr}`.trim());
    return fieldOf(parseJson(result.stdout), 'answer');
  }
}

function deployed(answer: unknown): Deployed {
  const status = textOf(answer, 'status');
  const statuses = listOf(answer, 'statuses').map(String);
  return {
    status,
    statuses: statuses.length === 0 ? [status] : statuses,
    problems: listOf(fieldOf(answer, 'details'), 'componentFailures').map((failure) => ({
      fullName: textOf(failure, 'fullName'),
      problem: textOf(failure, 'problem'),
      line: optionalNumber(failure, 'lineNumber'),
      column: optionalNumber(failure, 'columnNumber'),
    })),
  };
}
