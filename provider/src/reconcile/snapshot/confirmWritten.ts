import { jwtFields, fieldDefinitions } from '../../policy/fields.js';
import type { Component } from '../../components/components.js';
import { elementText, parseComponent } from '../../components/componentXml.js';
import { componentKey } from '../../components/componentName.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import type { ChangedComponent } from '../deploy/changedComponents.js';
import { readByName, readsByName } from './readByName.js';
import type { Snapshot } from './snapshot.js';

/** The most calls that are sent in parallel; above that a retrieve is cheaper. */
const mostCalls = 10;

/**
 * Reads by readMetadata what a deploy wrote: an org answers that at once, while a retrieve is a job.
 *
 * It is not documented what an org leaves out of such a response, so it can only confirm: every value that was written must be there and
 * equal. A retrieve decides about values that were removed, differ or are missing.
 *
 * @returns the snapshot with the components as they were written, their dates unknown. Otherwise a retrieve has to decide: the org was
 *   not asked if it could not confirm the values, or if a retrieve is cheaper
 */
export async function confirmWritten(
  connection: OrgConnection,
  changed: readonly ChangedComponent[],
  before: Snapshot,
): Promise<Snapshot | 'notAsked' | 'notConfirmed'> {
  // If a component has two changes, the last one includes both.
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
