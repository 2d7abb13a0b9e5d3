import { parseFieldValue } from '../policy/difference.js';
import { absent, fieldDefinitions } from '../policy/fields.js';
import type { FieldValue, FieldValues, JwtField } from '../policy/fields.js';
import type { AppComponents } from '../components/components.js';
import type { ComponentNames } from '../components/componentTypes.js';
import { elementText } from '../components/componentXml.js';
import type { ObservedApp, ReconcileJob } from './job.js';
import { tokenFormatOf } from './tokenFormat.js';

/** Reads a job's view of an app from its components. */
export function observeApp(
  job: Pick<ReconcileJob, 'fields'>,
  components: AppComponents,
  names: ComponentNames,
): ObservedApp {
  const live: FieldValues = {};
  for (const field of job.fields) {
    live[field] = readField(field, components);
  }
  return job.fields.includes('isNamedUserJwtEnabled')
    ? { live, names, ...tokenFormatOf(components, false) }
    : { live, names, tokenFormat: 'unknown' };
}

/** The live value of one field. */
export function readField(field: JwtField, components: AppComponents): FieldValue {
  const component = components[fieldDefinitions[field].componentType];
  return component === undefined ? absent : parseFieldValue(field, elementText(component.elements, field));
}
