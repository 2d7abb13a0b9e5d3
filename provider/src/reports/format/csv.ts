import { oneLine } from './plainText.js';

/**
 * A table as CSV (RFC 4180): lines end with CRLF, and cells are quoted if necessary.
 *
 * A spreadsheet runs a cell that looks like a formula, so such a cell gets an apostrophe in front (OWASP, CSV Injection).
 */
export function formatCsv(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

function cellText(text: string): string {
  const line = oneLine(text);
  const inert = /^\s*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20]/u.test(line) ? `'${line}` : line;
  return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
