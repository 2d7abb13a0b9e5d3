import {
  elementSchema,
  isElementOfVersion,
  jwtLifetimes,
  schemas,
  type Elements,
  type ElementSchema,
} from '../components/schema.js';
import { rootElement as rootElementOf } from '../components/types.js';
import { versionText } from '../packageXml.js';
import { child, childText, type XmlElement } from '../xml.js';
import type { DeployedComponent, DeployRule, Problem } from './deployedComponent.js';
import { outOfOrder } from './elementOrder.js';
import { sessionSettings } from './sessionSettingsRule.js';

const metadataNamespace = 'http://soap.sforce.com/2006/04/metadata';

/** A component's root, or a structure in it, with its schema. */
interface Level {
  parent: XmlElement;
  typeName: string;
  elements: Elements;
  /** The same element of the stored component. */
  stored: XmlElement | undefined;
}

const typeVersions: DeployRule = {
  name: 'typeVersions',
  problem: ({ type }, { version }) =>
    version < type.since
      ? { problem: `Entity type: '${type.name}' is not available in this api version` }
      : undefined,
};

const fullNames: DeployRule = {
  name: 'fullNames',
  problem: ({ fullName }) =>
    /^[A-Za-z]\w*$/.test(fullName)
      ? undefined
      : {
          problem: `The name '${fullName}' can only contain underscores and alphanumeric characters, and must begin with a letter`,
        },
};

const rootElement: DeployRule = {
  name: 'rootElement',
  problem: ({ type, fullName, root }) => {
    const expected = rootElementOf(type.name, fullName);
    if (root.name === expected && root.namespace === metadataNamespace) return undefined;
    return {
      problem: `Error parsing file: Element {${root.namespace}}${root.name} invalid at this location; expected {${metadataNamespace}}${expected}`,
      element: root,
    };
  },
};

const unknownElements: DeployRule = {
  name: 'unknownElements',
  problem: (component, { faults }) =>
    firstOf(component, ({ parent, typeName, elements, stored }) => {
      const cameFromTheOrg = (name: string): boolean =>
        faults.holds('storedUnknownElements') && stored !== undefined && child(stored, name) !== undefined;
      const element = parent.children.find(
        ({ name, namespace }) =>
          namespace !== metadataNamespace || (!Object.hasOwn(elements, name) && !cameFromTheOrg(name)),
      );
      return element && misplaced(element, typeName);
    }),
};

const elementVersions: DeployRule = {
  name: 'elementVersions',
  problem: ({ type, root }, { version }) => {
    const element = root.children.find(({ name }) => !isElementOfVersion(type.name, name, version));
    return (
      element && {
        problem: `Property '${element.name}' not valid in version ${versionText(version)}`,
        element,
      }
    );
  },
};

const repeatedElements: DeployRule = {
  name: 'repeatedElements',
  problem: (component) =>
    firstOf(component, ({ parent, typeName, elements }) => {
      const seen = new Set<string>();
      const element = parent.children.find(({ name }) => {
        const isRepeated = seen.has(name);
        seen.add(name);
        return isRepeated && Object.hasOwn(elements, name) && elements[name]?.repeatable !== true;
      });
      return (
        element && {
          problem: `Error parsing file: Element ${element.name} is duplicated at this location in type ${typeName}`,
          element,
        }
      );
    }),
};

const elementOrder: DeployRule = {
  name: 'elementOrder',
  problem: (component, { faults }) =>
    firstOf(component, ({ parent, typeName, stored }) => {
      if (faults.holds('storedOrder') && stored && outOfOrder(stored).length > 0) return undefined;
      const [element] = outOfOrder(parent);
      return element && misplaced(element, typeName);
    }),
};

/** Values that are invalid for their simple type; enums and timeouts have separate rules. */
const valueTypes: DeployRule = {
  name: 'valueTypes',
  problem: (component) =>
    firstValueProblem(component, (schema, { text, children }) => {
      const [nested] = children;
      if (nested) {
        const name = `{${nested.namespace}}${nested.name}`;
        return {
          problem: `Error parsing file: Unexpected element ${name} during simple type deserialization`,
          element: nested,
        };
      }
      const type = simpleTypes[schema.kind];
      return type && !type.pattern.test(text.trim())
        ? { problem: `'${text.trim()}' is not a valid value for the type ${type.name}` }
        : undefined;
    }),
};

const enumValues: DeployRule = {
  name: 'enumValues',
  problem: (component) =>
    firstValueProblem(component, (schema, { text }) =>
      schema.kind === 'enum' && !schema.values.includes(text.trim())
        ? { problem: `'${text.trim()}' is not a valid value for the enum '${schema.enumName}'` }
        : undefined,
    ),
};

