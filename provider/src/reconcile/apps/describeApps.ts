import { reasonOf } from '../../errors.js';
import { fieldDefinitions, jwtFields } from '../../policy/fields.js';
import { guestTokenLifetime, namedUserTokenLifetime } from '../../policy/tokenLifetime.js';
import type { SessionTimeouts } from '../../policy/tokenLifetime.js';
import { AppIndex, componentText, namesOf } from '../../components/components.js';
import type { AppComponents, Component } from '../../components/components.js';
import { namespaceOf } from '../../components/componentName.js';
import { componentTypeNames } from '../../components/componentTypes.js';
import type { ComponentType } from '../../components/componentTypes.js';
import type { FileProperties } from '../../org/metadataApi.js';
import { switchedOffElement, viewComponent, viewUnreturnedApp } from '../plan/componentView.js';
import type { Shown } from '../plan/componentView.js';
import { isInstalledApp } from '../plan/installedApp.js';
import { liveAppOf } from '../plan/liveApp.js';
import { tokenFormatOf } from '../plan/tokenFormat.js';
import type { LastModified, OrgApp } from './orgApp.js';

/** The facts about an org that its apps depend on. */
export interface OrgOfApps {
  /** The Metadata API version that they were retrieved at, for example 66. */
  apiVersion: number;
  /** The org's own; `undefined`: it has none, or no app needs it. */
  ownNamespace: string | undefined;
  sessionTimeouts: SessionTimeouts;
}

/** The apps of an org, sorted by name; apps that it lists but did not return have a `problem`. */
export function describeApps(shown: Shown, org: OrgOfApps): OrgApp[] {
  const index = new AppIndex(shown.components);
  const type = 'ExternalClientApplication';
  const apps = shown.components
    .filter((component) => component.type === type)
    .map((header) => describeApp(header, index, shown, org));
  const returned = new Set(apps.map(({ name }) => name));
  const listed = shown.listed.filter((file) => file.type === type).map(({ fullName }) => fullName);
  const unreturned = [...new Set([...listed, ...shown.messages.notLoaded(type)])]
    .filter((name) => !returned.has(name))
    .map((name) => describeUnreturnedApp(name, shown));
  return [...apps, ...unreturned].sort((left, right) => (left.name < right.name ? -1 : 1));
}

function describeUnreturnedApp(name: string, shown: Shown): OrgApp {
  const view = viewUnreturnedApp(name, shown);
  return {
    ...unknownApp(name),
    problem: view.kind === 'notRead' ? view.reason : 'the org did not return the app',
  };
}

const unknownApp = (name: string): OrgApp => ({
  name,
  label: undefined,
  isInstalled: false,
  namespace: undefined,
  distributionState: undefined,
  isOauthEnabled: false,
  oauthDisabledReason: undefined,
  tokenFormat: 'unknown',
  tokenFormatReason: undefined,
  settings: {},
  namedUserTokenLifetime: undefined,
  isGuestFlowEnabled: undefined,
  guestTokenLifetime: undefined,
  permittedUsersPolicyType: undefined,
  refreshTokenPolicyType: undefined,
  refreshTokenValidityPeriod: undefined,
  refreshTokenValidityUnit: undefined,
  names: {},
  components: {},
  lastModified: undefined,
  notShown: {},
  problem: undefined,
});

