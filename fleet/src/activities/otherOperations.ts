import type { StackOutcome } from '../contract/activities.js';
import { isMissing, type Operation } from './operation.js';
import { engineOutcome, outcome, type OutcomeFrame } from './outcome.js';
import { takeStack } from './takeStack.js';

/**
 * `pulumi preview`: what `up` would do. It takes no lock and makes no stack: one that does not exist is previewed in a state of its own,
 * which goes with the operation.
 */
export async function preview(operation: Operation, frame: OutcomeFrame): Promise<StackOutcome> {
  const result = await operation.engine('preview', '--refresh');
  if (!isMissing(result)) return engineOutcome(result, frame);
  const scratch = operation.withEmptyState();
  const made = await scratch.pulumi('stack', 'init');
  if (made.code !== 0) throw new Error(`the preview could not begin: ${made.output}`);
  return engineOutcome(await scratch.engine('preview'), frame);
}

/** `pulumi destroy`: restores the values found, and removes the stack. */
export async function destroy(operation: Operation, frame: OutcomeFrame): Promise<StackOutcome> {
  const several = operation.stack.orgs.length > 1 ? ['--continue-on-error'] : [];
  const { result, recovered } = await takeStack(operation, frame, () =>
    operation.engine('destroy', '--yes', '--skip-preview', '--remove', ...several),
  );
  if (isMissing(result)) return outcome(frame, { status: 'unchanged', orgs: [] });
  return engineOutcome(result, { ...frame, ...(recovered === undefined ? {} : { recovered }) });
}
