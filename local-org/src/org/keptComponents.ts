import type { ChangeStamp, StoredComponent } from '../components/storedComponent.js';
import { componentTypes } from '../components/types.js';
import { optionalField, readFields, readOneOf, readText, readWholeNumber } from '../control/readInput.js';
import type { KeptState } from '../state/keptState.js';

const typeNames = componentTypes.map(({ name }) => name);

/**
 * The components that an earlier process recorded.
 * @throws InputError
 */
export function keptComponents(kept: KeptState): StoredComponent[] {
  return [...kept.entries('components').values()].map(readComponent);
}

function readComponent(stored: unknown): StoredComponent {
  const fields = readFields('A component', stored, [
    'type',
    'fullName',
    'id',
    'xml',
    'consumerSecret',
    'created',
    'modified',
  ]);
  return {
    type: readOneOf('type', fields.get('type'), typeNames),
    fullName: readText('fullName', fields.get('fullName')),
    id: readText('id', fields.get('id')),
    xml: readText('xml', fields.get('xml')),
    consumerSecret: optionalField(fields, 'consumerSecret', readText).consumerSecret,
    created: readChange(fields.get('created')),
    modified: readChange(fields.get('modified')),
  };
}

function readChange(stored: unknown): ChangeStamp {
  const fields = readFields('A change', stored, ['userId', 'userName', 'at']);
  return {
    userId: readText('userId', fields.get('userId')),
    userName: readText('userName', fields.get('userName')),
    at: readWholeNumber('at', fields.get('at'), 0),
  };
}
