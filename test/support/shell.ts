import assert from 'node:assert/strict';
import { join } from 'node:path';
import { runProcess, type ProcessResult } from '../../tools/pulumiCli/runProcess.js';

const deadlineMs = 200_000;

/** The environment in which Pulumi's question whether to go on is answered with yes. */
export const answeredYes = { PULUMI_SKIP_CONFIRMATIONS: 'true' };

/** What every shell of a session begins and ends with: variables and functions of one text are there in the next. */
const session = (file: string): string =>
  `set -eo pipefail; if [ -f '${file}' ]; then source '${file}'; fi; trap '{ export -p; declare -f; } > '"'${file}'" EXIT\n`;

/** A terminal into which a test types what a page says, word by word. */
export class Shell {
  #environment: NodeJS.ProcessEnv;

  /**
   * @param folder where everything is typed
   * @param file where variables and functions are kept
   */
  constructor(
    private readonly folder: string,
    environment: NodeJS.ProcessEnv,
    private readonly file = join(folder, '.shell-session'),
  ) {
    this.#environment = { ...environment, NO_COLOR: '1' };
  }

  /**
   * Types a text.
   *
   * @param ends the exit code of its last command
   * @param answer what is typed if a command asks for something
   */
  async type(text: string, ends = 0, answer?: string): Promise<ProcessResult> {
    const input = answer === undefined ? '' : `exec <<'END OF ANSWER'\n${answer}\nEND OF ANSWER\n`;
    const result = await runProcess('bash', ['-c', session(this.file) + input + text], {
      cwd: this.folder,
      env: this.#environment,
      deadlineMs,
    });
    // From now on the session has the variables: one that was unset stays so.
    this.#environment = { PATH: this.#environment['PATH'] };
    assert.equal(result.code, ends, `${text}\n${result.stdout}${result.stderr}`);
    return result;
  }

  /** Types a text line by line, each with the exit code that it has to end with, and gives what each printed on stdout. */
  async typeLines(text: string, ends: readonly number[]): Promise<string[]> {
    const lines = text.trimEnd().split('\n');
    assert.equal(lines.length, ends.length, text);
    const printed: string[] = [];
    for (const [index, line] of lines.entries()) printed.push((await this.type(line, ends[index])).stdout);
    return printed;
  }
}
