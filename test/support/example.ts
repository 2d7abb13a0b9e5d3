import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pulumiBinFolder } from '../../tools/pulumiCli/pulumiBinFolder.js';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import {
  runProcess,
  startProcess,
  type ProcessResult,
  type RunningProcess,
} from '../../tools/pulumiCli/runProcess.js';
import { killMarkedProcesses } from './markedProcesses.js';
import { createEmptyProject, isolatedEnvironment, repositoryNodeModules } from './temporaryProject.js';
import { until } from './until.js';

const marker = 'EXAMPLE_UNDER_TEST';
const deadlineMs = 200_000;

/** What every shell of a session begins and ends with: variables and functions of one block are there in the next. */
const session = (file: string): string =>
  `set -eo pipefail; if [ -f '${file}' ]; then source '${file}'; fi; trap '{ export -p; declare -f; } > '"'${file}'" EXIT\n`;

/** Copies what a clone of the repository holds of a folder, and not what somebody left there who tried the example. */
async function copyFiles(from: string, to: string): Promise<void> {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { code, stdout, stderr } = await runProcess('git', list, { cwd: from, deadlineMs });
  assert.equal(code, 0, stderr);
  for (const file of stdout.split('\n').filter((line) => line !== ''))
    await cp(join(from, file), join(to, file));
}

/** A copy of an example's folder whose README is typed into a shell, block by block and word by word. */
export class Example {
  readonly #id = randomUUID();
  readonly #blocks: string[];
  readonly #environment: NodeJS.ProcessEnv;
  #localOrgs: RunningProcess | undefined;

  private constructor(
    /** The folder of the copy. */
    readonly folder: string,
    private readonly temporary: Awaited<ReturnType<typeof createEmptyProject>>,
    readme: string,
    binFolder: string,
  ) {
    this.#blocks = [...readme.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = '']) => block);
    this.#environment = {
      ...isolatedEnvironment([binFolder]),
      HOME: join(temporary.folder, 'home'),
      TMPDIR: join(temporary.folder, 'tmp'),
      PULUMI_HOME: join(temporary.folder, 'pulumi-home'),
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      NODE_COMPILE_CACHE: join(repositoryNodeModules, '.cache/node-compile-cache'),
      NO_COLOR: '1',
      [marker]: this.#id,
    };
  }

  /**
   * @param path the example's folder below `examples`
   */
  static async open(path: string): Promise<Example> {
    const binFolder = await pulumiBinFolder();
    const temporary = await createEmptyProject();
    try {
      for (const name of ['home', 'tmp', 'pulumi-home']) await mkdir(join(temporary.folder, name));
      const folder = join(temporary.folder, 'example');
      await copyFiles(join(repositoryFolder, 'examples', path), folder);
      await symlink(repositoryNodeModules, join(folder, 'node_modules'), 'dir');
      const description = join(folder, 'package.json');
      // The README's ports may be taken on this machine.
      await writeFile(description, (await readFile(description, 'utf8')).replace(/--port \d+/, '--port 0'));
      const readme = await readFile(join(folder, 'README.md'), 'utf8');
      return new Example(folder, temporary, readme, binFolder);
    } catch (error) {
      await temporary.remove();
      throw error;
    }
  }

  /** Types the README's first block, which starts the local orgs, into a terminal of its own. */
  async startLocalOrgs(): Promise<void> {
    const block = this.#next(/^npm run --silent local-orgs > local-orgs\.json$/m);
    const running = startProcess('bash', ['-c', block], { ...this.#options(), deadlineMs: 600_000 });
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
    const block = this.#next(what);
    const shell = session(join(this.temporary.folder, 'session')) + block;
    const result = await runProcess('bash', ['-c', shell], this.#options());
    assert.equal(result.code, ends, `${block}\n${result.stdout}${result.stderr}`);
    return result;
  }

  /** Types something that is not in the README. */
  async typeBesides(command: string, ends = 0): Promise<ProcessResult> {
    this.#blocks.unshift(command);
    return this.type(/^/, ends);
  }

  /** Replaces a text of one of the example's files; it must be there. */
  async edit(file: string, from: string, to: string): Promise<void> {
    const path = join(this.folder, file);
    const text = await readFile(path, 'utf8');
    assert.ok(text.includes(from), `${file} holds ${from}`);
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

  #options(): { cwd: string; env: NodeJS.ProcessEnv; deadlineMs: number } {
    return { cwd: this.folder, env: this.#environment, deadlineMs };
  }
}

/** A local org in a process of its own. */
export class ExampleOrg {
  readonly instanceUrl: string;
  readonly organizationId: string;
  readonly accessToken: string;
  readonly privateKeyFile: string;

  constructor(described: Readonly<Record<string, string>>) {
    this.instanceUrl = described['instanceUrl'] ?? '';
    this.organizationId = described['organizationId'] ?? '';
    this.accessToken = described['accessToken'] ?? '';
    this.privateKeyFile = described['privateKeyFile'] ?? '';
  }

  /** The text of an element of a component; `undefined` where it has none. */
  async element(type: string, fullName: string, element: string): Promise<string | undefined> {
    const response = await fetch(`${this.instanceUrl}/local-org/components/${type}/${fullName}`);
    assert.equal(response.status, 200);
    return new RegExp(`<${element}>([^<]*)<`).exec(await response.text())?.[1];
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
