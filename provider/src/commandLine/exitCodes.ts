/**
 * The exit codes of every command. A command that found what it looks for exits with `found`, so that a pipeline can distinguish it from
 * a command that could not do its work. Wrong arguments are a failure too, never a finding.
 */
export const exitCodes = {
  /** Done, and nothing was found that needs attention. */
  ok: 0,
  /** The work could not be done: wrong arguments, sign-in, network, files. */
  failed: 1,
  /** Done, and something was found. */
  found: 2,
  /** Done, and only apps that no resource declares were found. */
  unmanaged: 3,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit codes in a command's help. */
export function exitCodesHelp(meanings: readonly (readonly [ExitCode, string])[]): string {
  return `\nExit codes:\n${meanings.map(([code, meaning]) => `  ${code}  ${meaning}`).join('\n')}\n`;
}
