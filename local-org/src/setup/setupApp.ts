import type { ComponentStore } from '../components/componentStore.js';
import type { StoredComponent } from '../components/storedComponent.js';
import type { ComponentTypeName } from '../components/types.js';
import { childText, parseXml, type XmlElement } from '../xml.js';

/** A component on the Setup page. */
export interface SetupComponent {
  stored: StoredComponent;
  root: XmlElement;
}

/** An external client app with its components; those that the org does not have are undefined. */
export interface SetupApp {
  /** Developer name, `ns__Name` if it is installed. */
  fullName: string;
  label: string;
  /** Whether the app is from an installed package: its developer has the settings, the subscriber org the policies (documented). */
  isInstalled: boolean;
  header: SetupComponent;
  globalSettings: SetupComponent | undefined;
  oauthSettings: SetupComponent | undefined;
  oauthPolicies: SetupComponent | undefined;
  plugins: SetupComponent | undefined;
}

// Stored components never change, and most of them are read repeatedly.
const roots = new WeakMap<StoredComponent, XmlElement>();

/** Every external client app of the org, by label. */
export function readSetupApps(store: ComponentStore): SetupApp[] {
  const byApp = Map.groupBy(store.list(), (component) => store.appOf(component));
  return store
    .list('ExternalClientApplication')
    .map((header) => setupApp(header, byApp.get(header.fullName) ?? [], store))
    .sort((a, b) => a.label.localeCompare(b.label, 'en') || (a.fullName < b.fullName ? -1 : 1));
}

/** The app with this full name; undefined if the org has none. */
export function readSetupApp(store: ComponentStore, fullName: string): SetupApp | undefined {
  const header = store.get('ExternalClientApplication', fullName);
  return (
    header &&
    setupApp(
      header,
      store.list().filter((component) => store.appOf(component) === header.fullName),
      store,
    )
  );
}

function setupApp(
  header: StoredComponent,
  components: readonly StoredComponent[],
  store: ComponentStore,
): SetupApp {
  const ofType = (type: ComponentTypeName): SetupComponent | undefined => {
    const stored = components.find((component) => component.type === type);
    return stored && withRoot(stored);
  };
  const withItsRoot = withRoot(header);
  return {
    fullName: header.fullName,
    label: nonEmpty(textOf(withItsRoot, 'label')) ?? header.fullName,
    isInstalled: store.isInstalled(header.fullName),
    header: withItsRoot,
    globalSettings: ofType('ExtlClntAppGlobalOauthSettings'),
    oauthSettings: ofType('ExtlClntAppOauthSettings'),
    oauthPolicies: ofType('ExtlClntAppOauthConfigurablePolicies'),
    plugins: ofType('ExtlClntAppConfigurablePolicies'),
  };
}

function withRoot(stored: StoredComponent): SetupComponent {
  let root = roots.get(stored);
  if (root === undefined) roots.set(stored, (root = parseXml(stored.xml)));
  return { stored, root };
}

/** The text of an element; undefined if the component or the element is missing. */
export function textOf(component: SetupComponent | undefined, element: string): string | undefined {
  return component && childText(component.root, element);
}

/** Whether the OAuth plugin is on and the app has OAuth settings. */
export function isOauthEnabled({ plugins, oauthSettings }: SetupApp): boolean {
  return (
    oauthSettings !== undefined &&
    textOf(plugins, 'isEnabled') !== 'false' &&
    textOf(plugins, 'isOauthPluginEnabled') !== 'false'
  );
}

/** Whether the app issues JWT-based access tokens; undefined if the org does not have its global OAuth settings. */
export function isNamedUserJwtEnabled({ globalSettings }: SetupApp): boolean | undefined {
  return globalSettings && ['true', '1'].includes(textOf(globalSettings, 'isNamedUserJwtEnabled') ?? '');
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