function describeApp(
  header: Component,
  index: AppIndex,
  shown: Shown,
  { apiVersion, ownNamespace, sessionTimeouts }: OrgOfApps,
): OrgApp {
  const name = header.fullName;
  const app = unknownApp(name);
  try {
    app.isInstalled = isInstalledApp(header, ownNamespace);
    app.namespace = app.isInstalled ? namespaceOf(name) : undefined;
    const { components, ambiguities } = index.find(name);
    const names = namesOf(components);
    const [ambiguity] = ambiguities;
    if (ambiguity !== undefined) {
      const { type, fullNames } = ambiguity;
      throw new Error(
        `the org has ${fullNames.length} components of type ${type} of this app: ${fullNames.join(', ')}`,
      );
    }
    const fields = jwtFields.filter(
      (field) => components[fieldDefinitions[field].componentType] !== undefined,
    );
    const settings = liveAppOf({ fields }, components, names).live;
    const format = tokenFormatOf(components, app.isInstalled);
    const oauthDisabledReason = whyOauthIsOff(components, app.isInstalled);
    const notShown = notShownOf(name, components, shown, oauthDisabledReason === undefined);
    const policies = components.ExtlClntAppOauthConfigurablePolicies;
    const policy = (element: string): string | undefined => componentText(policies, element);
    const isGuestFlowEnabled = policies && policy('isGuestCodeCredFlowEnabled') === 'true';
    const tokenSettings = {
      isOauthEnabled: oauthDisabledReason === undefined,
      tokenFormat: format.tokenFormat,
      settings,
      isGuestFlowEnabled: isGuestFlowEnabled === true,
      sessionTimeoutInMinutes: wholeNumber(policy('sessionTimeoutInMinutes')),
    };
    return {
      ...app,
      label: componentText(header, 'label'),
      distributionState: componentText(header, 'distributionState'),
      isOauthEnabled: oauthDisabledReason === undefined,
      oauthDisabledReason,
      ...format,
      settings,
      namedUserTokenLifetime: namedUserTokenLifetime(tokenSettings, apiVersion, sessionTimeouts),
      isGuestFlowEnabled,
      guestTokenLifetime: guestTokenLifetime(tokenSettings, apiVersion, sessionTimeouts),
      permittedUsersPolicyType: policy('permittedUsersPolicyType'),
      refreshTokenPolicyType: policy('refreshTokenPolicyType'),
      refreshTokenValidityPeriod: wholeNumber(policy('refreshTokenValidityPeriod')),
      refreshTokenValidityUnit: policy('refreshTokenValidityUnit'),
      names,
      components,
      lastModified: latestChange(Object.values(components)),
      notShown,
    };
  } catch (thrown) {
    return { ...app, problem: reasonOf(thrown) };
  }
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;

/**
 * The component types that the org did not return for an app, and why that does not prove that the app has no such component.
 *
 * @param hasOauth whether the other components matter: without OAuth the app issues no tokens
 * @throws Error when the org names a component that it did not return, or when it is unknown whether the app has OAuth
 */
function notShownOf(
  app: string,
  components: AppComponents,
  shown: Shown,
  hasOauth: boolean,
): OrgApp['notShown'] {
  const isSwitchedOff = switchedOffElement(components) !== undefined;
  const notShown: Partial<Record<ComponentType, string>> = {};
  for (const type of componentTypeNames) {
    const decidesAboutOauth =
      type === 'ExtlClntAppConfigurablePolicies' || (type === 'ExtlClntAppOauthSettings' && !isSwitchedOff);
    const view = viewComponent(type, app, undefined, components, shown);
    if (view.kind !== 'notRead' || (!hasOauth && !decidesAboutOauth)) {
      continue;
    }
    if (view.isNamed || (!hasOauth && type === 'ExtlClntAppOauthSettings')) {
      throw new Error(view.reason);
    }
    notShown[type] = view.reason;
  }
  return notShown;
}

/** Why the app issues no tokens. Its missing OAuth settings count only if {@link notShownOf} finds no doubt. */
function whyOauthIsOff(components: AppComponents, isInstalled: boolean): string | undefined {
  const switchedOff = switchedOffElement(components);
  if (switchedOff !== undefined) {
    const { fullName = '' } = components.ExtlClntAppConfigurablePolicies ?? {};
    return `${switchedOff} is false in ExtlClntAppConfigurablePolicies ${fullName}`;
  }
  if (components.ExtlClntAppOauthSettings !== undefined) {
    return undefined;
  }
  // For an installed app the org may return only the policies, which it creates itself.
  return isInstalled && components.ExtlClntAppOauthConfigurablePolicies !== undefined
    ? undefined
    : 'the org has no ExtlClntAppOauthSettings component for the app';
}

/** The latest change among components; components without a date are skipped. */
export function latestChange(
  components: readonly Pick<
    FileProperties,
    'type' | 'fullName' | 'lastModifiedDate' | 'lastModifiedByName'
  >[],
): LastModified | undefined {
  let latest: LastModified | undefined;
  for (const { type, fullName, lastModifiedDate, lastModifiedByName } of components) {
    const time = Date.parse(lastModifiedDate ?? '');
    if (
      lastModifiedDate !== undefined &&
      !Number.isNaN(time) &&
      (latest === undefined || time > Date.parse(latest.date))
    ) {
      latest = { componentType: type, fullName, date: lastModifiedDate, byName: lastModifiedByName };
    }
  }
  return latest;
}
