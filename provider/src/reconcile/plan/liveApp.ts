import { parseFieldValue } from '../../policy/difference.js';
import { absent, fieldDefinitions } from '../../policy/fields.js';
import type { FieldValue, FieldValues, JwtField } from '../../policy/fields.js';
import type { AppComponents } from '../../components/components.js';
import type { ComponentNames } from '../../components/componentTypes.js';
import { elementText } from '../../components/componentXml.js';
import type { LiveApp, ReconcileRequest } from '../request.js';
import { tokenFormatOf } from './tokenFormat.js';

/** An app's live values for the fields that a request reads. */
export function liveAppOf(
  request: Pick<ReconcileRequest, 'fields'>,
  components: AppComponents,
  names: ComponentNames,
): LiveApp {
  const live: FieldValues = {};
  for (const field of request.fields) {
    live[field] = readField(field, components);
  }
  return request.fields.includes('isNamedUserJwtEnabled')
    ? { live, names, ...tokenFormatOf(components, false) }
    : { live, names, tokenFormat: 'unknown' };
}

/** The live value of one field. */
function readField(field: JwtField, components: AppComponents): FieldValue {
  const component = components[fieldDefinitions[field].componentType];
  return component === undefined ? absent : parseFieldValue(field, elementText(component.elements, field));
}
