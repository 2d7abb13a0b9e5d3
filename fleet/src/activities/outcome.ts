import { ApplicationFailure } from '@temporalio/activity';
import { nonRetryableFailures, type OrgOutcome, type StackOutcome } from '../contract/activities.js';
import type { FleetStack } from '../contract/stacks.js';
import { redact } from '../credentials/redact.js';
import { oneLine } from '../oneLine.js';
import { isChange, type EngineEvents } from './engineEvents.js';
import { failureTypeOf, worstFailure, type FailureType } from './failures.js';
import type { EngineResult } from './operation.js';

/** The longest message of an org. */
const longestMessage = 1500;

/** Text of a failure as reports show it. */
export const messageText = (text: string, secrets: readonly string[]): string =>
  oneLine(redact(text, secrets), longestMessage);

/** What is the same in every outcome of an operation. */
export interface OutcomeFrame {
  readonly stack: FleetStack;
  readonly worker: string;
  readonly secrets: readonly string[];
  readonly recovered?: string;
}

/**
 * The outcome of an operation of the engine.
 *
 * @throws ApplicationFailure with the outcome when it failed
 */
export function engineOutcome(result: EngineResult, frame: OutcomeFrame): StackOutcome {
  if (result.code !== 0) throw failedOperation(result, frame);
  const status = result.events.changes > 0 ? 'changed' : 'unchanged';
  const isChanged = changedOrgs(result);
  const orgs = frame.stack.orgs.map(({ name }): OrgOutcome => ({
    org: name,
    status: frame.stack.orgs.length === 1 ? status : isChanged(name) ? 'changed' : 'unchanged',
  }));
  return outcome(frame, { status, orgs });
}

function changedOrgs({ events }: EngineResult): (org: string) => boolean {
  const changed = new Set(events.resources.filter(({ op }) => isChange(op)).map(({ org }) => org));
  return (org) => changed.has(org);
}

/** Why each org failed; the others of the stack are not in it. */
function failuresByOrg(
  { events, output }: EngineResult,
  { stack }: OutcomeFrame,
): ReadonlyMap<string, readonly string[]> {
  const all = stack.orgs.map(({ name }) => name);
  const coded = events.errors.filter(({ message }) => /\[ECA\d{4}\]/.test(message));
  // Where the provider says what is wrong, the other errors follow from it.
  const [errors = []] = [coded, events.errors, [{ message: lastError(output) }]].filter(
    ({ length }) => length > 0,
  );
  const byOrg = new Map<string, string[]>();
  for (const error of errors) {
    // What belongs to no org, such as a program that does not run, concerns all of them.
    for (const org of orgsOf(error, events, all)) {
      byOrg.set(org, [...new Set([...(byOrg.get(org) ?? []), error.message])]);
    }
  }
  return byOrg;
}

function orgsOf(
  error: EngineEvents['errors'][number],
  { resources }: EngineEvents,
  all: readonly string[],
): readonly string[] {
  const org =
    resources.find(({ urn }) => urn === error.urn)?.org ?? /in org "([^"]+)"/.exec(error.message)?.[1];
  return org !== undefined && all.includes(org) ? [org] : all;
}

/** The last thing that the CLI called an error, or the end of what it printed. */
function lastError(output: string): string {
  const found = [...output.matchAll(/^\s*error: (.+(?:\n(?!\s*error: ).+)*)/gm)].at(-1)?.[1];
  return found ?? (output.trim().split('\n').slice(-5).join('\n') || 'the Pulumi CLI ended without a word');
}

/** The failure of an operation whose orgs failed. */
function failedOperation(result: EngineResult, frame: OutcomeFrame): ApplicationFailure {
  const texts = new Map(
    [...failuresByOrg(result, frame)].map(([org, messages]) => [org, messages.join('; ')]),
  );
  const type = worstFailure([...texts.values()].map(failureTypeOf));
  const isChanged = changedOrgs(result);
  const orgs = frame.stack.orgs.map(({ name }): OrgOutcome => {
    const text = texts.get(name);
    return text === undefined
      ? { org: name, status: isChanged(name) ? 'changed' : 'unchanged' }
      : { org: name, status: 'failed', message: messageText(text, frame.secrets) };
  });
  return stackFailure(type, [...new Set(texts.values())].join('; '), frame, orgs);
}

/** A failure with its outcome, which another attempt can mend or not by its kind. */
export function stackFailure(
  type: FailureType,
  text: string,
  frame: OutcomeFrame,
  orgs: readonly OrgOutcome[] = [],
): ApplicationFailure {
  const message = messageText(text, frame.secrets);
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: nonRetryableFailures.includes(type),
    details: [outcome(frame, { status: 'failed', orgs, message, failure: type })],
  });
}

/** An outcome, with what is the same in all of them. */
export function outcome(
  { stack, worker, recovered }: OutcomeFrame,
  rest: Pick<StackOutcome, 'status' | 'orgs'> & Partial<StackOutcome>,
): StackOutcome {
  return { stack: stack.stack, worker, ...(recovered === undefined ? {} : { recovered }), ...rest };
}
