import { reasonOf, ProviderError, withParts } from '../../errors.js';
import { printable } from '../format/plainText.js';
import { redactSecrets } from '../../org/errors.js';

/**
 * Runs something of the Automation API.
 *
 * @throws ProviderError with the CLI's own reason and nothing else of what it printed
 */
export async function askCli<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    // What is wrong within `ask` has its own words already.
    if (thrown instanceof ProviderError) throw new ProviderError(withParts(thrown.parts, { subject: what }));
    const message = reasonOf(thrown);
    const code = noCli.test(message) ? 'ECA8004' : 'ECA8005';
    throw new ProviderError({ code, subject: what, cause: cliReason(message) });
  }
}

/** What Node.js says of a program that is not on PATH. */
const noCli = /ENOENT: pulumi|spawn pulumi ENOENT/;

/**
 * The reason in the message of the Automation API's error, which is all that the command printed, twice: its lines that begin with
 * `error:`, else its last lines.
 */
export function cliReason(message: string): string {
  if (noCli.test(message)) {
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
  return printable(redactSecrets(reasonOf(lines.join('\n'))));
}
