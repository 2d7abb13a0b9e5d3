import { namespacePrefix, type ComponentStore, type StoredComponent } from '../components/componentStore.js';
import { newConsumerKey, newConsumerSecret } from '../components/credentials.js';
import type { OrgClock } from '../clock.js';
import type { IdentityApp } from '../identity/identity.js';
import { childText, parseXml, type XmlElement } from '../xml.js';
import type { Faults } from './faults.js';

/** Reads the apps, as the token endpoint needs them, from the components as they are, or were {@link Faults.spreadMs} ago. */
export class IdentityApps {
  /** Credentials of installed apps whose global settings only their developer's org has. */
  readonly #packagedCredentials = new Map<string, { consumerKey: string; consumerSecret: string }>();
  #cached:
    { components: ReadonlyMap<string, StoredComponent>; apps: ReadonlyMap<string, IdentityApp> } | undefined;

  constructor(
    private readonly store: ComponentStore,
    private readonly clock: OrgClock,
    private readonly faults: Faults,
  ) {}

  /** The apps that have OAuth settings, by full name. */
  read(): ReadonlyMap<string, IdentityApp> {
    const components = this.store.asOf(this.clock.now() - this.faults.spreadMs);
    if (this.#cached?.components !== components)
      this.#cached = { components, apps: this.#readAll(components) };
    return this.#cached.apps;
  }

  #readAll(components: ReadonlyMap<string, StoredComponent>): Map<string, IdentityApp> {
    const byApp = new Map<string, Map<string, { root: XmlElement; component: StoredComponent }>>();
    for (const component of components.values()) {
      const root = parseXml(component.xml);
      const app =
        component.type === 'ExternalClientApplication'
          ? component.fullName
          : this.store.appNamed(childText(root, 'externalClientApplication') ?? '');
      if (app === undefined) continue;
      const ofApp = byApp.get(app) ?? new Map<string, { root: XmlElement; component: StoredComponent }>();
      byApp.set(app, ofApp.set(component.type, { root, component }));
    }
    const apps = new Map<string, IdentityApp>();
    for (const [fullName, ofApp] of byApp) {
      const app = this.#readApp(fullName, ofApp);
      if (app) apps.set(fullName, app);
    }
    return apps;
  }

  #readApp(
    fullName: string,
    ofApp: ReadonlyMap<string, { root: XmlElement; component: StoredComponent }>,
  ): IdentityApp | undefined {
    const text = (type: string, element: string): string | undefined => {
      const root = ofApp.get(type)?.root;
      return (root && childText(root, element)) ?? undefined;
    };
    const global = (element: string) => text('ExtlClntAppGlobalOauthSettings', element);
    const policy = (element: string) => text('ExtlClntAppOauthConfigurablePolicies', element);
    const plugin = (element: string) => text('ExtlClntAppConfigurablePolicies', element);
    const isInstalled = namespacePrefix(fullName) !== undefined;
    const packaged =
      isInstalled && ofApp.has('ExtlClntAppOauthSettings') ? this.#packaged(fullName) : undefined;
    const consumerKey = nonEmpty(global('consumerKey')) ?? packaged?.consumerKey;
    if (consumerKey === undefined || !ofApp.has('ExternalClientApplication')) return undefined;
    return {
      label: nonEmpty(text('ExternalClientApplication', 'label')) ?? fullName,
      oauthEnabled: plugin('isEnabled') !== 'false' && plugin('isOauthPluginEnabled') !== 'false',
      consumerKey,
      consumerSecret:
        nonEmpty(global('consumerSecret')) ??
        ofApp.get('ExtlClntAppGlobalOauthSettings')?.component.consumerSecret ??
        packaged?.consumerSecret,
      certificate: nonEmpty(global('certificate')),
      isNamedUserJwtEnabled: global('isNamedUserJwtEnabled') === 'true',
      namedUserJwtSessionTimeoutType: nonEmpty(policy('namedUserJwtSessionTimeoutType')),
      namedUserJwtTimeout: number(policy('namedUserJwtTimeout')),
      sessionTimeoutInMinutes: number(policy('sessionTimeoutInMinutes')),
      isClientCredentialsFlowEnabled:
        global('isClientCredentialsFlowEnabled') === 'true' &&
        policy('isClientCredentialsFlowEnabled') === 'true',
      clientCredentialsFlowUser: nonEmpty(policy('clientCredentialsFlowUser')),
      scopes: (text('ExtlClntAppOauthSettings', 'commaSeparatedOauthScopes') ?? '')
        .split(',')
        .map((scope) => scope.trim())
        .filter((scope) => scope !== ''),
      permittedUsersPolicyType: nonEmpty(policy('permittedUsersPolicyType')),
    };
  }

  #packaged(fullName: string): { consumerKey: string; consumerSecret: string } {
    const known = this.#packagedCredentials.get(fullName);
    if (known) return known;
    const made = { consumerKey: newConsumerKey(), consumerSecret: newConsumerSecret() };
    this.#packagedCredentials.set(fullName, made);
    return made;
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
