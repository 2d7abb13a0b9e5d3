import { isSatisfied, wantedValues, fieldValuesIn } from '../policy/difference.js';
import { absent, jwtFields, unknownValue } from '../policy/fields.js';
import type { JwtField } from '../policy/fields.js';
import type { Properties, ResourceState } from '../resourceState.js';

/** How a property changes. */
export type PropertyChange = 'add' | 'delete' | 'update';

/**
 * What changes, property by property, as the engine shows it: the values that the org held against those that the program wants.
 *
 * @param olds the outputs of the last read, create or update
 * @param news the checked inputs
 */
export function detailedDiff(
  state: ResourceState,
  olds: Properties,
  news: Properties,
): Map<string, PropertyChange> {
  const changes = new Map<string, PropertyChange>();
  const note = (property: string, change: PropertyChange | undefined): void => {
    if (change !== undefined) {
      changes.set(property, change);
    }
  };
  for (const field of jwtFields) {
    note(field, fieldChange(field, state, news));
  }
  for (const property of ['externalClientApplication', 'org', 'allow']) {
    if (JSON.stringify(olds[property]) !== JSON.stringify(news[property])) {
      note(property, changeBetween(olds[property], news[property]));
    }
  }
  return changes;
}

function fieldChange(field: JwtField, state: ResourceState, news: Properties): PropertyChange | undefined {
  const wanted = news[field] === unknownValue ? unknownValue : wantedValues(fieldValuesIn(news))[field];
  const isManaged = state.managedFields.includes(field);
  if (wanted === undefined) {
    return isManaged ? 'delete' : undefined;
  }
  const live = state.live[field] ?? absent;
  if (wanted !== unknownValue && isManaged && isSatisfied(field, wanted, live)) {
    return undefined;
  }
  return wanted === absent ? 'delete' : changeBetween(live === absent ? undefined : live, wanted);
}

const changeBetween = (from: unknown, to: unknown): PropertyChange =>
  from === undefined ? 'add' : to === undefined ? 'delete' : 'update';
