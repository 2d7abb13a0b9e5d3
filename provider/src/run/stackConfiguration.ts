import type { OrgContext } from '../org/orgContext.js';
import { readOrgConfiguration } from '../signIn/configuration.js';
import type { ConfigurationReader, OrgConfiguration } from '../signIn/configuration.js';
import { readPrivateKey } from '../signIn/privateKey.js';
import { chooseSignInWay } from '../signIn/signInWays.js';
import type { Declarations } from './declarations.js';
import { driftTimeoutMinutes } from './driftLook.js';

/**
 * Where a configuration comes from: from the run, which is that of the last `up` where no program runs; from the stack as it is today;
 * from the arguments of an explicit provider.
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

  /** Takes the configuration; until then nothing is configured. */
  use(read: ConfigurationReader, origin: ConfigurationOrigin = 'run'): void {
    this.#read = read;
    this.#origin = origin;
  }

  /** Whether the configuration is that of the last `up` and not of today: in refresh and destroy, which run no program. */
  get isOfLastUp(): boolean {
    return this.#origin !== 'today' && !this.#declarations.isProgramRunning;
  }

  /**
   * The configuration of an org.
   *
   * Where it is that of the last `up`, credentials of the environment go first, unless it is that of an explicit provider: what the
   * environment holds may belong to another org.
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
   * The configuration of an org with which one can sign in, as far as that can be told without a request.
   *
   * @throws ConfigurationError
   */
  usable(alias: string | undefined): OrgConfiguration {
    const configuration = this.of(alias);
    const way = chooseSignInWay(configuration);
    // Reading a private key takes longer than all else of a check: it is done once for all resources that sign in with it.
    if (way.kind === 'jwtBearer' && way.privateKey.value !== this.#usableKey) {
      readPrivateKey(way.privateKey.value, way.privateKey.source, this.#warn);
      this.#usableKey = way.privateKey.value;
    }
    return configuration;
  }
}
