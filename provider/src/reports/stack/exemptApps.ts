import { formatMessage } from '../../errors.js';
import { adviceOnName, nearestNames } from '../../policy/nearestNames.js';

/** A message about each name of `--exempt` that no app has, with the nearest names. */
export function unknownExemptApps(exemptApps: readonly string[], apps: readonly string[]): string[] {
  return exemptApps
    .filter((name) => !apps.includes(name))
    .map((name) =>
      formatMessage({
        code: 'ECA8201',
        cause: `--exempt "${name}": no app has this name`,
        advice: adviceOnName(nearestNames(name, apps)),
      }),
    );
}
