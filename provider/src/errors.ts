import type { ErrorCode } from './errorCodes.js';
import { printable } from './reports/format/plainText.js';

/** The parts of a message, each without a full stop at its end. */
export interface MessageParts {
  /** The kind of the message. */
  readonly code: ErrorCode;
  /** What the message is about, such as an app in an org. */
  readonly subject?: string | undefined;
  /** What was found. */
  readonly cause: string;
  /** Whether subject and cause are one sentence: `the app "A" does not exist`. */
  readonly isOneSentence?: boolean | undefined;
  /** What is allowed, and what to do next. */
  readonly advice?: string | undefined;
  /** What is known about the org's settings now. */
  readonly orgState?: string | undefined;
  /** What else the user can do in this operation. */
  readonly hint?: string | undefined;
  /** The choices of the user, one line each, such as commands to type. They come last. */
  readonly choices?: readonly string[] | undefined;
}

/** Nothing that changes the org was sent, or what was sent has changed nothing. */
export const orgNotChanged = 'The org was not changed';

/** As {@link orgNotChanged}, after a wait for a deploy that was sent earlier, if the org has not been read since. */
export const appNotChangedOtherwise = 'The app was not changed, unless by the deploy that was waited for';

/** A message as a user reads it: its code, then its parts. */
export function formatMessage(parts: MessageParts): string {
  return `[${parts.code}] ${formatWithoutCode(parts)}`;
}

/** As {@link formatMessage}, without the code: for use within another message, or for progress. */
export function formatWithoutCode({
  subject,
  cause,
  isOneSentence,
  advice,
  orgState,
  hint,
  choices = [],
}: Omit<MessageParts, 'code'>): string {
  const start = subject === undefined ? cause : `${subject}${isOneSentence === true ? ' ' : ': '}${cause}`;
  return [sentences(start, advice, orgState, hint) ?? '', ...choices].join('\n  ');
}

/** Joins sentences without a full stop at their end; a question has its mark already. */
function sentences(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.reduce((before, text) => {
    if (before === undefined || text === undefined) {
      return before ?? text;
    }
    return `${before}${before.endsWith('?') ? ' ' : '. '}${text}`;
  }, undefined);
}

/** Adds parts to a message: a subject before its subject, advice and a hint after its own. */
export function withParts(
  parts: MessageParts,
  more: Partial<Pick<MessageParts, 'subject' | 'advice' | 'orgState' | 'hint'>>,
): MessageParts {
  return {
    ...parts,
    subject: [more.subject, parts.subject].filter((text) => text !== undefined).join(': ') || undefined,
    advice: sentences(parts.advice, more.advice),
    orgState: more.orgState ?? parts.orgState,
    hint: sentences(parts.hint, more.hint),
  };
}

/**
 * An error whose message is meant for the user: what was found, where, what is allowed and what to do next.
 *
 * Node.js prints the stack of an error that a program does not catch, so the stack is the message.
 */
export class ProviderError extends Error {
  constructor(readonly parts: MessageParts) {
    super(printable(formatMessage(parts)));
    this.name = 'ProviderError';
    this.stack = this.message;
  }

  override toString(): string {
    return 'pulumi-salesforce-eca';
  }
}

/** An error of a lower layer, such as a request. A {@link ProviderError} that it causes has its code. */
export class CodedError extends Error {
  constructor(
    message: string,
    /** The kind of the error; `undefined` if only the caller knows what it means. */
    readonly eca: ErrorCode | undefined,
    /** What to check, without a full stop. */
    readonly advice?: string | undefined,
  ) {
    super(message);
  }
}

/** An error of the configuration under `salesforce:` or of its environment fallbacks. */
export class ConfigurationError extends ProviderError {}

/** The org refused the session, not the request. */
export class SessionRefusedError extends ProviderError {}

/** A guard refused a change; the program passes it by its name in `allow`. */
export class GuardRefusedError extends ProviderError {}

/** The whole message of anything that was thrown, without a full stop at its end. */
export function messageOf(thrown: unknown): string {
  return printable(formatMessage(partsOf(thrown)));
}

/** As {@link messageOf}, without the code: the reason within another message. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof ProviderError) {
    return printable(formatWithoutCode(thrown.parts));
  }
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replace(/(?<!\.)\.\s*$/, '');
}

/** The parts of anything that was thrown. */
export function partsOf(thrown: unknown): MessageParts {
  if (thrown instanceof ProviderError) {
    return thrown.parts;
  }
  return thrown instanceof CodedError
    ? { code: thrown.eca ?? 'ECA5001', cause: reasonOf(thrown), advice: thrown.advice }
    : { code: 'ECA9005', cause: reasonOf(thrown) };
}
