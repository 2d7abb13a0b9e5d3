import { oneLine } from '../reports/format/plainText.js';
import { redactSecrets } from './errors.js';

/** The longest text of an org that is passed on, in UTF-16 code units. */
const longestText = 4_000;

/**
 * A text that came from an org, a proxy or the Salesforce CLI, as it may stand in a message or a report: without secrets, then on one line
 * of which nothing acts on a terminal or a log, then cut. Not for what is sent back, such as names and components.
 *
 * @param secrets exact texts to take out besides whatever looks like a secret
 * @param longest the longest result, in UTF-16 code units
 */
export function orgText(text: string, secrets: readonly string[] = [], longest = longestText): string {
  const clean = oneLine(redactSecrets(text, secrets));
  return clean.length <= longest ? clean : `${clean.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
