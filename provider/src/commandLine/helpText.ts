import { wrapped } from '../reports/format/wrapped.js';

/** The width that commander gives the rest of a help if the terminal does not report one, in characters. */
const width = 80;

/**
 * A text for the end of a command's help, in lines of at most 80 characters. Lines that do not begin with a space are filled as
 * paragraphs; others are continued below their text, commands with a backslash.
 */
export function helpText(text: string): string {
  return text
    .replace(/(?<=^\S.*)\n(?=\S)/gm, ' ')
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('  pulumi')) {
        return wrapped(line, width - ' \\'.length, '    ').join(' \\\n');
      }
      const [indent = ''] = /^ *(?:\d {2})?/.exec(line) ?? [];
      const hanging = ' '.repeat(indent.length);
      return wrapped(line.slice(indent.length), width - indent.length).map(
        (part, index) => (index === 0 ? indent : hanging) + part,
      );
    })
    .join('\n');
}
