/** What {@link formatJson} escapes: characters and markers that JSON need not escape but terminals, editors or logs act on. */
const active = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFE\uFFFF]|(?<=#)#(?=\w*\[)|(?<=<)\{(?=%)|(?<=%)\}(?=>)/gu;

/**
 * A value as JSON for a person or a file. Characters and markers that a program would act on are `\u` escapes, so that a JSON reader
 * gets the original text.
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
