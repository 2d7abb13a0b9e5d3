import type { StackOutcome } from '../contract/activities.js';
import {
  forgetFoundValues,
  hasFoundValues,
  keepFoundValues,
  readFoundValues,
  restoreFoundValues,
} from './foundValues.js';
import { isMissing, type EngineResult, type Operation } from './operation.js';
import { engineOutcome, type OutcomeFrame } from './outcome.js';
import { takeStack } from './takeStack.js';

/** With a refresh: an org that was changed by hand gets its settings back, though neither program nor state changed. */
const upArguments = ['up', '--yes', '--skip-preview', '--refresh'] as const;

/** `pulumi up`. A new stack is made first, and the values found in its orgs are kept until the state has them. */
export async function up(operation: Operation, frame: OutcomeFrame): Promise<StackOutcome> {
  const isFirstAttempt = operation.attempt.holders.length === 1;
  const args = operation.stack.orgs.length > 1 ? [...upArguments, '--continue-on-error'] : upArguments;
  const run = (): Promise<EngineResult> => operation.engine(...args);
  if (!isFirstAttempt) await keepIfUntouched(operation);
  const begun = await takeStack(operation, frame, run);
  const made = isMissing(begun.result) ? await makeStack(operation) : undefined;
  const { result, recovered } = made === undefined ? begun : await takeStack(operation, frame, run);
  if (result.code === 0) {
    const hasCreated = result.events.resources.some(({ op }) => op === 'create');
    if (made !== undefined && isFirstAttempt && recovered === undefined) await made.forgetFoundValues();
    else if (hasCreated || !isFirstAttempt) await restoreFoundValues(operation);
  }
  return engineOutcome(result, { ...frame, ...(recovered === undefined ? {} : { recovered }) });
}

/** Makes the stack, and keeps the values found. */
async function makeStack(operation: Operation): Promise<{ forgetFoundValues: () => Promise<void> }> {
  // Before the stack is there: one without the values found would look as if they had been restored.
  const found = await readFoundValues(operation);
  operation.attempt.step = 'make the stack';
  const { secretsProvider } = operation.environment;
  const made = await operation.pulumi(
    'stack',
    'init',
    ...(secretsProvider === undefined ? [] : ['--secrets-provider', secretsProvider]),
  );
  if (made.code !== 0) throw new Error(`the stack could not be made: ${made.output}`);
  const tags = await keepFoundValues(operation, found);
  return { forgetFoundValues: () => forgetFoundValues(operation, tags) };
}

/** An earlier attempt may have made the stack and ended before it kept the values found. */
async function keepIfUntouched(operation: Operation): Promise<void> {
  if (await hasFoundValues(operation)) return;
  const { code, stdout } = await operation.pulumi('stack', 'export');
  if (code === 0 && !/"(?:resources|pending_operations)":/.test(stdout)) {
    await keepFoundValues(operation, await readFoundValues(operation));
  }
}
