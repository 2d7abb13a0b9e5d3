import type { FieldValues, JwtField } from '../../policy/fields.js';
import { absent, fieldDefinitions } from '../../policy/fields.js';
import { fieldsOf } from '../../policy/difference.js';
import { patchComponent } from '../../components/componentXml.js';
import type { AppComponents, Component } from '../../components/components.js';
import type { ComponentType } from '../../components/componentTypes.js';
import type { ReconcileRequest } from '../request.js';

/** A component's file in the form that is deployed. */
export interface ChangedComponent {
  request: ReconcileRequest;
  component: Component;
  /** The patched text. */
  xml: string;
}

/** Elements that rotate the app's credentials if they are deployed as true; they are always sent as false. */
const rotations = ['shouldRotateConsumerKey', 'shouldRotateConsumerSecret'] as const;

/**
 * Patches the components that contain a request's changes; all other elements keep their bytes.
 *
 * @param earlier what other requests change in the same deploy: two resources may share an app's policies, and the last change of a
 *   component includes the earlier ones
 * @throws ComponentXmlError when anything but the changed elements would differ
 */
export function patchComponents(
  request: ReconcileRequest,
  components: AppComponents,
  changes: FieldValues,
  earlier: readonly ChangedComponent[] = [],
): ChangedComponent[] {
  const fieldsByType = Map.groupBy(fieldsOf(changes), (field) => fieldDefinitions[field].componentType);
  return [...fieldsByType].flatMap(([type, fields]) => {
    const component = components[type];
    if (component === undefined) {
      return [];
    }
    const before =
      earlier.findLast((change) => change.component.path === component.path)?.xml ?? component.xml;
    if (before === undefined) {
      throw new TypeError(`${component.path} was not retrieved.`);
    }
    return [{ request, component, xml: patch(component, before, fields, changes) }];
  });
}

function patch(
  component: Component,
  before: string,
  fields: readonly JwtField[],
  changes: FieldValues,
): string {
  const edits = new Map<string, string | undefined>();
  for (const field of fields) {
    const value = changes[field];
    edits.set(field, value === undefined || value === absent ? undefined : String(value));
  }
  if (component.type === 'ExtlClntAppGlobalOauthSettings') {
    for (const rotation of rotations) {
      edits.set(rotation, 'false');
    }
  }
  return patchComponent(before, edits);
}

/** The components by type, as a package manifest lists them. */
export function membersOf(changed: readonly ChangedComponent[]): Map<ComponentType, string[]> {
  const byType = Map.groupBy(changed, ({ component }) => component.type);
  return new Map(
    [...byType].map(([type, changes]) => [
      type,
      [...new Set(changes.map(({ component }) => component.member))],
    ]),
  );
}
