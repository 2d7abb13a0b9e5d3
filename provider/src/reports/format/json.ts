/** What {@link formatJson} escapes: what JSON need not escape and a terminal, an editor or a log acts on. */
const active = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFE\uFFFF]|(?<=#)#(?=\w*\[)|(?<=<)\{(?=%)|(?<=%)\}(?=>)/gu;

/**
 * A value as JSON for a person or a file. Characters and markers that something would act on are `\u` escapes, so that a reader gets
 * the text as it is.
 */
export function formatJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2).replace(active, escape)}\n`;
}

function escape(text: string): string {
  return text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
