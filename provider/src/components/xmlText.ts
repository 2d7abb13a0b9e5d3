/**
 * Escapes a value for use as the text of an XML element.
 * A carriage return is written as a reference, since a parser would turn it into a line feed.
 */
export function escapeXmlText(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}
