import { namespacePrefix, type ComponentStore } from '../components/componentStore.js';
import { namesAnApp, type ComponentTypeName } from '../components/types.js';
import type { LocalOrgRole } from '../localOrg.js';
import { childText, parseXml } from '../xml.js';
import {
  appWrittenIn,
  type DeployContext,
  type DeployedComponent,
  type DeployRule,
} from './deployedComponent.js';

const policyTypes: readonly ComponentTypeName[] = [
  'ExtlClntAppOauthConfigurablePolicies',
  'ExtlClntAppConfigurablePolicies',
];

/**
 * The permissions that the roles stand for (documented): developers settings and policies, subscriber admins policies. The developer stands
 * for an administrator too, who may change session settings.
 */
export function mayDeploy(role: LocalOrgRole, type: ComponentTypeName): boolean {
  return role === 'developer' || (role === 'subscriberAdmin' && policyTypes.includes(type));
}

/**
 * Without the permission a component is refused (code: documented). Of an installed app only the policies can be set in the subscriber
 * org, the rest only by its developer (documented). Connected apps cannot be created any more (documented); here they are read only.
 */
const permissionRule: DeployRule = (component, context) => {
  const { type } = component;
  const isInstalled =
    namespacePrefix(appFullName(component, context.store) ?? component.fullName) !== undefined;
  const allowed =
    type.name !== 'ConnectedApp' &&
    mayDeploy(context.role, type.name) &&
    (!isInstalled || policyTypes.includes(type.name));
  return allowed
    ? undefined
    : { problem: 'INSUFFICIENT_ACCESS_OR_READONLY: insufficient access rights on object id' };
};

/** The app that a component names exists (code: documented; the rest of the text: inference). */
const appExistsRule: DeployRule = (component, context) => {
  if (!namesAnApp(component.type.name)) return undefined;
  if (appFullName(component, context.store) !== undefined) return undefined;
  const element = component.root.children.find(({ name }) => name === 'externalClientApplication');
  return {
    problem: `INVALID_CROSS_REFERENCE_KEY: no external client app named ${appWrittenIn(component)} found`,
    ...(element && { element }),
  };
};

/** An app has one component of each other type: a second one fails on the existing one's key (texts: one project each; documented). */
const oneComponentAnAppRule: DeployRule = (component, context) => {
  const { type } = component;
  const app = appFullName(component, context.store);
  if (type.name === 'ExternalClientApplication' || app === undefined) return undefined;
  const other = context.store
    .componentsOfApp(type.name, app)
    .find(({ fullName }) => fullName !== component.fullName);
  if (!other) return undefined;
  return {
    problem: policyTypes.includes(type.name)
      ? 'DUPLICATE_VALUE: duplicate key value violates unique constraint "ak3tl_setup_entity_data"'
      : `DUPLICATE_VALUE: ExtlClntAppOauthSettingsId duplicates value on ${other.fullName}`,
  };
};

/** New global settings need the app's OAuth settings (.ecaOauth) next to them (one project). */
const oauthSettingsRule: DeployRule = (component, context) => {
  const app = appFullName(component, context.store);
  if (component.type.name !== 'ExtlClntAppGlobalOauthSettings' || component.existing || app === undefined) {
    return undefined;
  }
  if (context.store.componentsOfApp('ExtlClntAppOauthSettings', app).length > 0) return undefined;
  return {
    problem:
      "The external client app configured in your global OAuth Settings doesn't have a valid OAuth settings configuration.",
  };
};

/** Off by default, because only one project has seen it, weakly: see {@link Faults.refusePluginSettings}. */
const pluginSettingsRule: DeployRule = (component, context) => {
  const mode = context.faults.refusePluginSettings;
  if (mode === false || component.type.name !== 'ExtlClntAppOauthConfigurablePolicies') return undefined;
  const gated = component.root.children.find(({ name }) =>
    ['namedUserJwtSessionTimeoutType', 'sessionTimeoutInMinutes'].includes(name),
  );
  const app = appFullName(component, context.store);
  if (!gated || app === undefined) return undefined;
  const isOnNow = isJwtOn(context.store, app);
  const isOn = mode === 'strict' ? isOnNow && isJwtOn(context.before, app) : isOnNow;
  return isOn ? undefined : { problem: 'Invalid plugin settings', element: gated };
};

/** Failures that tests asked for: see {@link Faults.failComponent}. */
const requestedFailureRule: DeployRule = (component, context) => {
  const written = appWrittenIn(component);
  const problem = context.faults.problemOf(component.fullName, context.store.appNamed(written) ?? written);
  return problem === undefined ? undefined : { problem };
};

/** What a component must be in this org and for this user, before its content is looked at. */
export const accessRules: readonly DeployRule[] = [permissionRule, requestedFailureRule];

/** What a component must be next to the others of the org; after its content was found good. */
export const referenceRules: readonly DeployRule[] = [
  appExistsRule,
  oneComponentAnAppRule,
  oauthSettingsRule,
  pluginSettingsRule,
];

function appFullName(component: DeployedComponent, store: ComponentStore): string | undefined {
  return store.appNamed(appWrittenIn(component));
}

function isJwtOn(store: DeployContext['store'], app: string): boolean {
  return store
    .componentsOfApp('ExtlClntAppGlobalOauthSettings', app)
    .some(({ xml }) => childText(parseXml(xml), 'isNamedUserJwtEnabled') === 'true');
}
