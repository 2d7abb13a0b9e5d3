import { messageOf } from '../errors.js';
import { fieldDefinitions, jwtFields } from '../jwtPolicy/fields.js';
import type { FieldValues } from '../jwtPolicy/fields.js';
import { elementText } from '../salesforce/componentXml.js';
import { AppIndex, namesOf, namespaceOf, qualifiedName } from '../salesforce/components.js';
import type { AppComponents, Component } from '../salesforce/components.js';
import { componentTypeNames } from '../salesforce/componentTypes.js';
import type { ComponentNames, ComponentType } from '../salesforce/componentTypes.js';
import type { FileProperties } from '../salesforce/metadataApi.js';
import type { OrgConnection } from '../salesforce/orgConnection.js';
import type { OnWait, TokenFormat } from './job.js';
import { observeApp } from './observeApp.js';
import { retrieve } from './observe.js';

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

/**
 * Reads every external client app of an org, sorted by name, in one retrieve.
 *
 * Whether the wildcard of a retrieve includes components of installed packages is not documented for these types, so their names are
 * listed first (two requests, for any number of apps) and asked for beside it.
 *
 * @throws ProviderError, SalesforceApiError, TransportError
 */
export async function readOrgApps(
  connection: OrgConnection,
  onWait: OnWait = () => undefined,
): Promise<OrgApp[]> {
  const components = await retrieve(connection, await membersOfAllApps(connection), onWait);
  return describeApps(components);
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
        .filter(
          (file) =>
            file.type === type &&
            (file.namespacePrefix !== undefined || namespaceOf(file.fullName) !== undefined),
        )
        .map(({ fullName }) => fullName);
      return [type, ['*', ...installed]];
    }),
  );
}

/** The apps that components belong to, sorted by name. */
export function describeApps(components: readonly Component[]): OrgApp[] {
  const index = new AppIndex(components);
  return components
    .filter(({ type }) => type === 'ExternalClientApplication')
    .map((header) => describeApp(qualifiedName(header), header, index))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function describeApp(name: string, header: Component, index: AppIndex): OrgApp {
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
    return {
      ...app,
      label: textOf(header, 'label'),
      distributionState: textOf(header, 'distributionState'),
      isOauthEnabled: oauthDisabledReason === undefined,
      oauthDisabledReason,
      tokenFormat: observed.tokenFormat,
      tokenFormatReason: observed.tokenFormat === 'unknown' ? whyFormatIsUnknown(app.namespace) : undefined,
      settings: observed.live,
      names,
      components,
      lastModified: latestChange(Object.values(components)),
    };
  } catch (thrown) {
    return { ...app, problem: messageOf(thrown) };
  }
}

const textOf = (component: Component | undefined, element: string): string | undefined =>
  component === undefined ? undefined : elementText(component.elements, element)?.trim();

/** Both switches are documented as what the help article calls the OAuth plugin; the second one is on by default. */
function whyOauthIsOff(components: AppComponents, namespace: string | undefined): string | undefined {
  const plugins = components.ExtlClntAppConfigurablePolicies;
  for (const element of ['isEnabled', 'isOauthPluginEnabled']) {
    if (textOf(plugins, element) === 'false') {
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
    ? missing
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
