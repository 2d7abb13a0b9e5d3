/** How wide every report is at most, in characters. */
export const reportWidth = 100;

const gap = '  ';
/** A column at the end is not cut below this width to save the first one. */
const leastWidth = 40;

/** Cuts a text to a width; an ellipsis shows that something is missing. */
export function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
}

/**
 * A table in lines of at most {@link reportWidth} characters. Columns whose name begins with `#` are numbers, which are never cut. Of the
 * others the last one is cut, then the first one.
 */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const isNumber = head.map((name) => name.startsWith('#'));
  const lines = [head.map((name) => name.replace(/^#/, '')), ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const last = isNumber.at(-1) === true ? 0 : head.length - 1;
  for (const column of [last, 0]) {
    const tooMuch = widths.reduce((sum, width) => sum + width + gap.length, -gap.length) - reportWidth;
    // Names stay recognizable; what is left over is taken from the first column.
    const least = column === 0 ? 1 : Math.min(widths[column] ?? 0, leastWidth);
    widths[column] = Math.max(least, (widths[column] ?? 0) - Math.max(0, tooMuch));
  }
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          const text = cut(cell, width);
          return isNumber[column] === true ? text.padStart(width) : text.padEnd(width);
        })
        .join(gap)
        .trimEnd(),
    )
    .join('\n');
}

/** A text in lines of at most {@link reportWidth} characters, broken at spaces. */
export function paragraph(text: string, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line === '') line = word;
    else if (indent.length + line.length + 1 + word.length <= reportWidth) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map((each) => indent + each).join('\n');
}
