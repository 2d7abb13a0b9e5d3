import type { ChangeStamp, StoredComponent } from '../components/storedComponent.js';
import { componentTypes } from '../components/types.js';
import { orUndefined, readFields, readOneOf, readText, readTime } from '../readInput.js';
import type { KeptState } from '../state/keptState.js';

const readChange: (stored: unknown) => ChangeStamp = readFields('A change', {
  userId: readText,
  userName: readText,
  at: readTime,
});

const readComponent: (stored: unknown) => StoredComponent = readFields('A component', {
  type: readOneOf(componentTypes.map(({ name }) => name)),
  fullName: readText,
  id: readText,
  xml: readText,
  consumerSecret: orUndefined(readText),
  created: readChange,
  modified: readChange,
});

/**
 * The components that an earlier process recorded.
 * @throws InputError
 */
export function keptComponents(kept: KeptState): StoredComponent[] {
  return [...kept.entries('components').values()].map(readComponent);
}
