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

/** A name is similar if at most this share of its characters differ, or if it contains the wanted one or is contained in it. */
const similarShare = 0.4;

function isSimilar(wanted: string, name: string, edits: number): boolean {
  const [short = '', long = ''] = [wanted.toLowerCase(), withoutNamespace(name).toLowerCase()].sort(
    (left, right) => left.length - right.length,
  );
  return edits <= Math.ceil(long.length * similarShare) || long.includes(short);
}

/** Names whose distance exceeds this multiple of the nearest name's distance are not similar. */
const furthestShare = 2;

/**
 * The names similar to a wanted one, nearest first, at most three; only the nearest if the others are much further away. A name is also
 * compared without its namespace: omitting that is the most likely mistake with an installed app.
 */
export function nearestNames(wanted: string, names: readonly string[]): string[] {
  const sorted = names
    .map((name) => ({
      name,
      distance: Math.min(distance(wanted, name), distance(wanted, withoutNamespace(name))),
    }))
    .filter((each) => isSimilar(wanted, each.name, each.distance))
    .sort((left, right) => left.distance - right.distance || (left.name < right.name ? -1 : 1))
    .slice(0, 3);
  const furthest = Math.max(sorted[0]?.distance ?? 0, 1) * furthestShare;
  return sorted.filter((candidate) => candidate.distance <= furthest).map(({ name }) => name);
}

const choice = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** Advice about a name that an org does not have, with the {@link nearestNames}. */
export function adviceOnName(nearest: readonly string[]): string {
  return nearest.length === 0
    ? 'No app has a similar name. Write an app with a namespace as ns__Name'
    : `Did you mean ${choice.format(nearest.map((name) => `"${name}"`))}?`;
}
