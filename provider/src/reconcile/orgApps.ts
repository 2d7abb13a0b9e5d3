import { messageOf } from '../errors.js';
import { fieldDefinitions, jwtFields } from '../jwtPolicy/fields.js';
import type { FieldValues } from '../jwtPolicy/fields.js';
import { guestTokenLifetime, namedUserTokenLifetime } from '../jwtPolicy/tokenLifetime.js';
import type { SessionTimeouts, TokenLifetime } from '../jwtPolicy/tokenLifetime.js';
import { AppIndex, componentText, namesOf, readComponents } from '../salesforce/components.js';
import type { AppComponents, Component } from '../salesforce/components.js';
import { namespaceOf } from '../salesforce/componentName.js';
import { componentTypeNames } from '../salesforce/componentTypes.js';
import type { ComponentNames, ComponentType } from '../salesforce/componentTypes.js';
import type { FileProperties } from '../salesforce/metadataApi.js';
import type { OrgConnection } from '../salesforce/orgConnection.js';
import type { OnWait, TokenFormat } from './job.js';
import { observeApp } from './observeApp.js';
import { RetrieveFailedError, retrieveFiles } from './observe.js';
import type { RetrievedFiles } from './observe.js';
import { readSessionTimeouts, sessionSettingsMembers } from './sessionTimeouts.js';

/** An external client app as an org holds it. */
export interface OrgApp {
  /** The developer name; `ns__Name` for an installed app. */
  name: string;
  label: string | undefined;
  /** The namespace of the package that the app was installed from. */
  namespace: string | undefined;
  /** `Local`, `Packaged`, or what else the org says (documented: also Managed and AutoInstalled, internal). */
  distributionState: string | undefined;
  /** Whether the app issues tokens at all: from its plugin component and its OAuth settings. */
  isOauthEnabled: boolean;
  /** Why {@link isOauthEnabled} is false. */
  oauthDisabledReason: string | undefined;
  tokenFormat: TokenFormat;
  /** Why {@link tokenFormat} is `unknown`. */
  tokenFormatReason: string | undefined;
  /** The five settings; a field whose component the org does not have is left out, one without an element is `absent`. */
  settings: FieldValues;
  /** How long named users' tokens live; `undefined` where the app issues none. */
  namedUserTokenLifetime: TokenLifetime | undefined;
  /** `isGuestCodeCredFlowEnabled`; `undefined` where the org has no policies of the app. */
  isGuestFlowEnabled: boolean | undefined;
  /** How long guest users' tokens live; `undefined` where the app issues none. */
  guestTokenLifetime: TokenLifetime | undefined;
  /** `AllSelfAuthorized`, `AdminApprovedPreAuthorized`, or what else the policies say. */
  permittedUsersPolicyType: string | undefined;
  /** `Infinite`, `SpecificLifetime`, or what else the policies say. */
  refreshTokenPolicyType: string | undefined;
  /** In {@link refreshTokenValidityUnit}. */
  refreshTokenValidityPeriod: number | undefined;
  /** `Days`, `Hours`, or what else the policies say. */
  refreshTokenValidityUnit: string | undefined;
  /** The full names of the app's components. */
  names: ComponentNames;
  components: AppComponents;
  /** The latest change of one of the app's components, as far as the org tells. */
  lastModified: LastModified | undefined;
  /** Why the app could not be understood: two components of one type, or a file that is no component. Its values are left out then. */
  problem: string | undefined;
}

/** When and by whom a component was last modified. */
export interface LastModified {
  componentType: string;
  fullName: string;
  /** ISO 8601. */
  date: string;
  /** The user's name. */
  byName: string | undefined;
}

/** What an org holds of external client apps. */
export interface OrgApps {
  /** Sorted by name. */
  apps: OrgApp[];
  /** What `UserSession` means in the org. */
  sessionTimeouts: SessionTimeouts;
}

/**
 * Reads every external client app of an org, and the session settings that their tokens follow, in one retrieve.
 *
 * Whether the wildcard of a retrieve includes components of installed packages is not documented for these types, so their names are
 * listed first (two requests, for any number of apps) and asked for beside it. Where the org fails the retrieve, it is repeated
 * without the session settings, which not every user may read.
 *
 * @throws ProviderError, SalesforceApiError, TransportError
 */
