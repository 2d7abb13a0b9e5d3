import { oneLine } from './plainText.js';

/**
 * Escapes a text for Markdown: every character that has a meaning in Markdown or HTML, and underscores where they could mean emphasis.
 * Strings that a forge turns into mentions, references or links get a zero-width space, because escapes are gone when the forge looks for
 * them.
 */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*[\]|~#]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(/[@#](?=\w)|\b(?:https?|ftp|mailto|xmpp):|\bwww(?=\.)|\bGH-(?=\d)/gi, '$&&#8203;');
}

/** The lines of a table after an empty line; no lines if there are no rows. No text can break out of its cell. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return rows.length === 0
    ? []
    : ['', line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(escapeMarkdown)))];
}

/** The lines of a list with a title after an empty line; no lines if there are no texts. */
export function markdownList(title: string, texts: readonly string[]): string[] {
  return texts.length === 0
    ? []
    : ['', `**${title}**`, '', ...texts.map((text) => `- ${escapeMarkdown(text)}`)];
}
