import { ProviderError } from '../../errors.js';
import type { OrgConfiguration } from '../../signIn/configuration.js';
import { configurationOfOrg } from '../stack/stackSignIns.js';
import type { SignedInResource, StackSignIn, StackSignIns } from '../stack/stackSignIns.js';
import type { ResourceDrift } from './report.js';

type NamedResource = Pick<ResourceDrift, 'urn' | 'org'>;

/** How the command signs in to the orgs of a stack's resources. */
export class ResourceOrgs {
  readonly #signIns: StackSignIns;
  readonly #find: (urn: string) => SignedInResource;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #timeoutMinutes: number | undefined;

  /**
   * @param signIns the settings that the stack's resources sign in with
   * @param find gets a resource, from the state or from the program
   * @param environment the environment variables of the command
   * @param timeoutMinutes the limit of one wait for an org, in minutes; `undefined`: that of the configuration
   */
  constructor(
    signIns: StackSignIns,
    find: (urn: string) => SignedInResource,
    environment: Readonly<Record<string, string | undefined>>,
    timeoutMinutes: number | undefined,
  ) {
    this.#signIns = signIns;
    this.#find = find;
    this.#environment = environment;
    this.#timeoutMinutes = timeoutMinutes;
  }

  /** The same text for all resources that sign in with the same settings of the same org. */
  keyOf(resource: NamedResource): string {
    const signIn = this.#signInOf(resource);
    const source = signIn === undefined ? this.#find(resource.urn).provider : signIn.namespace;
    return JSON.stringify([source, signIn?.provider, resource.org]);
  }

  /** How messages name the org of a resource. */
  labelOf({ org }: NamedResource): string {
    return org === undefined ? 'the org' : `org "${org}"`;
  }

  /** @throws ProviderError when the settings are invalid, or belong to a provider that the state does not contain yet */
  configurationOf(resource: NamedResource): OrgConfiguration {
    const signIn = this.#signInOf(resource);
    if (signIn === undefined) {
      throw new ProviderError({
        code: 'ECA8013',
        cause: `the provider of ${resource.urn} is not in the state yet, so its settings are not known before pulumi up`,
      });
    }
    const configuration = configurationOfOrg(signIn, this.#environment, resource.org);
    return { ...configuration, timeoutMinutes: this.#timeoutMinutes ?? configuration.timeoutMinutes };
  }

  #signInOf({ urn }: NamedResource): StackSignIn | undefined {
    return this.#signIns.of(this.#find(urn));
  }
}
