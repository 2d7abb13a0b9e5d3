import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { delimiter, join } from 'node:path';
import { compileCacheFolder, repositoryFolder } from '../pulumiCli/repository.js';

/** How a command ended. */
export interface CommandResult {
  code: number | null;
  /** What it printed, stdout and stderr. */
  output: string;
}

/**
 * The repository's own Pulumi project with a stack that is thrown away: the files are those of the repository, while the
 * state, the stack's settings and the CLI's home are in a temporary folder.
 */
export class DemoStack {
  #running: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /**
   * @param binFolder the folder of the Pulumi CLI
   * @param environment what the program and the provider find in their environment
   */
  static async create(binFolder: string, environment: Record<string, string>): Promise<DemoStack> {
    const folder = await mkdtemp(join(tmpdir(), 'pulumi-quickstart-'));
    for (const name of ['backend', 'home', 'tmp']) {
      await mkdir(join(folder, name));
    }
    await copyFile(join(repositoryFolder, 'Pulumi.yaml'), join(folder, 'Pulumi.yaml'));
    for (const name of ['examples', 'node_modules', 'tsconfig.json']) {
      await symlink(join(repositoryFolder, name), join(folder, name));
    }
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(?:PULUMI|SALESFORCE|SF|SFDX)_/.test(name),
    );
    return new DemoStack(folder, {
      ...Object.fromEntries(inherited),
      PATH: [binFolder, join(repositoryFolder, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(
        delimiter,
      ),
      PULUMI_BACKEND_URL: `file://${join(folder, 'backend')}`,
      PULUMI_HOME: join(folder, 'home'),
      // The CLI's language host and ts-node leave folders there.
      TMPDIR: join(folder, 'tmp'),
      PULUMI_CONFIG_PASSPHRASE: 'quickstart',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      // The build checks the types of the examples.
      PULUMI_NODEJS_TRANSPILE_ONLY: 'true',
      NODE_COMPILE_CACHE: compileCacheFolder,
      ...environment,
    });
  }

  /** Runs `pulumi <args>`; what it prints is shown as it comes, except when `isQuiet`. */
  async run(args: readonly string[], isQuiet = false): Promise<CommandResult> {
    const color = process.stdout.isTTY ? 'always' : 'never';
    const child = spawn('pulumi', [...args, '--non-interactive', '--color', color], {
      cwd: this.folder,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (!isQuiet) {
          process.stdout.write(text.replace(/^(?=.)/gm, '    '));
        }
      });
    }
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        this.#running = undefined;
        resolve({ code, output });
      });
    });
  }

  /** Ends a command that is still running and removes the folder. */
  async dispose(): Promise<void> {
    if (this.#running !== undefined) {
      await interrupt(this.#running);
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Ends the CLI the way it wants to be ended: at the first signal it waits for what runs, at the second it ends its plugins and
 * itself. A CLI that is killed leaves the provider process behind.
 */
async function interrupt(child: ChildProcess): Promise<void> {
  const isOver = once(child, 'close');
  for (const signal of ['SIGINT', 'SIGINT', 'SIGKILL'] as const) {
    child.kill(signal);
    const patience = new AbortController();
    const isOverInTime = await Promise.race([
      isOver.then(() => true),
      sleep(2000, false, { signal: patience.signal }).catch(() => false),
    ]);
    patience.abort();
    if (isOverInTime) {
      return;
    }
  }
}
