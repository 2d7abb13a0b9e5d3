import { randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pulumiBinFolder } from '../../tools/pulumiCli/pulumiBinFolder.js';
import { languageHostFolder, type HostLanguage } from '../../tools/pulumiCli/languageHostFolder.js';
import { startProcess, type ProcessResult, type RunningProcess } from '../../tools/pulumiCli/runProcess.js';
import { findMarkedProcesses, killMarkedProcesses } from './markedProcesses.js';
import { nativeFolder, nativePackage } from './providerProgram.js';
import { parseStackState, type StackState } from './stackState.js';
import {
  createEmptyProject,
  createTemporaryProject,
  isolatedEnvironment,
  type TemporaryProject,
} from './temporaryProject.js';

/** Environment variable by which every process of a stack is found again, also one that outlived its parent. */
const marker = 'PULUMI_STACK_UNDER_TEST';
const defaultDeadlineMs = 120_000;
/**
 * The language host that is built from Go modules takes every program for TypeScript; without the compiler a JavaScript
 * program starts 0.3 s sooner (measured).
 */
const withoutTypeScript = "--import data:text/javascript,process.env.PULUMI_NODEJS_TYPESCRIPT='false'";

// Looked for once in a test run.
let cliFolder: Promise<string> | undefined;
const hostFolders = new Map<HostLanguage, Promise<string>>();

/** What Node.js runs in the processes of the dynamic and of the native provider. */
const providerScripts = ['cmd/dynamic-provider', join(nativeFolder, 'main.js')];

type Language = 'javascript' | 'typescript' | HostLanguage;

const programFiles: Readonly<Record<Language, string>> = {
  javascript: 'index.js',
  typescript: 'index.ts',
  yaml: 'Main.yaml',
  python: '__main__.py',
  go: 'main.go',
};

/** The name of every stack's project, whose own configuration has the keys `<project>:key`. */
export const projectName = 'project-under-test';
/** The name of a stack that is given no other. */
export const stackName = 'test';

/** What {@link PulumiStack.create} takes. */
export interface PulumiStackOptions {
  /** Text of the program. */
  program: string;
  /**
   * `javascript` (default) starts faster; with `typescript` the program is `index.ts`. Programs in `python` and `go` get their
   * SDKs by `env` and `install`.
   */
  language?: Language;
  /** Folders that come before all others on the PATH. */
  path?: readonly string[];
  /** Environment variables for every command; undefined removes one. */
  env?: Readonly<Record<string, string | undefined>>;
  /** The stack's name; default: {@link stackName}. */
  name?: string;
  /** Fills the project's node_modules; default: they are a link to the repository's. */
  install?: (folder: string) => Promise<void>;
}

/** Settings of one command. */
export interface CommandOptions {
  /** Further arguments, such as `--parallel`. */
  args?: readonly string[];
  /** Environment variables for this command alone. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds until the command is killed and rejected with its output so far; default 120,000. */
  deadlineMs?: number;
  /** The exit code that the command must have; default 0; `any` leaves it to the test. */
  expectCode?: number | 'any';
}

/** A configuration value: plain, or stored encrypted. */
export type ConfigValue = string | { secret: string };

/**
 * A stack in its own folder, run with the real Pulumi CLI and a file backend: nothing is shared with the
 * machine's Pulumi, its home folder included. Make one a test (or a suite) and dispose of it in a hook.
 */
export class PulumiStack {
  readonly #id = randomUUID();
  readonly #project: TemporaryProject;
  readonly #binFolders: readonly string[];
  readonly #options: Omit<PulumiStackOptions, 'program'>;
  readonly #env: NodeJS.ProcessEnv;
  readonly #programFile: string;

