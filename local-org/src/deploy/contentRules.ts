import { elementSchema, isElementOfVersion, schemas, type ElementSchema } from '../components/schema.js';
import { rootElement } from '../components/types.js';
import { versionText } from '../packageXml.js';
import { child, childText, type XmlElement } from '../xml.js';
import type { DeployedComponent, DeployRule, Problem } from './deployedComponent.js';
import { sessionSettingsRule } from './sessionSettingsRule.js';

const metadataNamespace = 'http://soap.sforce.com/2006/04/metadata';

/** The root is the type's own, in the metadata namespace, and the package's version knows the type (documented). */
const rootRule: DeployRule = ({ type, fullName, root }, { version }) => {
  if (version < type.since)
    return { problem: `Entity type: '${type.name}' is not available in this api version` };
  const expected = rootElement(type.name, fullName);
  if (root.name === expected && root.namespace === metadataNamespace) return undefined;
  return {
    problem: `Error parsing file: Element {${root.namespace}}${root.name} invalid at this location; expected {${metadataNamespace}}${expected}`,
    element: root,
  };
};

/**
 * Unknown elements are refused (the XSD is closed; documented). One that the stored component already has is taken: it came from the
 * org itself. The wording is the one orgs use for any type (seen in public issue threads).
 */
const unknownElementRule: DeployRule = ({ type, root, existingRoot }) => {
  const element = root.children.find(
    ({ name }) => !elementSchema(type.name, name) && !(existingRoot && child(existingRoot, name)),
  );
  return element && misplaced(element, 'invalid', type.name);
};

/** An element newer than the package's version, or gone from it, is refused (text: several projects). */
const elementVersionRule: DeployRule = ({ type, root }, { version }) => {
  const element = root.children.find(({ name }) => !isElementOfVersion(type.name, name, version));
  return (
    element && { problem: `Property '${element.name}' not valid in version ${versionText(version)}`, element }
  );
};

/** An element that the XSD allows once may stand once. */
const repeatedElementRule: DeployRule = ({ type, root }) => {
  const element = root.children.find(
    ({ name }, index) =>
      elementSchema(type.name, name)?.repeatable !== true &&
      elementSchema(type.name, name) !== undefined &&
      root.children.findIndex((other) => other.name === name) < index,
  );
  return element && misplaced(element, 'duplicated', type.name);
};

/**
 * Elements stand in alphabetical (ASCII) order: the XSD's sequences (documented) and one project's "rejected outright", against one
 * that saw them dropped. A component that is stored out of order may come back that way.
 */
const orderRule: DeployRule = ({ type, root, existingRoot }) => {
  if (existingRoot && outOfOrder(existingRoot)) return undefined;
  const element = outOfOrder(root);
  return element && misplaced(element, 'invalid', type.name);
};

/** Every value is one that its element takes at the package's version. */
const valueRule: DeployRule = ({ type, root }, { version }) => {
  for (const element of root.children) {
    const schema = elementSchema(type.name, element.name);
    const problem = schema && valueProblem(schema, element.text.trim(), version);
    if (problem !== undefined) return { problem, element };
  }
  return undefined;
};

/** Elements that the XSD requires are there and not empty (documented; the text for the app's name: one project). */
const requiredElementRule: DeployRule = ({ type, root }) => {
  const missing = Object.entries(schemas[type.name]).find(
    ([name, schema]) => schema.required === true && (childText(root, name) ?? '') === '',
  )?.[0];
  if (missing === undefined) return undefined;
  return {
    problem:
      missing === 'externalClientApplication'
        ? 'Enter the name of the parent external client app'
        : `Required fields are missing: [${missing}]`,
    element: root,
  };
};

/**
 * From 65.0 on a timeout counts only with `Custom`, which needs one, and has to be left out with `UserSession` (documented). That an org
 * refuses what breaks this, and the texts, are inference.
 */
const timeoutTypeRule: DeployRule = ({ type, root }, { version }) => {
  if (type.name !== 'ExtlClntAppOauthConfigurablePolicies' || version < 65) return undefined;
  return timeoutProblem(root, 'namedUserJwt') ?? timeoutProblem(root, 'guestJwt');
};

/** What a file must be by itself, whatever else the org holds; the first that fails speaks. */
export const contentRules: readonly DeployRule[] = [
  rootRule,
  unknownElementRule,
  elementVersionRule,
  repeatedElementRule,
  orderRule,
  valueRule,
  requiredElementRule,
  timeoutTypeRule,
  sessionSettingsRule,
];

function timeoutProblem(
  root: DeployedComponent['root'],
  subject: 'namedUserJwt' | 'guestJwt',
): Problem | undefined {
  const type = child(root, `${subject}SessionTimeoutType`);
  const timeout = child(root, `${subject}Timeout`);
  if (type?.text.trim() === 'Custom' && !timeout) {
    return { problem: `${subject}Timeout is required when ${type.name} is Custom`, element: type };
  }
  if (type?.text.trim() === 'UserSession' && timeout) {
    return { problem: `${timeout.name} can't be set when ${type.name} is UserSession`, element: timeout };
  }
  return undefined;
}

function outOfOrder(root: XmlElement): XmlElement | undefined {
  return root.children.find(({ name }, index) => {
    const previous = root.children[index - 1];
    return previous !== undefined && name < previous.name;
  });
}

function misplaced(element: XmlElement, how: 'invalid' | 'duplicated', type: string): Problem {
  const name = `{${element.namespace}}${element.name}`;
  return { problem: `Error parsing file: Element ${name} ${how} at this location in type ${type}`, element };
}

/** Wording: enums one project; booleans and integers as SOAP servers of Salesforce word them; picklists inference. */
function valueProblem(schema: ElementSchema, value: string, version: number): string | undefined {
  switch (schema.kind) {
    case 'boolean':
      return ['true', 'false', '1', '0'].includes(value)
        ? undefined
        : `'${value}' is not a valid value for the type xsd:boolean`;
    case 'integer':
      return /^-?\d{1,10}$/.test(value) ? undefined : `'${value}' is not a valid value for the type xsd:int`;
    case 'enum':
      return schema.values.includes(value)
        ? undefined
        : `'${value}' is not a valid value for the enum '${schema.enumName}'`;
    case 'picklistNumber':
      return version >= (schema.values.get(value) ?? Infinity)
        ? undefined
        : `bad value for restricted picklist field: ${value}`;
    case 'string':
    case 'structure':
      return undefined;
  }
}
