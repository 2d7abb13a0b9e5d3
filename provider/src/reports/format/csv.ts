import { oneLine } from './plainText.js';

/**
 * A table as CSV (RFC 4180): lines end with CRLF, and cells that need it stand in quotes.
 *
 * A spreadsheet runs a cell that begins like a formula, so an apostrophe goes before it (OWASP, CSV Injection).
 */
export function formatCsv(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

function cellText(text: string): string {
  const line = oneLine(text);
  const inert = /^\s*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20]/u.test(line) ? `'${line}` : line;
  return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
