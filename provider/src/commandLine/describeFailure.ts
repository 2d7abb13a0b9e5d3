import { messageOf } from '../errors.js';
import { redactSecrets } from '../salesforce/errors.js';

/** The text of anything that ended a command: one message for a person, without a stack trace and without secrets. */
export function describeFailure(thrown: unknown): string {
  return redactSecrets(messageOf(thrown));
}
