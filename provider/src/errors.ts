import { printable } from './reports/format/plainText.js';

/**
 * An error whose message is meant for the user: what was found, where, what is allowed and what to do next.
 *
 * The dynamic-provider host prints `${error}: ${error.stack}` for errors of check, diff, read and delete; this class keeps
 * that to one line, because the engine shows the message at the resource anyway.
 */
export class ProviderError extends Error {
  constructor(message: string) {
    super(printable(message));
    this.name = 'ProviderError';
    this.stack = this.message.split('\n', 1)[0] ?? this.message;
  }

  override toString(): string {
    return 'pulumi-salesforce-eca';
  }
}

/** An error of the configuration under `salesforce:` or of its environment fallbacks. */
export class ConfigurationError extends ProviderError {}

/** The org refused the session, not the request. */
export class SessionRefusedError extends ProviderError {}

/** A guard refused a change; the program passes it by its name in `allow`. */
export class GuardRefusedError extends ProviderError {}

/** The text of anything that was thrown, without a full stop at its end: it becomes part of a sentence. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replace(/(?<!\.)\.\s*$/, '');
}
