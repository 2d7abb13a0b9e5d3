import { jwtFields, fieldDefinitions } from '../policy/fields.js';
import type { Component } from '../components/components.js';
import { elementText, parseComponent } from '../components/componentXml.js';
import { componentKey } from '../components/componentName.js';
import type { OrgConnection } from '../org/orgConnection.js';
import type { ChangedComponent } from './changedComponents.js';
import { readByName, readsByName } from './readByName.js';
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
  const components = written.map(({ component }) => component);
  const reads = readsByName(components);
  if (reads.length > mostCalls) {
    return 'notAsked';
  }
  const shown = await readByName(connection, reads);
  const isConfirmed = written.every(({ component, values }) => {
    const texts = shown?.get(componentKey(component));
    return [...values].every(([name, value]) => texts?.get(name) === value);
  });
  return isConfirmed ? before.withComponents(components) : 'notConfirmed';
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
