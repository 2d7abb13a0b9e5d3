import { withoutNamespace } from '../components/componentName.js';

/** The number of edits between two strings (Levenshtein distance), ignoring case. */
export function distance(left: string, right: string): number {
  const target = Array.from(right.toLowerCase());
  let row = Array.from({ length: target.length + 1 }, (_, index) => index);
  for (const [position, character] of Array.from(left.toLowerCase()).entries()) {
    const next = [position + 1];
    for (const [index, other] of target.entries()) {
      const substitution = (row[index] ?? 0) + (character === other ? 0 : 1);
      next.push(Math.min(substitution, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** Names whose distance exceeds this multiple of the nearest name's distance are not similar. */
const furthestShare = 2;

/**
 * The names most similar to a wanted one, nearest first, at most three; only the nearest if the others are much further away. A name is
 * also compared without its namespace: omitting that is the most likely mistake with an installed app.
 */
export function nearestNames(wanted: string, names: readonly string[]): string[] {
  const sorted = names
    .map((name) => ({
      name,
      distance: Math.min(distance(wanted, name), distance(wanted, withoutNamespace(name))),
    }))
    .sort((left, right) => left.distance - right.distance || (left.name < right.name ? -1 : 1))
    .slice(0, 3);
  const furthest = Math.max(sorted[0]?.distance ?? 0, 1) * furthestShare;
  return sorted.filter((candidate) => candidate.distance <= furthest).map(({ name }) => name);
}
