/**
 * What terminals, editors and logs act on instead of showing it: controls (ESC, BEL, C1), bidi and zero-width characters, separators of
 * lines and paragraphs, halves of surrogate pairs, no characters at all.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]/gu;

const unprintableWithinLines = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]/gu;

/** Beginnings of what a program that reads a log acts on, and how a space breaks them. */
const commandMarkers: readonly (readonly [RegExp, string])[] = [
  // Azure Pipelines (`##vso[`, `##[`, anywhere in a line) and TeamCity (`##teamcity[`).
  [/#(?=#\w*\[)/g, '# '],
  // GitHub Actions (`::error::`), after nothing but white space.
  [/^(\s*):(?=:)/gm, '$1: '],
  // Pulumi's colours (`<{%fg 9%}>`).
  [/<(?=\{%)/g, '< '],
  [/%(?=\}>)/g, '% '],
];

function withoutMarkers(text: string): string {
  return commandMarkers.reduce((rest, [marker, broken]) => rest.replace(marker, broken), text);
}

/** A text on one line, of which nothing acts on a terminal, a log or an editor. */
export function oneLine(text: string): string {
  return withoutMarkers(text.replace(/\s+/g, ' ').replace(unprintable, '\uFFFD'));
}

/** As {@link oneLine}, with the lines and tabs of the text. */
export function printable(text: string): string {
  return withoutMarkers(text.replace(/\r\n/g, '\n').replace(unprintableWithinLines, '\uFFFD'));
}
