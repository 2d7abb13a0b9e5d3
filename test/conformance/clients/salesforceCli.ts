import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { repositoryNodeModules } from '../../support/temporaryProject.js';
import { salesforceCliEnvironment, salesforceCliScript } from '../../../tools/clients/salesforceCli.js';
import { runProcess, type ProcessResult } from '../../../tools/pulumiCli/runProcess.js';
import {
  ClientFailure,
  NotOffered,
  type Client,
  type Deployed,
  type Files,
  type Members,
  type Package,
  type Retrieved,
  type Session,
  type SignedIn,
  type SignIn,
} from '../client.js';
import { loopbackOnly } from '../isolation.js';
import { fieldOf, listOf, optionalNumber, optionalText, parseJson, textOf } from '../readAnswer.js';
import { manifest } from './packageZip.js';
import { preparedClient } from './preparedClient.js';

const alias = 'conformance';
/** The folder in the client's folder that is its home. */
const home = 'home';
const sourceFolder = join('force-app', 'main', 'default');
const deadlineMs = 5 * 60_000;

/** Opens a Salesforce CLI with its own project and home for each session. */
export async function installSalesforceCli(version: string): Promise<(session: Session) => Promise<Client>> {
  const script = await salesforceCliScript(version);
  return (session) =>
    preparedClient('conformance-sf-', (folder) => new SalesforceCli(script, folder, session));
}

class SalesforceCli implements Client {
  constructor(
    private readonly script: string,
    private readonly folder: string,
    private readonly session: Session,
  ) {}

