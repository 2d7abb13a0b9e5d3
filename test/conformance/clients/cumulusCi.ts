import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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
  type SignIn,
} from '../client.js';
import { closedProxy } from '../isolation.js';
import { fieldOf, parseJson, textOf } from '../readAnswer.js';
import { lockedPython } from './lockedPython.js';
import { manifest } from './packageZip.js';
import { preparedClient } from './preparedClient.js';

/** The name of the org in CumulusCI; its project has others. */
const orgName = 'conformance';
const deadlineMs = 5 * 60_000;
const noJobIds = 'It waits for every deploy and shows no job id.';

/** Opens a CumulusCI with its own project and home for each session. */
export async function installCumulusCi(version: string): Promise<(session: Session) => Promise<Client>> {
  const python = await lockedPython('cumulusci', version);
  return (session) => preparedClient('conformance-cci-', (folder) => new CumulusCi(python, folder, session));
}

class CumulusCi implements Client {
  /** Encrypts what it keeps in its home. */
  readonly #key = randomBytes(8).toString('hex');

  constructor(
    private readonly python: string,
    private readonly folder: string,
    private readonly session: Session,
  ) {}

  /** Makes the project, which is a Git repository to CumulusCI. */
  async prepare(): Promise<void> {
    await mkdir(join(this.folder, '.git'));
    await this.#write('.git/HEAD', 'ref: refs/heads/main\n');
    await this.#write(
      '.git/config',
      '[remote "origin"]\n\turl = https://github.invalid/example/conformance\n',
    );
    await this.#write(
      'cumulusci.yml',
      [
        'minimum_cumulusci_version: "4.0.0"',
        'project:',
        '  name: conformance',
        '  package:',
        '    name: conformance',
        `    api_version: "${this.session.apiVersion}"`,
        '',
      ].join('\n'),
    );
  }

  async signIn(how: SignIn): Promise<SignedIn> {
    const printed = await this.#cci(['org', 'info', orgName, '--json'], await this.#signedIn(how));
    // What the org returned; the rest are its inputs.
    const user = fieldOf(parseJson(printed), 'userinfo');
    return {
      username: textOf(user, 'preferred_username'),
      organizationId: textOf(user, 'organization_id'),
    };
  }

  async list(type: string): Promise<readonly string[]> {
    const task = ['list_nonsource_trackable_components', '-o', 'metadata_types', type];
    return linesAfter(await this.#task(task), `${type}: `);
  }

  async describe(): Promise<readonly string[]> {
    await this.#task(['describe_metadatatypes']);
    throw new NotOffered('It requests the types but shows none of them.');
  }

  read(): Promise<never> {
    throw new NotOffered('It cannot show a component as a record.');
  }

  async retrieve(members: Members): Promise<Retrieved> {
    const target = join(this.folder, 'retrieved');
    await rm(target, { recursive: true, force: true });
    await mkdir(target);
    await this.#write('manifest.xml', manifest(members, this.session.apiVersion));
    await this.#task([
      ...['retrieve_unpackaged', '-o', 'path', 'retrieved', '-o', 'package_xml', 'manifest.xml'],
      ...['-o', 'api_version', this.session.apiVersion],
    ]);
    const entries = await readdir(target, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name !== 'package.xml');
    return {
      files: new Map(
        await Promise.all(
          files.map(
            async ({ parentPath, name }) =>
              [`${basename(parentPath)}/${name}`, await readFile(join(parentPath, name), 'utf8')] as const,
          ),
        ),
      ),
      problems: undefined,
    };
  }

  deploy(what: Package, { transport }: { transport: 'soap' | 'rest' }): Promise<Deployed> {
    return this.#deploy(what, transport === 'rest' ? ['-o', 'rest_deploy', 'True'] : []);
  }

  validate(what: Package): Promise<Deployed> {
    return this.#deploy(what, ['-o', 'check_only', 'True']);
  }

  start(): Promise<string> {
    throw new NotOffered(noJobIds);
  }

  report(): Promise<Deployed> {
    throw new NotOffered(noJobIds);
  }

  resume(): Promise<Deployed> {
    throw new NotOffered(noJobIds);
  }

  cancel(): Promise<Deployed> {
    throw new NotOffered(noJobIds);
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async #deploy({ members, files }: Package, options: readonly string[]): Promise<Deployed> {
    await rm(join(this.folder, 'src'), { recursive: true, force: true });
    for (const [path, text] of [
      ...files,
      ['package.xml', manifest(members, this.session.apiVersion)] as const,
    ]) {
      await mkdir(join(this.folder, 'src', dirname(path)), { recursive: true });
      await this.#write(join('src', path), text);
    }
    try {
      await this.#task(['deploy', '-o', 'path', 'src', ...options]);
      return { status: 'Succeeded', statuses: [], problems: [] };
    } catch (error) {
      const problems = error instanceof ClientFailure ? problemsIn(error.message) : [];
      if (problems.length === 0) throw error;
      return { status: 'Failed', statuses: [], problems };
    }
  }

  async #task(task: readonly string[]): Promise<string> {
    const { accessToken } = this.session;
    const [name = '', ...options] = task;
    const env = await this.#signedIn({ way: 'accessToken', accessToken });
    return this.#cci(['task', 'run', name, '--org', orgName, ...options], env);
  }

  /** An org in the environment: CumulusCI's way for pipelines. */
  async #signedIn(how: SignIn): Promise<NodeJS.ProcessEnv> {
    const { instanceUrl, organizationId, users } = this.session.org;
    const org = (config: object, username: string): NodeJS.ProcessEnv => {
      const user = users.find((candidate) => candidate.username === username);
      const id = `${instanceUrl}/id/${organizationId}/${user?.userId ?? ''}`;
      const value = JSON.stringify({ instance_url: instanceUrl, id, username, ...config });
      return { [`CUMULUSCI_ORG_${orgName}`]: value };
    };
    switch (how.way) {
      case 'accessToken':
        return {
          ...org({ access_token: how.accessToken }, this.session.org.username),
          CUMULUSCI_DISABLE_REFRESH: 'true',
        };
      case 'jwtBearer':
        return {
          ...org({}, how.username),
          SFDX_CLIENT_ID: how.clientId,
          SFDX_HUB_KEY: await readFile(how.privateKeyFile, 'utf8'),
        };
      case 'refreshToken':
        return org({ refresh_token: how.refreshToken, client_id: how.clientId }, this.session.org.username);
      case 'clientCredentials':
      case 'password':
        throw new NotOffered('It does not support this sign-in method.');
    }
  }

  /** @returns what it printed, stdout and stderr */
  async #cci(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
    const { certificateFile } = this.session.org;
    // It keeps what it learns of an org in its home, and takes that rather than what the environment says.
    const home = await mkdtemp(join(this.folder, 'home-'));
    const result = await runProcess(this.python, ['-m', 'cumulusci', ...args], {
      cwd: this.folder,
      env: {
        ...isolatedEnvironment([]),
        ...closedProxy,
        HOME: home,
        // Longer lines it would break.
        COLUMNS: '2000',
        CUMULUSCI_KEY: this.#key,
        ...(certificateFile !== undefined && { REQUESTS_CA_BUNDLE: certificateFile }),
        ...env,
      },
      deadlineMs,
    });
    if (result.code !== 0) throw new ClientFailure(`${result.stdout}\n${result.stderr}`.trim());
    return result.stdout + result.stderr;
  }

  async #write(path: string, text: string): Promise<void> {
    await writeFile(join(this.folder, path), text, { mode: 0o600 });
  }
}

/** What follows a text in the lines that contain it. */
function linesAfter(printed: string, text: string): string[] {
  return printed
    .split('\n')
    .filter((line) => line.includes(text))
    .map((line) => line.slice(line.indexOf(text) + text.length).trim());
}

/** The failures of components as CumulusCI words them; the rest of such a line is the org's text. */
function problemsIn(printed: string): Deployed['problems'] {
  const pattern = /^Error: .*?\w+ of \w+ (\S+): Error(?: on line (\d+), col (\d+))?: (.*)$/gm;
  return [...printed.matchAll(pattern)].map(([, fullName = '', line, column, problem = '']) => ({
    fullName,
    problem: problem.trim(),
    line: line === undefined ? undefined : Number(line),
    column: column === undefined ? undefined : Number(column),
  }));
}
