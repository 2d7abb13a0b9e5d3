import assert from 'node:assert/strict';
import { join } from 'node:path';
import { version } from 'pulumi-salesforce-eca/package.json';
import { runCommandLine as run } from '../../provider/dist/commandLine/runCommandLine.js';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { runProcess, type ProcessResult } from '../../tools/pulumiCli/runProcess.js';
import { isolatedEnvironment } from './temporaryProject.js';

/** The file that the package's `bin` names. */
const program = join(repositoryFolder, 'provider/bin/pulumi-salesforce-eca.js');

/**
 * Runs `pulumi-salesforce-eca` as users do, in a separate process.
 *
 * @param environment variables in addition to those of the machine; nothing of its Salesforce and Pulumi settings is inherited
 */
export async function runCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  cwd?: string,
): Promise<ProcessResult> {
  return runProcess(process.execPath, [program, ...args], {
    env: { ...isolatedEnvironment([]), ...environment },
    deadlineMs: 110_000,
    ...(cwd === undefined ? {} : { cwd }),
  });
}

/** As {@link runCommandLine}, within this process: the same code, without the time that a process takes to start. */
export async function callCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ProcessResult> {
  const printed = { stdout: '', stderr: '' };
  const code = await run(args, version, {
    environment,
    hasColours: false,
    progress: () => undefined,
    print: (text) => {
      printed.stdout += text;
    },
    note: (text) => {
      printed.stderr += text;
    },
  });
  return { code, signal: null, ...printed };
}

/** Does something while variables of this process are set, which programs that it starts inherit. */
export async function withVariables<T>(
  variables: Readonly<Record<string, string>>,
  act: () => Promise<T>,
): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    return await act();
  } finally {
    for (const name of Object.keys(variables)) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  }
}

/** Asserts the exit code of a command, and that it shows no stack trace and no credential; gives what it printed to say. */
export function assertPrinted(code: number, { code: found, stdout, stderr }: ProcessResult): string {
  assert.equal(found, code, stdout + stderr);
  assert.doesNotMatch(stdout + stderr, /\n\s+at |00D\w{12}!|3MVG9/, 'no stack trace, no credential');
  return code === 1 ? stderr : stdout;
}