  /** Makes the project and signs in. */
  async prepare(): Promise<void> {
    await mkdir(join(this.folder, home));
    await mkdir(join(this.folder, sourceFolder), { recursive: true });
    await this.#write(
      'sfdx-project.json',
      JSON.stringify({
        packageDirectories: [{ path: 'force-app', default: true }],
        sourceApiVersion: this.session.apiVersion,
      }),
    );
    await this.#signIn({ way: 'accessToken', accessToken: this.session.accessToken }, {});
  }

  async signIn(how: SignIn): Promise<SignedIn> {
    // In a separate home: a user who is signed in twice has only the second alias.
    const another = await mkdtemp(join(this.folder, `${home}-`));
    const result = await this.#signIn(how, { HOME: another });
    return { username: textOf(result, 'username'), organizationId: textOf(result, 'orgId') };
  }

  async list(type: string): Promise<readonly string[]> {
    const result = await this.#json(['org', 'list', 'metadata', '--metadata-type', type, ...this.#org()]);
    return listOf({ result }, 'result').map((properties) => textOf(properties, 'fullName'));
  }

  async describe(): Promise<readonly string[]> {
    const result = await this.#json(['org', 'list', 'metadata-types', ...this.#org()]);
    return listOf(result, 'metadataObjects').map((type) => textOf(type, 'xmlName'));
  }

  read(): Promise<never> {
    throw new NotOffered('It cannot show a component as a record.');
  }

  async retrieve(members: Members): Promise<Retrieved> {
    await rm(join(this.folder, 'force-app'), { recursive: true, force: true });
    await mkdir(join(this.folder, sourceFolder), { recursive: true });
    await this.#writeManifest(members);
    const result = await this.#json([
      'project',
      'retrieve',
      'start',
      '--manifest',
      'package.xml',
      ...this.#org(),
    ]);
    return {
      files: await this.#files(),
      problems: listOf(result, 'messages').map((message) => textOf(message, 'problem')),
    };
  }

  async deploy(what: Package, { transport }: { transport: 'soap' | 'rest' }): Promise<Deployed> {
    await this.#writePackage(what);
    const env = { SF_ORG_METADATA_REST_DEPLOY: String(transport === 'rest') };
    return this.#deployed(['project', 'deploy', 'start', '--manifest', 'package.xml', ...this.#org()], env);
  }

  async validate(what: Package): Promise<Deployed> {
    await this.#writePackage(what);
    return this.#deployed([
      'project',
      'deploy',
      'start',
      '--dry-run',
      '--manifest',
      'package.xml',
      ...this.#org(),
    ]);
  }

  async start(what: Package): Promise<string> {
    await this.#writePackage(what);
    const args = ['project', 'deploy', 'start', '--async', '--manifest', 'package.xml', ...this.#org()];
    return textOf(await this.#json(args), 'id');
  }

  async report(id: string): Promise<Deployed> {
    return this.#deployed(['project', 'deploy', 'report', '--job-id', id, '--target-org', alias]);
  }

  /** For people, because the JSON has only the end. */
  async resume(id: string): Promise<Deployed> {
    const { code, stdout, stderr } = await this.#sf(['project', 'deploy', 'resume', '--job-id', id]);
    const statuses = [...stdout.matchAll(/\bStatus: ([A-Z][A-Za-z ]*[a-z])/g)].map(([, status = '']) =>
      status.replaceAll(' ', ''),
    );
    // Releases from before the status end so; mended by plugin-deploy-retrieve 1401 in July 2025.
    const missing = /Missing message metadata\.transfer:Finalizing\b/.exec(stderr)?.[0];
    if (missing !== undefined)
      throw new NotOffered(
        `This release is older than the status \`Finalizing\` and fails with "${missing}".`,
      );
    if (code !== 0) throw new ClientFailure(stderr.trim());
    return { status: statuses.at(-1) ?? '', statuses, problems: [] };
  }

  async cancel(id: string): Promise<Deployed> {
    return this.#deployed(['project', 'deploy', 'cancel', '--job-id', id, '--target-org', alias]);
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async #signIn(how: SignIn, env: NodeJS.ProcessEnv): Promise<unknown> {
    const { instanceUrl } = this.session.org;
    const login = ['org', 'login'];
    switch (how.way) {
      case 'accessToken':
        return this.#json(
          [...login, 'access-token', '--instance-url', instanceUrl, '--no-prompt', '--alias', alias],
          { ...env, SF_ACCESS_TOKEN: how.accessToken },
        );
      case 'jwtBearer':
        return this.#json(
          [
            ...[...login, 'jwt', '--instance-url', instanceUrl, '--client-id', how.clientId],
            ...['--username', how.username, '--jwt-key-file', how.privateKeyFile],
          ],
          env,
        );
      case 'refreshToken': {
        const url = `force://${how.clientId}::${how.refreshToken}@${new URL(instanceUrl).host}`;
        const file = await this.#write('sfdx-auth-url.txt', url);
        try {
          return await this.#json([...login, 'sfdx-url', '--sfdx-url-file', file], env);
        } finally {
          await rm(file);
        }
      }
      case 'clientCredentials':
      case 'password':
        throw new NotOffered('It does not support this sign-in method.');
    }
  }

  #org(): string[] {
    return ['--target-org', alias, '--api-version', this.session.apiVersion];
  }

  async #deployed(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Deployed> {
    const answer = parseAnswer(await this.#sf([...args, '--json'], env));
    const result = fieldOf(answer, 'result');
    const status = optionalText(result, 'status');
    if (status === undefined) throw failure(answer);
    const failures = listOf(result, 'files').filter((file) => fieldOf(file, 'state') === 'Failed');
    return {
      status,
      statuses: [status],
      problems: failures.map((file) => ({
        fullName: textOf(file, 'fullName'),
        // It adds the position to the org's text.
        problem: textOf(file, 'error').replace(/ \(\d+:\d+\)$/, ''),
        line: optionalNumber(file, 'lineNumber'),
        column: optionalNumber(file, 'columnNumber'),
      })),
    };
  }

  /** The result of a command that ends well. */
  async #json(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<unknown> {
    const { code, ...printed } = await this.#sf([...args, '--json'], env);
    const answer = parseAnswer(printed);
    if (code !== 0) throw failure(answer);
    return fieldOf(answer, 'result');
  }

  #sf(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ProcessResult> {
    const { certificateFile } = this.session.org;
    return runProcess(join(repositoryNodeModules, '.bin', 'node'), [this.script, ...args], {
      cwd: this.folder,
      env: {
        ...salesforceCliEnvironment(join(this.folder, home)),
        ...loopbackOnly,
        // In a pipeline it shows no status but the last.
        CI: undefined,
        ...(certificateFile !== undefined && { NODE_EXTRA_CA_CERTS: certificateFile }),
        ...env,
      },
      deadlineMs,
    });
  }

  async #writePackage({ members, files }: Package): Promise<void> {
    await rm(join(this.folder, 'force-app'), { recursive: true, force: true });
    for (const [path, text] of files) {
      const file = join(sourceFolder, `${path}-meta.xml`);
      await mkdir(join(this.folder, dirname(file)), { recursive: true });
      await this.#write(file, text);
    }
    await this.#writeManifest(members);
  }

  async #writeManifest(members: Members): Promise<void> {
    await this.#write('package.xml', manifest(members, this.session.apiVersion));
  }

  async #write(path: string, text: string): Promise<string> {
    const file = join(this.folder, path);
    await writeFile(file, text, { mode: 0o600 });
    return file;
  }

  async #files(): Promise<Files> {
    const entries = await readdir(join(this.folder, 'force-app'), { recursive: true, withFileTypes: true });
    const files = await Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map(async ({ parentPath, name }) => {
          const path = `${basename(parentPath)}/${name.replace(/-meta\.xml$/, '')}`;
          return [path, await readFile(join(parentPath, name), 'utf8')] as const;
        }),
    );
    return new Map(files);
  }
}

function parseAnswer({ stdout, stderr }: Pick<ProcessResult, 'stdout' | 'stderr'>): unknown {
  return parseJson(stdout.trim() === '' ? stderr : stdout);
}

/** What a command says that ends badly. */
function failure(answer: unknown): ClientFailure {
  return new ClientFailure(`${optionalText(answer, 'name') ?? ''}: ${optionalText(answer, 'message') ?? ''}`);
}
