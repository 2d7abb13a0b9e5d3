import { messageOf } from '../errors.js';
import { printable } from '../reports/format/plainText.js';
import { redactSecrets } from '../org/errors.js';

/**
 * The text of anything that ended a command: one message for a person, without a stack trace, without secrets, and without characters
 * that a terminal would act on, which an answer of an org may hold.
 */
export function describeFailure(thrown: unknown): string {
  return printable(redactSecrets(messageOf(thrown)));
}
