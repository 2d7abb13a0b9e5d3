import { isDefaultProvider } from '../../native/providerConfiguration.js';
import { packageName } from '../../native/packageSchema.js';
import { isOwnType, resourceType } from '../../resourceType.js';
import { clearValue } from '../../secretValues.js';
import { readOrgConfiguration, readOrgs, settingNames } from '../../signIn/configuration.js';
import type { ConfigurationReader, OrgConfiguration } from '../../signIn/configuration.js';
import { errorInNamespace } from '../../signIn/namespace.js';
import type { Namespace, SettingsPlace } from '../../signIn/settingAdvice.js';
import type { StateResource } from '../drift/engineEvents.js';

/** Settings that a stack signs in with: those of a namespace of its configuration, or those of an explicit provider in its state. */
export interface StackSignIn {
  /** The namespace that the settings are in, or would be in if they were in the configuration. */
  readonly namespace: Namespace;
  /** The name of the explicit provider; `undefined` for the configuration of the stack. */
  readonly provider: string | undefined;
  /** Reads a setting by its key in the namespace `salesforce:`, even if it is in another namespace. */
  readonly read: ConfigurationReader;
}

/**
 * The configuration of an org.
 *
 * @param alias a key of `orgs`; `undefined` for the top-level settings
 * @throws ProviderError for an unknown alias and for invalid values
 */
export function configurationOfOrg(
  signIn: StackSignIn,
  environment: Readonly<Record<string, string | undefined>>,
  alias: string | undefined,
): OrgConfiguration {
  const settingsPlace = placeOf(signIn);
  return namingSettings(settingsPlace, () => ({
    ...readOrgConfiguration(signIn.read, environment, alias, false),
    settingsPlace,
  }));
}

/**
 * The keys of `orgs`, or of the variable in its place.
 *
 * @throws ProviderError for invalid values
 */
export function aliasesOf(
  signIn: StackSignIn,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  return namingSettings(placeOf(signIn), () => [...readOrgs(signIn.read, environment).entries.keys()]);
}

const placeOf = ({ namespace, provider }: StackSignIn): SettingsPlace =>
  provider === undefined ? namespace : { provider };

function namingSettings<T>(place: SettingsPlace, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw errorInNamespace(thrown, place);
  }
}

/** The parts of a resource that determine which settings it signs in with. */
export type SignedInResource = Pick<StateResource, 'type' | 'provider'>;

const providerType = `pulumi:providers:${packageName}`;

/** All settings that the resources of a stack sign in with. The dynamic provider and the native one have their own namespaces. */
export class StackSignIns {
  readonly #configuration: Readonly<Record<string, unknown>>;
  readonly #state: readonly StateResource[];
  readonly #dynamic: StackSignIn;
  readonly #native: StackSignIn;
  readonly #explicit: ReadonlyMap<string, StackSignIn>;

  /**
   * @param configuration the current configuration of the stack by whole key, with secrets in clear text
   * @param state the resources of the stack, exported with their secrets
   */
  constructor(configuration: Readonly<Record<string, unknown>>, state: readonly StateResource[]) {
    this.#configuration = configuration;
    this.#state = state;
    this.#dynamic = this.#configured('salesforce');
    this.#native = this.#configured(packageName);
    this.#explicit = new Map(
      state
        .filter(({ type, urn }) => type === providerType && !isDefaultProvider(nameOf(urn)))
        .map(({ urn, inputs }): [string, StackSignIn] => [
          urn,
          {
            namespace: packageName,
            provider: nameOf(urn),
            read: (key) => clearValue(inputs[nameIn(key)]),
          },
        ]),
    );
  }

  /** The settings that a resource signs in with; `undefined` if its provider is not in the state yet. */
  of({ type, provider }: SignedInResource): StackSignIn | undefined {
    if (type === resourceType) {
      return this.#dynamic;
    }
    // A reference to a provider is its URN and its id.
    const urn = provider.slice(0, provider.lastIndexOf('::'));
    return urn === '' || isDefaultProvider(nameOf(urn)) ? this.#native : this.#explicit.get(urn);
  }

  /** Each of them once. If the stack has none, the configuration without settings: the environment then has them. */
  get all(): readonly [StackSignIn, ...StackSignIn[]] {
    const [first, ...others] = [
      ...[this.#dynamic, this.#native].filter((signIn) => this.#isUsed(signIn)),
      ...this.#explicit.values(),
    ];
    return [first ?? this.#dynamic, ...others];
  }

  /** Whether a namespace has settings, or the state has a resource that signs in with it. */
  #isUsed(signIn: StackSignIn): boolean {
    return (
      settingNames.some((name) => signIn.read(`salesforce:${name}`) !== undefined) ||
      this.#state.some((resource) => isOwnType(resource.type) && this.of(resource) === signIn)
    );
  }

  #configured(namespace: Namespace): StackSignIn {
    return {
      namespace,
      provider: undefined,
      read: (key) => this.#configuration[`${namespace}:${nameIn(key)}`],
    };
  }
}

const nameIn = (key: string): string => key.slice(key.indexOf(':') + 1);

const nameOf = (urn: string): string => urn.split('::').slice(3).join('::');
