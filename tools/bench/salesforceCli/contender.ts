import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalOrg } from 'salesforce-local-org';
import { componentNamesOf } from '../../../test/support/localApps.js';
import { repositoryNodeModules } from '../../../test/support/temporaryProject.js';
import { salesforceCliEnvironment } from '../../clients/salesforceCli.js';
import { compileCacheFolder } from '../../pulumiCli/repository.js';
import { runProcess } from '../../pulumiCli/runProcess.js';
import { appNames } from '../programs.js';
import { requestsOf } from '../requests.js';
import type { Observed } from '../stackContender.js';

/** The newest of the local org, as the stacks take it. */
const apiVersion = '68.0';
const sourceFolder = 'force-app';
const deadlineMs = 4 * 60 * 60 * 1000;

/** The Salesforce CLI with its own project: retrieve, edit, deploy, as by hand or in a pipeline. */
export class SalesforceCliContender {
  private constructor(
    private readonly script: string,
    private readonly folder: string,
    private readonly org: LocalOrg,
  ) {}

  /** Makes the project and signs in, neither of which is measured. */
  static async create(script: string, appCount: number, org: LocalOrg): Promise<SalesforceCliContender> {
    const contender = new SalesforceCliContender(script, await mkdtemp(join(tmpdir(), 'bench-sf-')), org);
    try {
      await contender.#prepare(appNames(appCount));
    } catch (error) {
      await contender.dispose();
      throw error;
    }
    return contender;
  }

  /** Retrieves the files, changes the settings in them, and deploys them; the two commands count. */
  async run(): Promise<Observed> {
    this.org.clearRequests();
    const retrieveMs = await this.#timed(['project', 'retrieve', 'start']);
    await this.#edit();
    const deployMs = await this.#timed(['project', 'deploy', 'start']);
    return {
      wallMs: retrieveMs + deployMs,
      ...requestsOf(this.org),
      stateBytes: undefined,
      peakMemoryBytes: undefined,
    };
  }

  /** Removes the project; a command that runs ends with this process. */
  dispose(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async #prepare(apps: readonly string[]): Promise<void> {
    const names = apps.map(componentNamesOf);
    const types = [
      { name: 'ExtlClntAppGlobalOauthSettings', members: names.map(({ globalSettings }) => globalSettings) },
      { name: 'ExtlClntAppOauthConfigurablePolicies', members: names.map(({ policies }) => policies) },
    ];
    await mkdir(join(this.folder, 'home'));
    await mkdir(join(this.folder, sourceFolder));
    await writeFile(
      join(this.folder, 'sfdx-project.json'),
      JSON.stringify({
        packageDirectories: [{ path: sourceFolder, default: true }],
        sourceApiVersion: apiVersion,
      }),
    );
    await writeFile(
      join(this.folder, 'package.xml'),
      '<?xml version="1.0" encoding="UTF-8"?>\n<Package xmlns="http://soap.sforce.com/2006/04/metadata">\n' +
        types
          .map(
            ({ name, members }) =>
              `<types>${members.map((member) => `<members>${member}</members>`).join('')}<name>${name}</name></types>\n`,
          )
          .join('') +
        `<version>${apiVersion}</version>\n</Package>\n`,
    );
    await this.#sf(
      [
        'org',
        'login',
        'access-token',
        '--instance-url',
        this.org.instanceUrl,
        '--no-prompt',
        '--alias',
        'bench',
      ],
      { SF_ACCESS_TOKEN: this.org.accessToken },
    );
  }

  async #timed(command: readonly string[]): Promise<number> {
    const start = performance.now();
    await this.#sf([
      ...command,
      '--manifest',
      'package.xml',
      '--target-org',
      'bench',
      '--api-version',
      apiVersion,
      '--wait',
      '600',
      '--json',
    ]);
    return performance.now() - start;
  }

  async #sf(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
    const { code, stdout, stderr } = await runProcess(
      join(repositoryNodeModules, '.bin', 'node'),
      [this.script, ...args],
      {
        cwd: this.folder,
        env: {
          ...salesforceCliEnvironment(join(this.folder, 'home')),
          // The Pulumi stacks have it too.
          NODE_COMPILE_CACHE: compileCacheFolder,
          ...env,
        },
        deadlineMs,
      },
    );
    if (code !== 0)
      throw new Error(`"sf ${args.slice(0, 3).join(' ')}" failed: ${(stdout + stderr).slice(0, 2000)}`);
  }

  async #edit(): Promise<void> {
    const folder = join(this.folder, sourceFolder);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const xml = await readFile(file, 'utf8');
      await writeFile(
        file,
        xml
          .replace(/(<isNamedUserJwtEnabled>)[^<]*/, '$1true')
          .replace(
            '<permittedUsersPolicyType>',
            '<namedUserJwtSessionTimeoutType>Custom</namedUserJwtSessionTimeoutType>\n' +
              '    <namedUserJwtTimeout>30</namedUserJwtTimeout>\n    <permittedUsersPolicyType>',
          ),
      );
    }
  }
}
