import { reasonOf, ProviderError, withParts } from '../../errors.js';
import { printable } from '../format/plainText.js';
import { redactSecrets } from '../../org/errors.js';

/**
 * Runs a call of the Automation API.
 *
 * @throws ProviderError with the CLI's own reason and nothing else of its output
 */
export async function askCli<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    // An error from within `ask` already has its own message.
    if (thrown instanceof ProviderError) throw new ProviderError(withParts(thrown.parts, { subject: what }));
    const message = reasonOf(thrown);
    const code = noCli.test(message) ? 'ECA8004' : 'ECA8005';
    throw new ProviderError({ code, subject: what, cause: cliReason(message) });
  }
}

/** The messages of Node.js about a program that is not on PATH. */
const noCli = /ENOENT: pulumi|spawn pulumi ENOENT/;

/**
 * The reason in the message of the Automation API's error. That message contains the whole output of the command twice; the reason is in
 * the lines that begin with `error:`, or else in the last lines.
 */
export function cliReason(message: string): string {
  if (noCli.test(message)) {
    return 'the Pulumi CLI was not found on PATH: install it from https://www.pulumi.com/docs/install';
  }
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const reasons = lines.flatMap((line) => /^\s*error: (.+)$/.exec(line)?.[1] ?? []);
  const distinct = [...new Set(reasons.length > 0 ? reasons : lines.slice(-5))];
  return tidy(distinct.join('; '));
}

/** A message of the engine without stack traces, secrets, control characters, or a full stop at its end. */
export function tidy(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return printable(redactSecrets(reasonOf(lines.join('\n'))));
}
