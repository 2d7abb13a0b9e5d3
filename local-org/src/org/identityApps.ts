import type { ComponentStore } from '../components/componentStore.js';
import type { StoredComponent } from '../components/storedComponent.js';
import { newConsumerKey, newConsumerSecret } from '../components/credentials.js';
import type { ComponentTypeName } from '../components/types.js';
import type { OrgClock } from './clock.js';
import { readFields, readText } from '../readInput.js';
import type { IdentityApp } from '../identity/identity.js';
import type { KeptState } from '../state/keptState.js';
import { childText, isTrue, parseXml, type XmlElement } from '../xml.js';
import type { Faults } from './faults.js';
import type { FaultSwitches } from './faultSwitches.js';

interface Credentials {
  consumerKey: string;
  consumerSecret: string;
}

/** The apps of a store until it changes. */
interface View {
  store: ComponentStore;
  revision: number;
  orgRules: FaultSwitches['orgRules'];
  /** Full names by consumer key. */
  names: ReadonlyMap<string, string>;
  /** Apps that were already read; undefined if they have no OAuth settings. */
  read: Map<string, IdentityApp | undefined>;
}

/** The consumer key of global settings; each component is read once. */
const consumerKeys = new WeakMap<StoredComponent, string | undefined>();

/** Reads the apps for the token endpoint, from the components as they were {@link Faults.spreadMs} ago. */
export class IdentityApps {
  /** Credentials of installed apps whose global settings exist only in their developer's org. */
  readonly #packagedCredentials = new Map<string, Credentials>();
  #view: View | undefined;

  /** @param kept what holds the credentials of an earlier process, and records those of this one */
  constructor(
    private readonly store: ComponentStore,
    private readonly clock: OrgClock,
    private readonly faults: Faults,
    private readonly kept: KeptState,
  ) {
    for (const [app, stored] of kept.entries('packagedCredentials')) {
      this.#packagedCredentials.set(app, readCredentials(stored));
    }
  }

  /** The app of a consumer key; undefined: no app with OAuth settings has it. */
  withConsumerKey(consumerKey: string): IdentityApp | undefined {
    const fullName = this.#current().names.get(consumerKey);
    return fullName === undefined ? undefined : this.named(fullName);
  }

