import type { ComponentStore } from '../components/componentStore.js';
import { namesAnApp, type ComponentTypeName } from '../components/types.js';
import type { LocalOrgRole } from '../localOrg.js';
import { child, childText, isTrue, parseXml } from '../xml.js';
import { appWrittenIn, type DeployedComponent, type DeployRule } from './deployedComponent.js';

const policyTypes: readonly ComponentTypeName[] = [
  'ExtlClntAppOauthConfigurablePolicies',
  'ExtlClntAppConfigurablePolicies',
];

const noAccess = { problem: 'INSUFFICIENT_ACCESS_OR_READONLY: insufficient access rights on object id' };

/**
 * The permissions of the roles: developers deploy settings and policies, subscriber admins policies. The developer is also an
 * administrator, who may change session settings.
 */
function mayDeploy(role: LocalOrgRole, type: ComponentTypeName): boolean {
  return role === 'developer' || (role === 'subscriberAdmin' && policyTypes.includes(type));
}

/** Connected apps can no longer be created (documented); here they are read-only. */
const deployPermission: DeployRule = {
  name: 'deployPermission',
  problem: ({ type }, { role }) =>
    type.name !== 'ConnectedApp' && mayDeploy(role, type.name) ? undefined : noAccess,
};

const installedApps: DeployRule = {
  name: 'installedApps',
  problem: (component, { store }) =>
    !store.isInstalled(appFullName(component, store) ?? component.fullName) ||
    policyTypes.includes(component.type.name)
      ? undefined
      : noAccess,
};

const missingApp: DeployRule = {
  name: 'missingApp',
  problem: (component, { store }) => {
    if (!namesAnApp(component.type.name) || appFullName(component, store) !== undefined) return undefined;
    const element = child(component.root, 'externalClientApplication');
    return {
      problem: `INVALID_CROSS_REFERENCE_KEY: no external client app named ${appWrittenIn(component)} found`,
      ...(element && { element }),
    };
  },
};

const oneComponentAnApp: DeployRule = {
  name: 'oneComponentAnApp',
  problem: (component, { store }) => {
    const { type } = component;
    const app = appFullName(component, store);
    if (type.name === 'ExternalClientApplication' || app === undefined) return undefined;
    const other = store
      .componentsOfApp(type.name, app)
      .find(({ fullName }) => fullName !== store.nameOf(type.name, component.fullName));
    if (!other) return undefined;
    return {
      problem: policyTypes.includes(type.name)
        ? 'DUPLICATE_VALUE: duplicate key value violates unique constraint "ak3tl_setup_entity_data"'
        : `DUPLICATE_VALUE: ExtlClntAppOauthSettingsId duplicates value on ${other.fullName}`,
    };
  },
};

const oauthSettingsBesideGlobal: DeployRule = {
  name: 'oauthSettingsBesideGlobal',
  problem: (component, { store }) => {
    const app = appFullName(component, store);
    const isNewGlobal = component.type.name === 'ExtlClntAppGlobalOauthSettings' && !component.existing;
    if (!isNewGlobal || app === undefined) return undefined;
    if (store.componentsOfApp('ExtlClntAppOauthSettings', app).length > 0) return undefined;
    return {
      problem:
        "The external client app configured in your global OAuth Settings doesn't have a valid OAuth settings configuration.",
    };
  },
};

const foreignOauthLink: DeployRule = {
  name: 'foreignOauthLink',
  problem: (component, { store }) => {
    if (component.type.name !== 'ExtlClntAppOauthSettings') return undefined;
    const element = child(component.root, 'oauthLink');
    const organizationId = /^\s*(00D\w{12})/.exec(element?.text ?? '')?.[1];
    const app = appFullName(component, store);
    if (!element || organizationId === undefined || app === undefined) return undefined;
    if (organizationId === store.organizationId.slice(0, 15) || isPackaged(store, app)) return undefined;
    return {
      problem: `We couldn't update your OAuth link because ${app} doesn't have distribution state PACKAGED.`,
      element,
    };
  },
};

const pluginSettings: DeployRule = {
  name: 'pluginSettings',
  problem: (component, { store, before, faults }) => {
    const mode = faults.refusePluginSettings;
    if (mode === false || component.type.name !== 'ExtlClntAppOauthConfigurablePolicies') return undefined;
    const element = component.root.children.find(({ name }) =>
      ['namedUserJwtSessionTimeoutType', 'sessionTimeoutInMinutes'].includes(name),
    );
    const app = appFullName(component, store);
    if (!element || app === undefined) return undefined;
    const isOnNow = isJwtOn(store, app);
    const isOn = mode === 'strict' ? isOnNow && isJwtOn(before, app) : isOnNow;
    return isOn ? undefined : { problem: 'Invalid plugin settings', element };
  },
};

const guestFlowNeedsJwt: DeployRule = {
  name: 'guestFlowNeedsJwt',
  problem: (component, { store }) => {
    if (component.type.name !== 'ExtlClntAppOauthConfigurablePolicies') return undefined;
    const element = child(component.root, 'isGuestCodeCredFlowEnabled');
    const app = appFullName(component, store);
    if (!element || !isTrue(element.text) || app === undefined || isJwtOn(store, app)) return undefined;
    return { problem: 'isGuestCodeCredFlowEnabled needs isNamedUserJwtEnabled', element };
  },
};

/** Requirements of the org and the user, checked before the content. */
export const accessRules: readonly DeployRule[] = [deployPermission, installedApps];

/** Requirements in relation to other components of the org, checked after the content. */
export const referenceRules: readonly DeployRule[] = [
  missingApp,
  oneComponentAnApp,
  oauthSettingsBesideGlobal,
  foreignOauthLink,
  pluginSettings,
  guestFlowNeedsJwt,
];

function appFullName(component: DeployedComponent, store: ComponentStore): string | undefined {
  return store.appNamed(appWrittenIn(component));
}

function isPackaged(store: ComponentStore, app: string): boolean {
  const header = store.get('ExternalClientApplication', app);
  return header !== undefined && childText(parseXml(header.xml), 'distributionState') === 'Packaged';
}

function isJwtOn(store: ComponentStore, app: string): boolean {
  return store
    .componentsOfApp('ExtlClntAppGlobalOauthSettings', app)
    .some(({ xml }) => isTrue(childText(parseXml(xml), 'isNamedUserJwtEnabled')));
}
