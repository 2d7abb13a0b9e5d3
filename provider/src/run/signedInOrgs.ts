import { orgNotChanged, partsOf, ProviderError, SessionRefusedError, withParts } from '../errors.js';
import type { HttpConnections } from '../org/httpConnections.js';
import type { OrgReconciler } from '../reconcile/orgReconciler.js';
import { OrgTurns } from '../reconcile/orgTurns.js';
import type { ResourceState } from '../resourceState.js';
import type { Declarations } from './declarations.js';
import { isDriftLook } from './driftLook.js';
import type { ResourceLog } from './engine/engineLog.js';
import type { EngineAddress } from './engine/engineAddress.js';
import { endWithoutEngine } from './engine/engineWatch.js';
import type { StackConfiguration } from './stackConfiguration.js';

/** A drift look runs the program with the current configuration. */
const lastConfigurationHint = isDriftLook()
  ? undefined
  : 'Refresh and destroy use the configuration of the last pulumi up. If it has changed since then, run pulumi up once, or repeat this ' +
    'command with --run-program';

/** The orgs that a run is signed in to, once per org for all resources. */
export class SignedInOrgs {
  readonly #declarations: Declarations;
  readonly #configuration: StackConfiguration;
  readonly #stackLog: ResourceLog;
  readonly #engine: EngineAddress;
  readonly #reconcilers = new Map<string, Promise<OrgReconciler>>();
  /** The failed sign-ins whose reason a resource has already shown. */
  readonly #refused = new Set<string>();
  readonly #turns = new OrgTurns();
  #http: HttpConnections | undefined;

  constructor(
    declarations: Declarations,
    configuration: StackConfiguration,
    stackLog: ResourceLog,
    engine: EngineAddress,
  ) {
    this.#declarations = declarations;
    this.#configuration = configuration;
    this.#stackLog = stackLog;
    this.#engine = engine;
  }

  /**
   * Signs in to an org, once for all resources of the run.
   *
   * @throws ConfigurationError, SignInError, OrgConnectionError; if the configuration is that of the last `up`, with the
   *   two ways to use the current one
   */
  async reconcilerFor(alias: string | undefined): Promise<OrgReconciler> {
    const { isOfLastUp } = this.#configuration;
    const key = `${alias ?? ''}\n${String(isOfLastUp)}`;
    let reconciler = this.#reconcilers.get(key);
    if (reconciler === undefined) {
      reconciler = this.#connectTo(alias);
      this.#reconcilers.set(key, reconciler);
    }
    try {
      const signedIn = await reconciler;
      this.#declarations.noteAlias(alias, signedIn.connection.organizationId);
      return signedIn;
    } catch (thrown) {
      const isFirst = !this.#refused.has(key);
      this.#refused.add(key);
      // Every resource gets its own error, because the host and the engine modify the error that they get.
      throw new ProviderError(
        isFirst
          ? withParts(partsOf(thrown), { advice: isOfLastUp ? lastConfigurationHint : undefined })
          : {
              code: partsOf(thrown).code,
              cause: `the sign-in${alias === undefined ? '' : ` to org "${alias}"`} failed; see the error of another resource in this run`,
              advice: 'Follow its advice, then repeat the command',
            },
      );
    }
  }

  /**
   * Signs in for one resource.
   *
   * @throws ProviderError naming the app: only the sign-in was sent to the org
   */
  async reconcilerForApp(app: string, alias: string | undefined): Promise<OrgReconciler> {
    try {
      return await this.reconcilerFor(alias);
    } catch (thrown) {
      const subject = `External client app "${app}"`;
      throw new ProviderError(withParts(partsOf(thrown), { subject, orgState: orgNotChanged }));
    }
  }

  /**
   * The reconciler of the org that a resource is in.
   *
   * @throws ProviderError naming both ids when the sign-in leads to another org: a stack never changes another org
   */
  async reconcilerOf(state: Pick<ResourceState, 'app' | 'org' | 'organizationId'>): Promise<OrgReconciler> {
    const reconciler = await this.reconcilerForApp(state.app, state.org);
    const { organizationId, label } = reconciler.connection;
    if (organizationId !== state.organizationId) {
      throw wrongOrg(state.app, state.organizationId, organizationId, label);
    }
    return reconciler;
  }

  /**
   * Adds a hint to an error of read or delete: a refused session may come from an outdated configuration.
   *
   * @param thrown anything that was thrown
   */
  withConfigurationHint(thrown: unknown): unknown {
    return thrown instanceof SessionRefusedError && this.#configuration.isOfLastUp
      ? new ProviderError(withParts(thrown.parts, { hint: lastConfigurationHint }))
      : thrown;
  }

  async #connectTo(alias: string | undefined): Promise<OrgReconciler> {
    const configuration = this.#configuration.of(alias);
    // Loaded here, so that calls without an org do not wait for it.
    const [{ connect }, { HttpConnections: Connections }, { OrgReconciler: Reconciler }] = await Promise.all([
      import('../org/orgConnection.js'),
      import('../org/httpConnections.js'),
      import('../reconcile/orgReconciler.js'),
    ]);
    this.#http ??= new Connections(() => endWithoutEngine(this.#engine));
    const connection = await connect(configuration, { http: this.#http, warn: this.#stackLog.warn });
    return new Reconciler(connection, this.#turns, this.#stackLog);
  }
}

/** The error of a sign-in that leads to another org than the one in the state. */
export function wrongOrg(app: string, inState: string, signedIn: string, label: string): ProviderError {
  return new ProviderError({
    code: 'ECA1701',
    subject: `External client app "${app}"`,
    isOneSentence: true,
    cause: `is in organization ${inState}, but the sign-in to org ${label} leads to organization ${signedIn}`,
    advice:
      `Check the alias and the address, and whether the sandbox was refreshed. Sign in to ${inState} again. If that org no longer ` +
      'exists, remove the resource from the state with pulumi state delete',
    orgState: orgNotChanged,
  });
}
