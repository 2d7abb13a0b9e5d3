/** The exit codes of every command: those of the commands of `pulumi-salesforce-eca`. */
export const exitCodes = {
  /** Done, and nothing needs attention. */
  ok: 0,
  /** The command could not do its work: wrong arguments, no server, files. */
  failed: 1,
  /** Done, and something needs attention: failures, drift, an approval. */
  found: 2,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit codes in a command's help. */
export function exitCodesHelp(meanings: readonly (readonly [ExitCode, string])[]): string {
  return `\nExit codes:\n${meanings.map(([code, meaning]) => `  ${code}  ${meaning}`).join('\n')}`;
}
