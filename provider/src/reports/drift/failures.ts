import { tidy } from '../stack/cliFailure.js';
import type { EngineError } from './engineEvents.js';
import type { ResourceDrift } from './report.js';

/** The prefix of a resource's error, which the engine also prints alone at the end. */
const enginePrefix = /^preview failed(?:: |$)/i;

/**
 * The errors of a preview, each cause once: errors that differ only in the app are merged into one, which names the other apps at its end.
 */
export function failuresOf(errors: readonly EngineError[], resources: readonly ResourceDrift[]): string[] {
  const byCause = new Map<string, { text: string; apps: Set<string> }>();
  for (const { message, urn } of errors) {
    const text = tidy(message).replace(enginePrefix, '');
    const app = resources.find((resource) => resource.urn === urn)?.app ?? '';
    const cause = app === '' ? text : text.replaceAll(`"${app}"`, '""');
    const known = byCause.get(cause);
    if (known === undefined) byCause.set(cause, { text, apps: new Set([app]) });
    else known.apps.add(app);
  }
  const distinct = [...byCause.values()].filter(({ text }) => text !== '');
  if (distinct.length === 0 && errors.length > 0) {
    return ['preview failed'];
  }
  return distinct.map(({ text, apps: [, ...others] }) =>
    others.length === 0
      ? text
      : `${text}${text.includes('\n') ? '\n  ' : '. '}The same for ${others.sort().join(', ')}`,
  );
}
