/**
 * Refuses a Node.js that is too old. The entries of the package import this first: other modules fail on such a version, at a place
 * that does not say why.
 */
import { RunError } from '@pulumi/pulumi/errors.js';
import { formatMessage } from './errors.js';
import { objectionToNode } from './nodeVersion.js';

/** Pulumi shows its message alone if a program throws it; the provider process prints the string and the stack, which are one line too. */
class OldNodeError extends RunError {
  constructor(objection: string) {
    super(formatMessage({ code: 'ECA1021', cause: objection }));
    this.stack = this.message;
  }

  override toString(): string {
    return 'pulumi-salesforce-eca';
  }
}

const objection = objectionToNode(process.versions.node);
if (objection !== undefined) {
  throw new OldNodeError(objection);
}
