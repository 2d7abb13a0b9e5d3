/** The name of the program, as the package's `bin` has it. */
export const programName = 'pulumi-salesforce-eca';

/**
 * The lines about examples in a command's help.
 *
 * @param examples what is typed after the program's name, and what it does
 */
export function examplesHelp(examples: readonly (readonly [typed: string, what: string])[]): string {
  const lines = examples.map(([typed, what]) => `  # ${what}\n  ${programName} ${typed}`);
  return `\nExamples:\n${lines.join('\n')}\n`;
}
