import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../tools/pulumiCli/cacheFolder.js';
import { pulumiBinFolder } from '../../tools/pulumiCli/pulumiBinFolder.js';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { startProcess, type ProcessResult, type RunningProcess } from '../../tools/pulumiCli/runProcess.js';
import { codeBlocksOf } from './codeBlocks.js';
import { killMarkedProcesses } from './markedProcesses.js';
import { appComponentTypes } from './orgSnapshot.js';
import { readPage } from './pages.js';
import { withFreePorts, withOwnValues } from './placeholders.js';
import { Shell } from './shell.js';
import { copyFiles, createEmptyProject, isolatedEnvironment } from './temporaryProject.js';
import { until } from './until.js';

const marker = 'EXAMPLE_UNDER_TEST';

/** What {@link Example.open} takes. */
export interface ExampleOptions {
  /** Environment variables for everything that is typed. */
  env?: Readonly<Record<string, string>>;
}

/**
 * A copy of an example's folder whose README is typed into a shell, block by block and word by word. The rest of the clone is around it
 * as links.
 */
export class Example {
  readonly #id = randomUUID();
  readonly #blocks: string[];
  readonly #shell: Shell;
  readonly #environment: NodeJS.ProcessEnv;
  #localOrgs: RunningProcess | undefined;