  /** The app of a full name; undefined if there is none, or none with OAuth settings. */
  named(fullName: string): IdentityApp | undefined {
    const { store, read } = this.#current();
    if (!read.has(fullName)) read.set(fullName, this.#readApp(store, fullName));
    return read.get(fullName);
  }

  #current(): View {
    const store = this.store.asOf(this.clock.now() - this.faults.spreadMs);
    const { orgRules } = this.faults;
    if (
      this.#view?.store !== store ||
      this.#view.revision !== store.revision ||
      this.#view.orgRules !== orgRules
    ) {
      this.#view = {
        store,
        revision: store.revision,
        orgRules,
        names: this.#namesByKey(store),
        read: new Map(),
      };
    }
    return this.#view;
  }

  #namesByKey(store: ComponentStore): Map<string, string> {
    const names = new Map<string, string>();
    for (const settings of store.list('ExtlClntAppGlobalOauthSettings')) {
      const key = consumerKeyOf(settings);
      const app = store.appOf(settings);
      if (key !== undefined && app !== undefined) names.set(key, app);
    }
    for (const { fullName } of store.list('ExternalClientApplication')) {
      const packaged = this.#packaged(store, fullName);
      if (packaged) names.set(packaged.consumerKey, fullName);
    }
    return names;
  }

  #readApp(store: ComponentStore, fullName: string): IdentityApp | undefined {
    const header = store.get('ExternalClientApplication', fullName);
    if (header === undefined) return undefined;
    const roots = new Map<ComponentTypeName, XmlElement>([
      ['ExternalClientApplication', parseXml(header.xml)],
    ]);
    for (const type of typesOfApp) {
      const [component] = store.componentsOfApp(type, fullName);
      if (component) roots.set(type, parseXml(component.xml));
    }
    const text = (type: ComponentTypeName, element: string): string | undefined => {
      const root = roots.get(type);
      return (root && childText(root, element)) ?? undefined;
    };
    const global = (element: string) => text('ExtlClntAppGlobalOauthSettings', element);
    const policy = (element: string) => text('ExtlClntAppOauthConfigurablePolicies', element);
    const plugin = (element: string) => text('ExtlClntAppConfigurablePolicies', element);
    const [settings] = store.componentsOfApp('ExtlClntAppGlobalOauthSettings', fullName);
    const packaged = this.#packaged(store, fullName);
    const consumerKey = nonEmpty(global('consumerKey')) ?? packaged?.consumerKey;
    if (consumerKey === undefined) return undefined;
    return {
      label: nonEmpty(text('ExternalClientApplication', 'label')) ?? fullName,
      oauthEnabled: isTrue(plugin('isEnabled') ?? 'true') && isTrue(plugin('isOauthPluginEnabled') ?? 'true'),
      consumerKey,
      consumerSecret:
        nonEmpty(global('consumerSecret')) ?? settings?.consumerSecret ?? packaged?.consumerSecret,
      certificate: nonEmpty(global('certificate')),
      callbackUrls: (global('callbackUrl') ?? '').split(/\s+/).filter((url) => url !== ''),
      isConsumerSecretOptional: isTrue(global('isConsumerSecretOptional')),
      // Documented: the default of these two is true.
      isPkceRequired: isTrue(global('isPkceRequired') ?? 'true'),
      isSecretRequiredForRefreshToken: isTrue(global('isSecretRequiredForRefreshToken') ?? 'true'),
      isRefreshTokenRotationEnabled: isTrue(global('isRefreshTokenRotationEnabled')),
      isEnforceRefreshTokenTTL: isTrue(global('isEnforceRefreshTokenTTL')),
      isIntrospectAllTokens: isTrue(global('isIntrospectAllTokens')),
      isNamedUserJwtEnabled:
        isTrue(global('isNamedUserJwtEnabled')) ||
        (this.faults.holds('policiesJwtField') && isTrue(policy('isNamedUserJwtEnabled'))),
      namedUserJwtSessionTimeoutType: nonEmpty(policy('namedUserJwtSessionTimeoutType')),
      namedUserJwtTimeout: number(policy('namedUserJwtTimeout')),
      isGuestCodeCredFlowEnabled:
        isTrue(global('isCodeCredFlowEnabled')) && isTrue(policy('isGuestCodeCredFlowEnabled')),
      guestJwtSessionTimeoutType: nonEmpty(policy('guestJwtSessionTimeoutType')),
      guestJwtTimeout: number(policy('guestJwtTimeout')),
      sessionTimeoutInMinutes: number(policy('sessionTimeoutInMinutes')),
      refreshTokenPolicyType: nonEmpty(policy('refreshTokenPolicyType')),
      refreshTokenValidityPeriod: number(policy('refreshTokenValidityPeriod')),
      refreshTokenValidityUnit: nonEmpty(policy('refreshTokenValidityUnit')),
      isClientCredentialsFlowEnabled:
        isTrue(global('isClientCredentialsFlowEnabled')) && isTrue(policy('isClientCredentialsFlowEnabled')),
      clientCredentialsFlowUser: nonEmpty(policy('clientCredentialsFlowUser')),
      scopes: (text('ExtlClntAppOauthSettings', 'commaSeparatedOauthScopes') ?? '')
        .split(',')
        .map((scope) => scope.trim())
        .filter((scope) => scope !== ''),
      permittedUsersPolicyType: nonEmpty(policy('permittedUsersPolicyType')),
    };
  }

  /** The credentials of an installed app with OAuth settings that has no key in this org. */
  #packaged(store: ComponentStore, fullName: string): Credentials | undefined {
    if (!store.isInstalled(fullName)) return undefined;
    if (store.componentsOfApp('ExtlClntAppOauthSettings', fullName).length === 0) return undefined;
    const [settings] = store.componentsOfApp('ExtlClntAppGlobalOauthSettings', fullName);
    if (settings && consumerKeyOf(settings) !== undefined) return undefined;
    const known = this.#packagedCredentials.get(fullName);
    if (known) return known;
    const made = { consumerKey: newConsumerKey(), consumerSecret: newConsumerSecret() };
    this.#packagedCredentials.set(fullName, made);
    this.kept.put('packagedCredentials', fullName, made);
    return made;
  }
}

/** The types of an app's components, without its header. */
const typesOfApp: readonly ComponentTypeName[] = [
  'ExtlClntAppOauthSettings',
  'ExtlClntAppGlobalOauthSettings',
  'ExtlClntAppOauthConfigurablePolicies',
  'ExtlClntAppConfigurablePolicies',
];

function consumerKeyOf(settings: StoredComponent): string | undefined {
  if (!consumerKeys.has(settings)) {
    consumerKeys.set(settings, nonEmpty(childText(parseXml(settings.xml), 'consumerKey')));
  }
  return consumerKeys.get(settings);
}

const readCredentials: (stored: unknown) => Credentials = readFields('Credentials', {
  consumerKey: readText,
  consumerSecret: readText,
});

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
