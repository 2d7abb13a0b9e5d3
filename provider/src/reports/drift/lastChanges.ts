import type { LastModified } from '../../reconcile/apps/orgApp.js';
import { wholeSeconds } from '../format/wholeSeconds.js';
import type { ResourceDrift } from './report.js';

/** When somebody last modified components of some apps. */
interface LastChanges {
  by: string;
  dates: string[];
  apps: Set<string>;
}

/**
 * Who last modified the components of resources that differ, and when: one line per person. The apps are named if they are not the same
 * for everybody.
 */
export function describeLastChanges(resources: readonly ResourceDrift[]): string[] {
  const changes = new Map<string, LastChanges>();
  for (const { app, differences } of resources) {
    for (const { lastModified } of differences) {
      if (lastModified !== undefined) {
        const by = describePerson(lastModified);
        const known = changes.get(by) ?? { by, dates: [], apps: new Set() };
        known.dates.push(wholeSeconds(lastModified.date));
        known.apps.add(app);
        changes.set(by, known);
      }
    }
  }
  return [...changes.values()].map(({ by, dates, apps }) => {
    const [first = '', ...later] = dates.toSorted();
    const last = later.at(-1) ?? first;
    const when = first === last ? `at ${first}` : `between ${first} and ${last}`;
    const which = apps.size === resources.length ? '' : `: ${[...apps].join(', ')}`;
    return `last modified ${when}${by}${which}`;
  });
}

const describePerson = ({ byName }: LastModified): string => (byName === undefined ? '' : ` by ${byName}`);