  private constructor(
    /** The folder of the copy. */
    readonly folder: string,
    private readonly temporary: Awaited<ReturnType<typeof createEmptyProject>>,
    blocks: readonly string[],
    binFolder: string,
    env: Readonly<Record<string, string>>,
  ) {
    this.#blocks = [...blocks];
    this.#environment = {
      ...isolatedEnvironment([binFolder]),
      HOME: join(temporary.folder, 'home'),
      TMPDIR: join(temporary.folder, 'tmp'),
      PULUMI_HOME: join(temporary.folder, 'pulumi-home'),
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      // The build checks the types of the examples.
      PULUMI_NODEJS_TRANSPILE_ONLY: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      // What was downloaded or built before is used again, although the home folder is another.
      XDG_CACHE_HOME: dirname(cacheFolder(process.env)),
      [marker]: this.#id,
      ...env,
    };
    this.#shell = new Shell(folder, this.#environment, join(temporary.folder, 'session'));
  }

  /**
   * @param path the example's folder below `examples`
   */
  static async open(path: string, { env = {} }: ExampleOptions = {}): Promise<Example> {
    const binFolder = await pulumiBinFolder();
    const temporary = await createEmptyProject();
    try {
      for (const name of ['home', 'tmp', 'pulumi-home']) await mkdir(join(temporary.folder, name));
      const clone = join(temporary.folder, 'clone');
      const folder = join(clone, 'examples', path);
      await copyFiles(join(repositoryFolder, 'examples', path), folder);
      for (const name of await readdir(repositoryFolder))
        if (name !== 'examples' && name !== '.git')
          await symlink(join(repositoryFolder, name), join(clone, name));
      const description = join(folder, 'package.json');
      const text = await readFile(description, 'utf8').catch(() => undefined);
      if (text !== undefined) await writeFile(description, withFreePorts(text));
      const blocks = codeBlocksOf(readPage(`examples/${path}/README.md`))
        .filter(({ language }) => language === 'sh')
        .map(({ text }) => text);
      return new Example(folder, temporary, blocks, binFolder, env);
    } catch (error) {
      await temporary.remove();
      throw error;
    }
  }

  /** Types the README's first block, which starts the local orgs, into a separate terminal. */
  async startLocalOrgs(): Promise<void> {
    const block = withFreePorts(this.#next(/^np[mx] .*local-orgs?\b.* > local-orgs\.json$/m));
    const running = startProcess('bash', ['-c', block], {
      cwd: this.folder,
      env: this.#environment,
      deadlineMs: 600_000,
    });
    this.#localOrgs = running;
    const file = join(this.folder, 'local-orgs.json');
    await until('the local orgs are there', async () => {
      assert.equal(running.child.exitCode, null, running.output());
      return (await readFile(file, 'utf8').catch(() => '')).includes('\n');
    });
  }

  /**
   * Types the README's next block.
   *
   * @param what the block, so that a README whose blocks have moved fails
   * @param ends the exit code of its last command
   */
  async type(what: RegExp, ends = 0): Promise<ProcessResult> {
    return this.#shell.type(this.#next(what), ends);
  }

  /** Types the README's next block with an org's values instead of the placeholders for a user's own. */
  async typeFor(org: ExampleOrg, what: RegExp): Promise<ProcessResult> {
    return this.#shell.type(withOwnValues(this.#next(what), org));
  }

  /** Types something that is not in the README. */
  async typeBesides(command: string, ends = 0): Promise<ProcessResult> {
    return this.#shell.type(command, ends);
  }

  /** Replaces a text of one of the example's files; it must be there. */
  async edit(file: string, from: string, to: string): Promise<void> {
    const path = join(this.folder, file);
    const text = await readFile(path, 'utf8');
    assert.ok(text.includes(from), `${file} contains ${from}`);
    await writeFile(path, text.replace(from, to));
  }

  /** Everything of the README must have been typed. */
  assertAllTyped(): void {
    assert.deepEqual(this.#blocks, []);
  }

  /** What is in an org, by a request of its control plane. */
  async org(name: string): Promise<ExampleOrg> {
    const parsed: unknown = JSON.parse(await readFile(join(this.folder, 'local-orgs.json'), 'utf8'));
    assert.ok(
      typeof parsed === 'object' && parsed !== null && 'orgs' in parsed && Array.isArray(parsed.orgs),
    );
    const found = Array.from<Record<string, string>>(parsed.orgs).find((org) => org['name'] === name);
    assert.ok(found !== undefined, `there is an org ${name}`);
    return new ExampleOrg(found);
  }

  /** Ends every process that was started for the example and removes its folder. */
  async dispose(): Promise<void> {
    this.#localOrgs?.signal('SIGTERM');
    await this.#localOrgs?.result.catch(() => undefined);
    await killMarkedProcesses(marker, this.#id);
    await this.temporary.remove();
  }

  #next(what: RegExp): string {
    const block = this.#blocks.shift() ?? '';
    assert.match(block, what, 'the README goes on with it');
    return block;
  }
}

/** A local org in a separate process. */
export class ExampleOrg {
  readonly instanceUrl: string;
  readonly organizationId: string;
  readonly accessToken: string;
  readonly clientId: string;
  readonly username: string;
  readonly privateKeyFile: string;

  constructor(described: Readonly<Record<string, string>>) {
    this.instanceUrl = described['instanceUrl'] ?? '';
    this.organizationId = described['organizationId'] ?? '';
    this.accessToken = described['accessToken'] ?? '';
    this.clientId = described['clientId'] ?? '';
    this.username = described['username'] ?? '';
    this.privateKeyFile = described['privateKeyFile'] ?? '';
  }

  /** The text of an element of a component; `undefined` if it has none. */
  async element(type: string, fullName: string, element: string): Promise<string | undefined> {
    const response = await fetch(`${this.instanceUrl}/local-org/components/${type}/${fullName}`);
    assert.equal(response.status, 200);
    return new RegExp(`<${element}>([^<]*)<`).exec(await response.text())?.[1];
  }

  /** Puts an app beside one that is there: the same components, but for the app's name. */
  async copyApp(app: string, copy: string): Promise<void> {
    for (const type of appComponentTypes) {
      const components = `${this.instanceUrl}/local-org/components/${type}`;
      const names: unknown = await (await fetch(components)).json();
      assert.ok(Array.isArray(names));
      for (const name of names.map(String).filter((each) => each.startsWith(app))) {
        const xml = await (await fetch(`${components}/${name}`)).text();
        const body = xml.replaceAll(app, copy);
        const put = await fetch(`${components}/${name.replace(app, copy)}`, { method: 'PUT', body });
        assert.ok(put.ok, await put.text());
      }
    }
  }

  /** Changes the faults and switches of the org. */
  async setFaults(method: 'POST' | 'PATCH' | 'DELETE', body?: unknown): Promise<void> {
    const response = await fetch(`${this.instanceUrl}/local-org/faults`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    assert.ok(response.ok, await response.text());
  }
}
