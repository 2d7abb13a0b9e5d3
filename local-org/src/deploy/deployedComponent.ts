import type { ComponentStore } from '../components/componentStore.js';
import type { StoredComponent } from '../components/storedComponent.js';
import type { ComponentType } from '../components/types.js';
import type { LocalOrgRole } from '../localOrg.js';
import type { OrgRuleName } from '../rules/allRules.js';
import type { Faults } from '../org/faults.js';
import { childText, parseXml, type XmlElement } from '../xml.js';

/** A component of a deploy, with the stored one of the same name. */
export interface DeployedComponent {
  type: ComponentType;
  fullName: string;
  xml: string;
  root: XmlElement;
  existing: StoredComponent | undefined;
  /** Root of the stored text; undefined for a new component. */
  existingRoot: XmlElement | undefined;
}

/** What a rule can use in addition to the component. */
export interface DeployContext {
  /** The org after the components of this deploy so far. */
  store: ComponentStore;
  /** The org as it was before the deploy. */
  before: ComponentStore;
  /** API version of the package, for example 66. */
  version: number;
  role: LocalOrgRole;
  faults: Faults;
}

/** Why a component is refused. */
export interface Problem {
  problem: string;
  /** Where in the file; default: no particular place. */
  element?: XmlElement;
}

/** A rule that an org applies to a component. */
export interface DeployRule {
  name: OrgRuleName;
  /** What is wrong; undefined if the component follows the rule. */
  problem: (component: DeployedComponent, context: DeployContext) => Problem | undefined;
}

/** @throws XmlError */
export function deployedComponent(
  type: ComponentType,
  fullName: string,
  xml: string,
  store: ComponentStore,
): DeployedComponent {
  const existing = store.get(type.name, fullName);
  return {
    type,
    fullName,
    xml,
    root: parseXml(xml),
    existing,
    existingRoot: existing && parseXml(existing.xml),
  };
}

/** The app that a component belongs to, as written in its file; for the app's header its own name. */
export function appWrittenIn(component: DeployedComponent): string {
  return component.type.name === 'ExternalClientApplication'
    ? component.fullName
    : (childText(component.root, 'externalClientApplication') ?? '');
}
