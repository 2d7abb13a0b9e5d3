/**
 * The exit codes of every command. What a command was asked to find is `found`, so that a pipeline tells it from a command that
 * could not do its work; wrong arguments are a failure too, never a finding.
 */
export const exitCodes = {
  /** Done, and nothing was found that needs anybody. */
  ok: 0,
  /** The work could not be done: wrong arguments, sign-in, network, files. */
  failed: 1,
  /** Done, and something was found. */
  found: 2,
  /** Done, and nothing was found but apps that no resource declares. */
  unmanaged: 3,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The lines about exit codes in a command's help. */
export function exitCodesHelp(meanings: readonly (readonly [ExitCode, string])[]): string {
  return `\nExit codes:\n${meanings.map(([code, meaning]) => `  ${code}  ${meaning}`).join('\n')}\n`;
}
