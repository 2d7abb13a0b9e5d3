import { oneLine } from './plainText.js';

/**
 * A text in Markdown: every character that Markdown or HTML gives a meaning is escaped; the underscore of names only where it could
 * emphasise. What a forge makes a mention, a reference or a link of by itself is broken by a zero-width space: an escape would be gone
 * before it looks.
 */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*[\]|~#]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(/[@#](?=\w)|\b(?:https?|ftp|mailto|xmpp):|\bwww(?=\.)|\bGH-(?=\d)/gi, '$&&#8203;');
}

/** The lines of a table, with an empty one before it; none for no rows. No text can leave its cell. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return rows.length === 0
    ? []
    : ['', line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(escapeMarkdown)))];
}

/** The lines of a list under a title, with an empty line before it; none for no texts. */
export function markdownList(title: string, texts: readonly string[]): string[] {
  return texts.length === 0
    ? []
    : ['', `**${title}**`, '', ...texts.map((text) => `- ${escapeMarkdown(text)}`)];
}