const timeoutMinutes: DeployRule = {
  name: 'timeoutMinutes',
  problem: (component, { version }) =>
    firstValueProblem(component, (schema, { text }) =>
      schema.kind === 'picklistNumber' && version < (schema.values.get(text.trim()) ?? Infinity)
        ? { problem: `bad value for restricted picklist field: ${text.trim()}` }
        : undefined,
    ),
};

const requiredElements: DeployRule = {
  name: 'requiredElements',
  problem: (component) =>
    firstOf(component, ({ parent, elements }) => {
      const missing = Object.entries(elements).find(
        ([name, schema]) => schema.required === true && (childText(parent, name) ?? '') === '',
      )?.[0];
      if (missing === undefined) return undefined;
      return {
        problem:
          missing === 'externalClientApplication'
            ? 'Enter the name of the parent external client app'
            : `Required fields are missing: [${missing}]`,
        element: parent,
      };
    }),
};

const customNeedsTimeout: DeployRule = {
  name: 'customNeedsTimeout',
  problem: ({ root }, { version }) => {
    if (version < 65) return undefined;
    for (const names of jwtLifetimes) {
      const type = child(root, names.type);
      if (type?.text.trim() === 'Custom' && !child(root, names.timeout))
        return { problem: `${names.timeout} is required when ${type.name} is Custom`, element: type };
    }
    return undefined;
  },
};

const userSessionWithoutTimeout: DeployRule = {
  name: 'userSessionWithoutTimeout',
  problem: ({ root, existingRoot }, { version, faults }) => {
    if (version < 65) return undefined;
    for (const names of jwtLifetimes) {
      const type = child(root, names.type);
      const timeout = child(root, names.timeout);
      const stored = existingRoot && childText(existingRoot, names.timeout);
      const isTakenBack = faults.holds('timeoutKeptBesideUserSession') && timeout?.text.trim() === stored;
      if (type?.text.trim() === 'UserSession' && timeout && !isTakenBack)
        return { problem: `${timeout.name} can't be set when ${type.name} is UserSession`, element: timeout };
    }
    return undefined;
  },
};

/** Requirements of a file that do not depend on the org; the first that fails is reported. */
export const contentRules: readonly DeployRule[] = [
  typeVersions,
  fullNames,
  rootElement,
  unknownElements,
  elementVersions,
  repeatedElements,
  elementOrder,
  valueTypes,
  enumValues,
  timeoutMinutes,
  requiredElements,
  customNeedsTimeout,
  userSessionWithoutTimeout,
  sessionSettings,
];

/** The types of XML Schema, with their values. */
const simpleTypes: Partial<Record<ElementSchema['kind'], { name: string; pattern: RegExp }>> = {
  boolean: { name: 'xsd:boolean', pattern: /^(?:true|false|1|0)$/ },
  integer: { name: 'xsd:int', pattern: /^-?\d{1,10}$/ },
};

/** The first problem of the root and then of the structures in it. */
function firstOf(
  { type, root, existingRoot }: DeployedComponent,
  problemOf: (level: Level) => Problem | undefined,
): Problem | undefined {
  const ofRoot = problemOf({
    parent: root,
    typeName: type.name,
    elements: schemas[type.name],
    stored: existingRoot,
  });
  if (ofRoot) return ofRoot;
  for (const parent of root.children) {
    const schema = elementSchema(type.name, parent.name);
    if (schema?.kind !== 'structure' || !schema.elements) continue;
    const { typeName, elements } = schema;
    const problem = problemOf({
      parent,
      typeName,
      elements,
      stored: existingRoot && child(existingRoot, parent.name),
    });
    if (problem) return problem;
  }
  return undefined;
}

/** The first problem of a simple value, at the value's element unless the problem has another place. */
function firstValueProblem(
  component: DeployedComponent,
  problemOf: (schema: ElementSchema, value: XmlElement) => Problem | undefined,
): Problem | undefined {
  return firstOf(component, ({ parent, elements }) => {
    for (const element of parent.children) {
      const schema = Object.hasOwn(elements, element.name) ? elements[element.name] : undefined;
      if (!schema || schema.kind === 'structure') continue;
      const problem = problemOf(schema, element);
      if (problem) return { element, ...problem };
    }
    return undefined;
  });
}

function misplaced(element: XmlElement, type: string): Problem {
  const name = `{${element.namespace}}${element.name}`;
  return { problem: `Error parsing file: Element ${name} invalid at this location in type ${type}`, element };
}
