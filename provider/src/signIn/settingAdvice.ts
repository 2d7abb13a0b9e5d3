import type { MessageParts } from '../errors.js';
import { distance, nearestNames } from '../policy/nearestNames.js';

/** A namespace of the configuration: that of the dynamic provider or that of the native one. */
export type Namespace = 'salesforce' | 'salesforce-eca';

/** Where settings come from: a namespace of the configuration, or the properties of an explicit provider. */
export type SettingsPlace = Namespace | { readonly provider: string };

/** A key that differs by more edits than this is another word. */
const furthestSlip = 3;

/** Advice for a key that is not a setting: the setting with a similar name, otherwise all settings. */
export function adviceOnKey(key: string, known: readonly string[], prefix = ''): string {
  const [nearest] = nearestNames(key, known);
  return nearest !== undefined && distance(key, nearest) <= furthestSlip
    ? `Did you mean ${prefix}${nearest}?`
    : `Allowed: ${known.join(', ')}`;
}

/**
 * A warning for each key of the `salesforce:` namespace that is not a setting. Not an error: another package may have its settings there.
 *
 * @param keys all keys of a configuration, such as `salesforce:orgs`
 * @param known the names of the settings
 */
export function unknownSettings(keys: readonly string[], known: readonly string[]): MessageParts[] {
  return keys.flatMap((key) => {
    const [namespace, name = ''] = key.split(':', 2);
    return namespace !== 'salesforce' || known.includes(name)
      ? []
      : [
          {
            code: 'ECA1020',
            cause: `${key} is not a setting of pulumi-salesforce-eca, so it has no effect`,
            advice: adviceOnKey(name, known, 'salesforce:'),
          },
        ];
  });
}
