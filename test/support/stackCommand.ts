import assert from 'node:assert/strict';
import type { ProcessResult } from '../../tools/pulumiCli/runProcess.js';
import { runCommandLine } from './commandLine.js';
import { stackName, type PulumiStack } from './pulumiStack.js';

/**
 * Runs a command of `pulumi-salesforce-eca` with `--stack`.
 *
 * @param args the command, then its own arguments
 * @param cwd the folder that it runs in; by default that of this process
 * @throws AssertionError for another exit code, and for a secret or a stack trace in the output
 */
export async function runStackCommand(
  stack: PulumiStack,
  code: number,
  [command = '', ...args]: readonly string[],
  cwd?: string,
): Promise<ProcessResult> {
  const result = await runCommandLine(
    [command, '--cwd', stack.folder, '--stack', stackName, ...args],
    stack.environment,
    cwd,
  );
  assert.equal(result.code, code, result.stdout + result.stderr);
  assert.doesNotMatch(result.stdout + result.stderr, /00D\w{12}!|\n\s+at /, 'no secret, no stack trace');
  return result;
}