export async function readOrgApps(
  connection: OrgConnection,
  onWait: OnWait = () => undefined,
): Promise<OrgApps> {
  const members = await membersOfAllApps(connection);
  let retrieved: RetrievedFiles;
  let sessionTimeouts: SessionTimeouts;
  try {
    retrieved = await retrieveFiles(connection, new Map([...members, ...sessionSettingsMembers]), onWait);
    sessionTimeouts = await readSessionTimeouts(retrieved, connection);
  } catch (thrown) {
    if (!(thrown instanceof RetrieveFailedError)) {
      throw thrown;
    }
    retrieved = await retrieveFiles(connection, members, onWait);
    sessionTimeouts = {
      orgMinutes: undefined,
      profileMinutes: undefined,
      unknownReason: `the org did not return them: ${messageOf(thrown)}`,
    };
  }
  const components = readComponents(retrieved.files, retrieved.fileProperties);
  return { apps: describeApps(components, connection.apiVersion, sessionTimeouts), sessionTimeouts };
}

/** The most types that one list takes (Metadata API Developer Guide, listMetadata). */
const mostListedTypes = 3;

async function membersOfAllApps(
  connection: Pick<OrgConnection, 'read'>,
): Promise<Map<ComponentType, readonly string[]>> {
  const lists = [componentTypeNames.slice(0, mostListedTypes), componentTypeNames.slice(mostListedTypes)];
  const listed = (
    await Promise.all(lists.map((types) => connection.read((api) => api.listMetadata(types))))
  ).flat();
  return new Map(
    componentTypeNames.map((type) => {
      const installed = listed
        .filter((file) => file.type === type && namespaceOf(file.fullName) !== undefined)
        .map(({ fullName }) => fullName);
      return [type, ['*', ...installed]];
    }),
  );
}

/**
 * The apps that components belong to, sorted by name.
 *
 * @param apiVersion the Metadata API version that they were retrieved at, for example 66
 */
export function describeApps(
  components: readonly Component[],
  apiVersion: number,
  sessionTimeouts: SessionTimeouts,
): OrgApp[] {
  const index = new AppIndex(components);
  return components
    .filter(({ type }) => type === 'ExternalClientApplication')
    .map((header) => describeApp(header, index, { apiVersion, sessionTimeouts }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function describeApp(
  header: Component,
  index: AppIndex,
  { apiVersion, sessionTimeouts }: { apiVersion: number; sessionTimeouts: SessionTimeouts },
): OrgApp {
  const name = header.fullName;
  const app: OrgApp = {
    name,
    label: undefined,
    namespace: header.namespacePrefix ?? namespaceOf(name),
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
    problem: undefined,
  };
  try {
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
    const observed = observeApp({ fields }, components, names);
    const oauthDisabledReason = whyOauthIsOff(components, app.namespace);
    const policies = components.ExtlClntAppOauthConfigurablePolicies;
    const policy = (element: string): string | undefined => componentText(policies, element);
    const isGuestFlowEnabled = policies && policy('isGuestCodeCredFlowEnabled') === 'true';
    const tokenSettings = {
      isOauthEnabled: oauthDisabledReason === undefined,
      tokenFormat: observed.tokenFormat,
      settings: observed.live,
      isGuestFlowEnabled: isGuestFlowEnabled === true,
      sessionTimeoutInMinutes: wholeNumber(policy('sessionTimeoutInMinutes')),
    };
    return {
      ...app,
      label: componentText(header, 'label'),
      distributionState: componentText(header, 'distributionState'),
      isOauthEnabled: oauthDisabledReason === undefined,
      oauthDisabledReason,
      tokenFormat: observed.tokenFormat,
      tokenFormatReason: observed.tokenFormat === 'unknown' ? whyFormatIsUnknown(app.namespace) : undefined,
      settings: observed.live,
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
    };
  } catch (thrown) {
    return { ...app, problem: messageOf(thrown) };
  }
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;

/** Both switches are documented as what the help article calls the OAuth plugin; the second one is on by default. */
function whyOauthIsOff(components: AppComponents, namespace: string | undefined): string | undefined {
  const plugins = components.ExtlClntAppConfigurablePolicies;
  for (const element of ['isEnabled', 'isOauthPluginEnabled']) {
    if (componentText(plugins, element) === 'false') {
      return `${element} is false in ExtlClntAppConfigurablePolicies ${plugins?.fullName ?? ''}`;
    }
  }
  if (components.ExtlClntAppOauthSettings !== undefined) {
    return undefined;
  }
  // Of an installed app the org may show only the policies, which it makes itself.
  return namespace !== undefined && components.ExtlClntAppOauthConfigurablePolicies !== undefined
    ? undefined
    : 'the org has no ExtlClntAppOauthSettings component of the app';
}

function whyFormatIsUnknown(namespace: string | undefined): string {
  const missing = 'the org has no ExtlClntAppGlobalOauthSettings component of the app';
  return namespace === undefined
    ? `${missing}, or does not show it to this user`
    : `${missing}, as is usual for an installed app: only the org of its developer shows the token format`;
}

/** The latest change among components; those whose date the org does not tell are passed over. */
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
