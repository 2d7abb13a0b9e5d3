import { oneLine } from '../reports/format/plainText.js';
import { redactSecrets } from './errors.js';

/** The longest text from an org that is passed on, in UTF-16 code units. */
const longestText = 4_000;

/**
 * Cleans a text from an org, a proxy or the Salesforce CLI for a message or a report: removes secrets, puts it on one line without anything
 * that acts on a terminal or a log, then truncates it. Not for what is sent back, such as names and components.
 *
 * @param secrets exact strings to remove, in addition to anything that looks like a secret
 * @param longest the longest result, in UTF-16 code units
 */
export function orgText(text: string, secrets: readonly string[] = [], longest = longestText): string {
  const clean = oneLine(redactSecrets(text, secrets));
  return clean.length <= longest ? clean : `${clean.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
