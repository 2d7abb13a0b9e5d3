import type { OrgContext } from '../org/orgContext.js';
import { readOrgConfiguration, readOrgs } from '../signIn/configuration.js';
import type { ConfigurationReader, OrgConfiguration } from '../signIn/configuration.js';
import { readPrivateKey } from '../signIn/privateKey.js';
import { chooseSignInWay } from '../signIn/signInWays.js';
import type { Declarations } from './declarations.js';
import { driftTimeoutMinutes } from './driftLook.js';

/**
 * Where a configuration comes from: the run, which gets that of the last `up` if no program runs; the current configuration of the stack;
 * or the arguments of an explicit provider.
 */
export type ConfigurationOrigin = 'run' | 'today' | 'explicitProvider';

/** The stack's configuration, as the host passes it. */
export class StackConfiguration {
  readonly #declarations: Pick<Declarations, 'isProgramRunning'>;
  readonly #warn: OrgContext['warn'];
  #read: ConfigurationReader = () => undefined;
  #origin: ConfigurationOrigin = 'run';
  #usableKey: string | undefined;

  constructor(declarations: Pick<Declarations, 'isProgramRunning'>, warn: OrgContext['warn']) {
    this.#declarations = declarations;
    this.#warn = warn;
  }

  /** Sets the configuration; until then nothing is configured. */
  use(read: ConfigurationReader, origin: ConfigurationOrigin = 'run'): void {
    this.#read = read;
    this.#origin = origin;
  }

  /** Whether the configuration is that of the last `up` and not the current one, as in refresh and destroy, which run no program. */
  get isOfLastUp(): boolean {
    return this.#origin !== 'today' && !this.#declarations.isProgramRunning;
  }

  /**
   * The configuration of an org.
   *
   * If it is that of the last `up`, credentials in the environment take precedence, unless it belongs to an explicit provider: the
   * environment may contain credentials of another org.
   *
   * @throws ConfigurationError
   */
  of(alias: string | undefined): OrgConfiguration {
    const configuration = readOrgConfiguration(
      this.#read,
      process.env,
      alias,
      this.isOfLastUp && this.#origin !== 'explicitProvider',
    );
    return { ...configuration, timeoutMinutes: driftTimeoutMinutes() ?? configuration.timeoutMinutes };
  }

  /**
   * The keys of `salesforce:orgs`, or of the variable in its place.
   *
   * @throws ConfigurationError
   */
  aliases(): readonly string[] {
    return [...readOrgs(this.#read, process.env).entries.keys()];
  }

  /**
   * The configuration of an org, checked for a usable sign-in as far as that is possible without a request.
   *
   * @throws ConfigurationError
   */
  usable(alias: string | undefined): OrgConfiguration {
    const configuration = this.of(alias);
    const way = chooseSignInWay(configuration);
    // Reading a private key takes longer than the rest of a check, so it is done once for all resources that sign in with it.
    if (way.kind === 'jwtBearer' && way.privateKey.value !== this.#usableKey) {
      readPrivateKey(way.privateKey.value, way.privateKey.source, this.#warn);
      this.#usableKey = way.privateKey.value;
    }
    return configuration;
  }
}
