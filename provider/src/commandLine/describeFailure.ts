import { messageOf } from '../errors.js';
import { printable } from '../reports/format/plainText.js';
import { redactSecrets } from '../org/errors.js';

/**
 * The message for anything that ended a command, for a person: without a stack trace, secrets, or characters that a terminal would act
 * on, which a response of an org may contain.
 */
export function describeFailure(thrown: unknown): string {
  return printable(redactSecrets(messageOf(thrown)));
}
