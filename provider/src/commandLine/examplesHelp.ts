/** The name of the program in the package's `bin`. */
export const programName = 'pulumi-salesforce-eca';

/**
 * The examples in a command's help.
 *
 * @param examples the arguments after the program's name, and what they do
 */
export function examplesHelp(examples: readonly (readonly [typed: string, what: string])[]): string {
  const lines = examples.map(([typed, what]) => `  # ${what}\n  ${programName} ${typed}`);
  return `\nExamples:\n${lines.join('\n')}\n`;
}
