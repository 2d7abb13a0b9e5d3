import { jwtFields, fieldDefinitions } from '../policy/fields.js';
import type { Component } from '../components/components.js';
import { elementText, parseComponent } from '../components/componentXml.js';
import { mostComponentsPerRead } from '../org/metadataApi.js';
import type { OrgConnection } from '../org/orgConnection.js';
import type { ChangedComponent } from './changedComponents.js';
import { inChunks } from './inChunks.js';
import type { Snapshot } from './snapshot.js';

/** The most calls that go side by side; beyond them a retrieve is cheaper. */
const mostCalls = 10;

/**
 * Reads what a deploy wrote by readMetadata, which answers at once, while a retrieve is a job of the org.
 *
 * Nobody has published what an org leaves out of such an answer, so it only confirms: every value that was written has to be there, equal. A
 * value that was removed, one that differs and one that is missing are for a retrieve to decide.
 *
 * @returns the snapshot with the components as they were written, their dates unknown. Else a retrieve has to decide: the org was not
 *   asked where it could not confirm, or a retrieve is cheaper
 */
export async function confirmWritten(
  connection: OrgConnection,
  changed: readonly ChangedComponent[],
  before: Snapshot,
): Promise<Snapshot | 'notAsked' | 'notConfirmed'> {
  // Of two changes of one component the last holds both.
  const written = [...new Map(changed.map((change) => [change.component.path, change])).values()].map(
    asWritten,
  );
  if (written.some(({ isSomethingRemoved }) => isSomethingRemoved)) {
    return 'notAsked';
  }
  const calls = [...Map.groupBy(written, ({ component }) => component.type)].flatMap(([type, ofType]) =>
    inChunks(ofType, mostComponentsPerRead).map((chunk) => ({ type, chunk })),
  );
  if (calls.length > mostCalls) {
    return 'notAsked';
  }
  // Not repeated: whatever goes wrong, the retrieve that follows succeeds, or tells it.
  const confirmed = await Promise.allSettled(
    calls.map(async ({ type, chunk }) => {
      const names = chunk.map(({ component }) => component.fullName);
      const read = await connection.send((api) => api.readMetadata(type, names));
      return chunk.every(({ component, values }) => {
        const texts = read.find(({ fullName }) => fullName === component.fullName)?.texts;
        return [...values].every(([name, value]) => texts?.get(name) === value);
      });
    }),
  );
  const isConfirmed = confirmed.every((call) => call.status === 'fulfilled' && call.value);
  return isConfirmed ? before.withComponents(written.map(({ component }) => component)) : 'notConfirmed';
}

interface WrittenComponent {
  component: Component;
  /** The values of its fields, by element. */
  values: ReadonlyMap<string, string>;
  isSomethingRemoved: boolean;
}

function asWritten({ component, xml }: ChangedComponent): WrittenComponent {
  const elements = parseComponent(xml);
  const fields = jwtFields.filter((field) => fieldDefinitions[field].componentType === component.type);
  const values = fields.flatMap((field) => {
    const value = elementText(elements, field);
    return value === undefined ? [] : [[field, value] as const];
  });
  const had = fields.filter((field) => elementText(component.elements, field) !== undefined);
  return {
    component: {
      ...component,
      xml,
      elements,
      lastModifiedByName: undefined,
      lastModifiedDate: undefined,
      isAsWritten: true,
    },
    values: new Map(values),
    isSomethingRemoved: had.some((field) => values.every(([name]) => name !== field)),
  };
}