  private constructor(
    project: TemporaryProject,
    binFolders: readonly string[],
    options: Omit<PulumiStackOptions, 'program'>,
  ) {
    this.#project = project;
    this.#binFolders = binFolders;
    this.#options = options;
    this.#programFile = programFiles[options.language ?? 'javascript'];
    this.#env = {
      ...isolatedEnvironment(binFolders),
      HOME: join(project.folder, 'home'),
      // A killed language host leaves its named pipes there.
      TMPDIR: join(project.folder, 'tmp'),
      PULUMI_HOME: join(project.folder, 'pulumi-home'),
      PULUMI_BACKEND_URL: `file://${join(project.folder, 'backend')}`,
      PULUMI_CONFIG_PASSPHRASE: 'passphrase of a test',
      // Which stack is selected is kept by the path of the project, which a clone changes.
      PULUMI_STACK: options.name ?? stackName,
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      // Checking its types takes most of the start of a program; those of the pages' programs are checked by a unit test.
      ...(options.language === 'typescript'
        ? { PULUMI_NODEJS_TRANSPILE_ONLY: 'true' }
        : { NODE_OPTIONS: withoutTypeScript }),
      [marker]: this.#id,
      ...options.env,
    };
  }

  /** Makes the project and initialises the stack. */
  static async create(options: PulumiStackOptions): Promise<PulumiStack> {
    const { language = 'javascript' } = options;
    const binFolders = [...(options.path ?? []), await (cliFolder ??= pulumiBinFolder())];
    if (language !== 'javascript' && language !== 'typescript') binFolders.push(await hostFolder(language));
    const project = await (options.install === undefined ? createTemporaryProject() : createEmptyProject());
    const stack = new PulumiStack(project, binFolders, options);
    try {
      for (const folder of ['home', 'tmp', 'pulumi-home', 'backend'])
        await mkdir(join(project.folder, folder));
      await writeFile(join(project.folder, 'Pulumi.yaml'), projectFile(language));
      await writeFile(
        join(project.folder, 'package.json'),
        JSON.stringify({ name: projectName, version: '0.0.0', private: true }),
      );
      await options.install?.(project.folder);
      await stack.setProgram(options.program);
      await stack.run(['stack', 'init', options.name ?? stackName]);
    } catch (error) {
      await stack.dispose();
      throw error;
    }
    return stack;
  }

  /** A copy of this stack: program, configuration and state. No command may be running. */
  async clone(): Promise<PulumiStack> {
    const project = await createEmptyProject();
    const stack = new PulumiStack(project, this.#binFolders, this.#options);
    try {
      await cp(this.folder, project.folder, { recursive: true, verbatimSymlinks: true });
    } catch (error) {
      await stack.dispose();
      throw error;
    }
    return stack;
  }

  /** The project folder. */
  get folder(): string {
    return this.#project.folder;
  }

  /** The environment of every command, for programs that drive the stack themselves. */
  get environment(): NodeJS.ProcessEnv {
    return this.#env;
  }

  /** Replaces the program. */
  async setProgram(text: string): Promise<void> {
    await writeFile(join(this.folder, this.#programFile), text);
  }

  /**
   * Sets configuration values, all in one command. Keys are paths, as `pulumi config set --path` takes them:
   * `salesforce:orgs.uat.privateKey`.
   */
  async config(values: Readonly<Record<string, ConfigValue>>): Promise<void> {
    const args = Object.entries(values).flatMap(([key, value]) =>
      typeof value === 'string' ? ['--plaintext', `${key}=${value}`] : ['--secret', `${key}=${value.secret}`],
    );
    await this.run(['config', 'set-all', '--path', ...args]);
  }

  /**
   * Starts a command and returns at once, for tests that interrupt it: the CLI has its own process group, and
   * `signal()` reaches that group, but not the plugins, which lead theirs.
   */
  start(args: readonly string[], options: CommandOptions = {}): RunningProcess {
    return startProcess(
      'pulumi',
      [...args, '--non-interactive', '--color', 'never', ...(options.args ?? [])],
      {
        cwd: this.folder,
        env: { ...this.#env, ...options.env },
        deadlineMs: options.deadlineMs ?? defaultDeadlineMs,
      },
    );
  }

  /**
   * Runs `pulumi <args>` to its end.
   *
   * @throws Error with the whole output when the exit code is not the expected one or the deadline has passed.
   */
  async run(args: readonly string[], options: CommandOptions = {}): Promise<ProcessResult> {
    const running = this.start(args, options);
    const result = await running.result;
    const expected = options.expectCode ?? 0;
    if (expected !== 'any' && result.code !== expected) {
      const ending = result.signal ?? `exit code ${String(result.code)}`;
      throw new Error(
        `"pulumi ${args.join(' ')}" ended with ${ending} instead of exit code ${expected}:\n${running.output()}`,
      );
    }
    return result;
  }

  /** `pulumi up` without its preview phase: the dynamic provider process is started once, for the update. */
  up(options?: CommandOptions): Promise<ProcessResult> {
    return this.run(['up', '--yes', '--skip-preview'], options);
  }

  /** `pulumi up` as a user runs it: preview, then update. */
  previewAndUp(options?: CommandOptions): Promise<ProcessResult> {
    return this.run(['up', '--yes'], options);
  }

  preview(options?: CommandOptions): Promise<ProcessResult> {
    return this.run(['preview'], options);
  }

  refresh(options?: CommandOptions): Promise<ProcessResult> {
    return this.run(['refresh', '--yes', '--skip-preview'], options);
  }

  destroy(options?: CommandOptions): Promise<ProcessResult> {
    return this.run(['destroy', '--yes', '--skip-preview'], options);
  }

  /** The state as it is now; secrets stay encrypted. */
  async state(): Promise<StackState> {
    return parseStackState((await this.run(['stack', 'export'])).stdout);
  }

  /** The locks of running commands on the stack, and those left behind. */
  async locks(): Promise<string[]> {
    const folder = join(this.folder, 'backend', '.pulumi', 'locks');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  }

  /** Ids of processes that were started for this stack, by the CLI too, and still run. */
  runningProcesses(): Promise<number[]> {
    return findMarkedProcesses(marker, this.#id);
  }

  /** Ids of the processes among them that serve the resource: of the dynamic provider one a phase, of the native one also those that return its schema. */
  async providerProcesses(): Promise<number[]> {
    const found = await Promise.all(
      (await this.runningProcesses()).map(async (pid) => {
        // It may have ended meanwhile.
        const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
        return providerScripts.some((script) => command.includes(script)) ? [pid] : [];
      }),
    );
    return found.flat();
  }

  /** Ends every process that was started for this stack and removes its folder. Resources are not destroyed. */
  async dispose(): Promise<void> {
    await killMarkedProcesses(marker, this.#id);
    await this.#project.remove();
  }
}

/** The folder of a language host, looked for once in a test run. */
function hostFolder(language: HostLanguage): Promise<string> {
  const folder = hostFolders.get(language) ?? languageHostFolder(language);
  hostFolders.set(language, folder);
  return folder;
}

/** The text of Pulumi.yaml. */
function projectFile(language: Language): string {
  const runtime =
    language === 'javascript' || language === 'typescript'
      ? `runtime:\n  name: nodejs\n  options:\n    typescript: ${String(language === 'typescript')}`
      : `runtime: ${language}`;
  const plugins = `plugins:\n  providers:\n    - name: ${nativePackage}\n      path: ${nativeFolder}`;
  return `name: ${projectName}\n${runtime}\n${plugins}\n`;
}
