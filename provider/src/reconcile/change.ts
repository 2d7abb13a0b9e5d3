import type { FieldValues, JwtField } from '../jwtPolicy/fields.js';
import { absent, fieldDefinitions } from '../jwtPolicy/fields.js';
import { fieldsOf } from '../jwtPolicy/difference.js';
import { assertNothingElseChanged, patchComponent } from '../salesforce/componentXml.js';
import type { AppComponents, Component } from '../salesforce/components.js';
import type { ReconcileJob } from './job.js';

/** A component's file as it is to be deployed. */
export interface ChangedComponent {
  job: ReconcileJob;
  component: Component;
  /** The patched text. */
  xml: string;
}

/** Elements that rotate the app's credentials when a deploy says true: they always go out as false. */
const rotations = ['shouldRotateConsumerKey', 'shouldRotateConsumerSecret'] as const;

/**
 * Patches the components that a job's changes live in; every other element keeps its bytes.
 *
 * @throws ComponentXmlError when anything but the changed elements would differ
 */
export function patchComponents(
  job: ReconcileJob,
  components: AppComponents,
  changes: FieldValues,
): ChangedComponent[] {
  const fieldsByType = Map.groupBy(fieldsOf(changes), (field) => fieldDefinitions[field].componentType);
  return [...fieldsByType].flatMap(([type, fields]) => {
    const component = components[type];
    return component === undefined ? [] : [{ job, component, xml: patch(component, fields, changes) }];
  });
}

function patch(component: Component, fields: readonly JwtField[], changes: FieldValues): string {
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
  const xml = patchComponent(component.xml, edits);
  assertNothingElseChanged(component.xml, xml, edits.keys());
  return xml;
}
