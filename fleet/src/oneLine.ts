/** Text from elsewhere as a message shows it: on one line, without what a terminal obeys, and not longer than a limit. */
export function oneLine(text: string, most = 100): string {
  const line = text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
