/**
 * What terminals, editors and logs act on instead of showing: control characters (ESC, BEL, C1), bidi and zero-width characters, line and
 * paragraph separators, unpaired surrogates, noncharacters.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]/gu;

const unprintableWithinLines = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]/gu;

/** The beginnings of commands for programs that read logs, and how a space breaks them. */
const commandMarkers: readonly (readonly [RegExp, string])[] = [
  // Azure Pipelines (`##vso[`, `##[`, anywhere in a line) and TeamCity (`##teamcity[`).
  [/#(?=#\w*\[)/g, '# '],
  // GitHub Actions (`::error::`), only after white space.
  [/^(\s*):(?=:)/gm, '$1: '],
  // Pulumi's colours (`<{%fg 9%}>`).
  [/<(?=\{%)/g, '< '],
  [/%(?=\}>)/g, '% '],
];

function withoutMarkers(text: string): string {
  return commandMarkers.reduce((rest, [marker, broken]) => rest.replace(marker, broken), text);
}

/** A text on one line, without anything that a terminal, a log or an editor would act on. */
export function oneLine(text: string): string {
  return withoutMarkers(text.replace(/\s+/g, ' ').replace(unprintable, '\uFFFD'));
}

/** As {@link oneLine}, but keeps line breaks and tabs. */
export function printable(text: string): string {
  return withoutMarkers(text.replace(/\r\n/g, '\n').replace(unprintableWithinLines, '\uFFFD'));
}
