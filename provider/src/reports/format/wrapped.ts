import { printable } from './plainText.js';

/**
 * A text as lines that are no longer than a width, broken at spaces. A longer word stays whole. What begins a
 * line only because it was broken there is no command for a program that reads logs either.
 *
 * @param indent what the lines after the first begin with
 */
export function wrapped(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(' ')) {
    if (line === undefined) {
      line = word;
    } else if (line.length + 1 + word.length <= width) {
      line += ` ${word}`;
    } else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line ?? ''].map(printable);
}
