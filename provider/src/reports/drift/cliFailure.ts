import { messageOf } from '../../errors.js';
import { printable } from '../format/plainText.js';
import { redactSecrets } from '../../org/errors.js';

/** A command of the Pulumi CLI that could not be run, or that failed before there was anything to compare. */
export class PulumiCliError extends Error {}

/**
 * Runs something of the Automation API.
 *
 * @throws PulumiCliError with the CLI's own reason and nothing else of what it printed
 */
export async function askCli<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    throw new PulumiCliError(`${what}: ${cliReason(messageOf(thrown))}`);
  }
}

/**
 * The reason in the message of the Automation API's error, which is all that the command printed, twice: its lines that begin with
 * `error:`, else its last lines.
 */
export function cliReason(message: string): string {
  if (/ENOENT: pulumi|spawn pulumi ENOENT/.test(message)) {
    return 'there is no Pulumi CLI on PATH: install it, https://www.pulumi.com/docs/install';
  }
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const reasons = lines.flatMap((line) => /^\s*error: (.+)$/.exec(line)?.[1] ?? []);
  const distinct = [...new Set(reasons.length > 0 ? reasons : lines.slice(-5))];
  return tidy(distinct.join('; '));
}

/** A message of the engine without the stack trace of a program, secrets, control characters, and a full stop at its end. */
export function tidy(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return printable(redactSecrets(messageOf(lines.join('\n'))));
}
