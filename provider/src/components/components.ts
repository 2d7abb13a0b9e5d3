import { namespaceOf, qualifiedName, withoutNamespace } from './componentName.js';
import { ComponentXmlError, decodeComponent, elementText, parseComponent } from './componentXml.js';
import type { ComponentElements } from './componentXml.js';
import { componentTypeNames, componentTypes } from './componentTypes.js';
import type { ComponentNames, ComponentType } from './componentTypes.js';
import type { FileProperties } from '../org/metadataApi.js';

/** A component as the org returned it. */
export interface Component {
  type: ComponentType;
  /** With its namespace. */
  fullName: string;
  /** Its path in a package, without the root folder. */
  path: string;
  /** Its name in a package, as in its path. */
  member: string;
  /** The file's whole text; `undefined` for a component that readMetadata returned, which is never deployed. */
  xml: string | undefined;
  elements: ComponentElements;
  /** The app that it names as its own. */
  app: string;
  namespacePrefix: string | undefined;
  lastModifiedByName: string | undefined;
  lastModifiedDate: string | undefined;
  /** As this run wrote it; the org's dates of it are not known. */
  isAsWritten?: boolean;
}

/** The components of one app. */
export type AppComponents = Partial<Record<ComponentType, Component>>;

/** The most elements that the components of one retrieve may have. A component usually has a few dozen. */
const maximumElements = 500_000;

const pathPattern = /(?:^|\/)([^/]+)\/([^/]+)\.([^./]+)$/;

/**
 * The components of a retrieved zip; files of other types are ignored.
 *
 * @throws ComponentXmlError, with the path, for a file that is not a well-formed component, or when there are too many elements in total
 */
export function readComponents(
  files: ReadonlyMap<string, Uint8Array>,
  properties: readonly FileProperties[],
): Component[] {
  const propertiesByPath = new Map(properties.map((file) => [withoutRoot(file.fileName), file]));
  let elementCount = 0;
  return [...files].flatMap(([name, bytes]) => {
    const path = withoutRoot(name);
    const match = pathPattern.exec(path);
    const type = componentTypeNames.find(
      (candidate) =>
        componentTypes[candidate].folder === match?.[1] && componentTypes[candidate].suffix === match[3],
    );
    if (type === undefined || match?.[2] === undefined) {
      return [];
    }
    const member = match[2];
    const file = propertiesByPath.get(path);
    const fullName = qualifiedName({ fullName: member, namespacePrefix: file?.namespacePrefix });
    const content = readFile(path, type, fullName, bytes);
    elementCount += content.elements.elements.length;
    if (elementCount > maximumElements) {
      throw new ComponentXmlError(`The components have more than ${maximumElements} elements.`);
    }
    return [
      {
        type,
        fullName,
        path,
        member,
        ...content,
        namespacePrefix: file?.namespacePrefix ?? namespaceOf(fullName),
        lastModifiedByName: file?.lastModifiedByName,
        lastModifiedDate: file?.lastModifiedDate,
      },
    ];
  });
}

/** The content of a component's file. */
function readFile(
  path: string,
  type: ComponentType,
  fullName: string,
  bytes: Uint8Array,
): Pick<Component, 'xml' | 'elements' | 'app'> {
  try {
    const xml = decodeComponent(bytes);
    const elements = parseComponent(xml);
    return { xml, elements, app: appOf(type, fullName, elements) };
  } catch (error) {
    throw error instanceof ComponentXmlError
      ? new ComponentXmlError(`${path}: ${error.message}`, error.eca)
      : error;
  }
}

/** The app that a component names as its own. */
function appOf(type: ComponentType, fullName: string, elements: ComponentElements): string {
  return type === 'ExternalClientApplication'
    ? fullName
    : (elementText(elements, 'externalClientApplication')?.trim() ?? '');
}

/**
 * A component as readMetadata returned it. Elements that it does not show may still be in the component's file.
 *
 * @throws ElementNotShownError when the app that it belongs to is not shown
 */
export function shownComponent(
  type: ComponentType,
  fullName: string,
  texts: ReadonlyMap<string, string>,
): Component {
  const elements = {
    root: type,
    elements: [...texts].map(([name, text]) => ({ name, text })),
    isPartial: true,
  };
  const { folder, suffix } = componentTypes[type];
  return {
    type,
    fullName,
    path: `${folder}/${fullName}.${suffix}`,
    member: fullName,
    xml: undefined,
    elements,
    app: appOf(type, fullName, elements),
    namespacePrefix: namespaceOf(fullName),
    lastModifiedByName: undefined,
    lastModifiedDate: undefined,
  };
}

function withoutRoot(name: string): string {
  return name.replace(/^unpackaged\//, '');
}

/**
 * Whether a component belongs to an app. Inside an installed app's components its name is written with or without the
 * namespace (not documented): without it, the component itself must be in that namespace, or in none while no other app,
 * local or installed, has the same bare name.
 */
function belongsTo(component: Component, app: string, apps: ReadonlySet<string>): boolean {
  const namespace = namespaceOf(app);
  if (component.app === app) {
    return namespace !== undefined || component.namespacePrefix === undefined;
  }
  return (
    namespace !== undefined &&
    component.app === withoutNamespace(app) &&
    (component.namespacePrefix === namespace ||
      (component.namespacePrefix === undefined &&
        [...apps].every((other) => other === app || withoutNamespace(other) !== component.app)))
  );
}

/** More than one component of a type names the app as its own. */
export interface Ambiguity {
  type: ComponentType;
  fullNames: string[];
}

/** Finds the components of apps by their content, not by their names: naming patterns differ from org to org. */
export class AppIndex {
  readonly #byApp: ReadonlyMap<string, readonly Component[]>;
  readonly #apps: ReadonlySet<string>;

  constructor(components: readonly Component[]) {
    this.#byApp = Map.groupBy(components, ({ app }) => app);
    this.#apps = new Set(
      components.filter(({ type }) => type === 'ExternalClientApplication').map(({ fullName }) => fullName),
    );
  }

  /** The components of an app. */
  find(app: string): { components: AppComponents; ambiguities: Ambiguity[] } {
    const candidates = [...new Set([app, withoutNamespace(app)])].flatMap(
      (name) => this.#byApp.get(name) ?? [],
    );
    const found: AppComponents = {};
    const ambiguities: Ambiguity[] = [];
    for (const type of componentTypeNames) {
      const own = candidates.filter(
        (component) => component.type === type && belongsTo(component, app, this.#apps),
      );
      if (own.length > 1) {
        ambiguities.push({ type, fullNames: own.map(({ fullName }) => fullName) });
      } else if (own[0] !== undefined) {
        found[type] = own[0];
      }
    }
    return { components: found, ambiguities };
  }
}

/**
 * The trimmed text of a single-valued element, `undefined` if the component does not have it, or the app does not have the component.
 *
 * @throws ComponentXmlError when it occurs more than once or contains other elements
 */
export function componentText(component: Component | undefined, element: string): string | undefined {
  return component === undefined ? undefined : elementText(component.elements, element)?.trim();
}

/** Whether a deploy's message is about a component: the org uses the name from the package, or the name with its namespace. */
export function isAbout(
  message: { componentType: string; fullName: string },
  { type, fullName, member }: Component,
): boolean {
  return message.componentType === type && [fullName, member].includes(message.fullName);
}

/** The full names of an app's components. */
export function namesOf(components: AppComponents): ComponentNames {
  return Object.fromEntries(
    componentTypeNames.flatMap((type) => {
      const name = components[type]?.fullName;
      return name === undefined ? [] : [[type, name]];
    }),
  );
}
