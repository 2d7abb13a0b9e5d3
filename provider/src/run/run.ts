import { Declarations } from './declarations.js';
import { resourceLog } from './engine.js';
import { endWithoutEngine, watchEngine } from './engineWatch.js';
import { messageOf, ProviderError, SessionRefusedError } from '../errors.js';
import type { OrgReconciler } from '../reconcile/orgReconciler.js';
import { readOrgConfiguration } from '../signIn/configuration.js';
import type { ConfigurationReader, OrgConfiguration } from '../signIn/configuration.js';
import { setRequestGate } from '../org/requestGate.js';
import { setWarningSink } from '../org/warnings.js';
import type { ResourceState } from '../resourceState.js';

/** What the host passes to `configure`, as far as it is used. */
export interface ConfigureRequest {
  config: { get(key: string): unknown };
}

let read: ConfigurationReader = () => undefined;

const lastConfigurationHint =
  'Refresh and destroy use the configuration of the last pulumi up: if it has changed since, run pulumi up once, or repeat this ' +
  'command with --run-program';

/** What the running program declares. */
export const declarations = new Declarations();

const reconcilers = new Map<string, Promise<OrgReconciler>>();

/**
 * Takes the stack's configuration. Synchronous and without any work, because the host lets other calls through while it
 * waits, and goes on unconfigured when this throws.
 */
export function configure(request: ConfigureRequest): void {
  read = (key) => request.config.get(key);
  setRequestGate(endWithoutEngine);
  setWarningSink((message) => {
    resourceLog(undefined).warn(message);
  });
  watchEngine();
}

/**
 * The configuration of an org.
 *
 * Without a running program (refresh, destroy) the engine passes the configuration of the last `up`: credentials of the
 * environment go first then.
 *
 * @throws ConfigurationError
 */
export function configurationOf(alias: string | undefined): OrgConfiguration {
  return readOrgConfiguration(read, process.env, alias, !declarations.isProgramRunning);
}

/**
 * Signs in to an org, once for all resources of the run.
 *
 * @throws ConfigurationError, SignInError, OrgConnectionError; where the configuration is that of the last `up`, with the
 *   two ways to use today's
 */
export async function reconcilerFor(alias: string | undefined): Promise<OrgReconciler> {
  const isProgramRunning = declarations.isProgramRunning;
  const key = `${alias ?? ''}\n${String(isProgramRunning)}`;
  let reconciler = reconcilers.get(key);
  if (reconciler === undefined) {
    reconciler = connectTo(alias);
    reconcilers.set(key, reconciler);
  }
  try {
    const signedIn = await reconciler;
    declarations.noteAlias(alias, signedIn.connection.organizationId);
    return signedIn;
  } catch (thrown) {
    // Every resource gets an error of its own: the host and the engine add to the one they are given.
    throw new ProviderError(messageOf(thrown) + (isProgramRunning ? '' : `. ${lastConfigurationHint}`));
  }
}

/**
 * An error as read and delete pass it on: a session that the org refuses may be that of an outdated configuration.
 *
 * @param thrown anything that was thrown
 */
export function withConfigurationHint(thrown: unknown): unknown {
  return thrown instanceof SessionRefusedError && !declarations.isProgramRunning
    ? new ProviderError(`${thrown.message}. ${lastConfigurationHint}`)
    : thrown;
}

async function connectTo(alias: string | undefined): Promise<OrgReconciler> {
  const configuration = configurationOf(alias);
  // Loaded here, so that what does not talk to an org does not wait for it.
  const [{ connect }, { OrgReconciler: Reconciler }] = await Promise.all([
    import('../org/orgConnection.js'),
    import('../reconcile/orgReconciler.js'),
  ]);
  return new Reconciler(await connect(configuration));
}

/**
 * Signs in for one resource.
 *
 * @throws ProviderError naming the app: nothing was sent to the org but the sign-in
 */
export async function reconcilerForApp(app: string, alias: string | undefined): Promise<OrgReconciler> {
  try {
    return await reconcilerFor(alias);
  } catch (thrown) {
    throw new ProviderError(`External client app "${app}": ${messageOf(thrown)}. The org was not changed`);
  }
}

/**
 * The reconciler of the org that a resource is in.
 *
 * @throws ProviderError naming both ids when the sign-in leads to another org: a stack never changes another one
 */
export async function reconcilerOf(
  state: Pick<ResourceState, 'app' | 'org' | 'organizationId'>,
): Promise<OrgReconciler> {
  const reconciler = await reconcilerForApp(state.app, state.org);
  const { organizationId, label } = reconciler.connection;
  if (organizationId !== state.organizationId) {
    throw wrongOrg(state.app, state.organizationId, organizationId, label);
  }
  return reconciler;
}

/** The error of a sign-in that leads to another org than the one in the state. */
export function wrongOrg(app: string, inState: string, signedIn: string, label: string): ProviderError {
  return new ProviderError(
    `External client app "${app}" is in organization ${inState}, but the sign-in to org ${label} leads to organization ` +
      `${signedIn}; nothing was sent. Is it the wrong alias or address, or a sandbox that was refreshed? Sign in to ${inState} ` +
      'again; if that org is gone, remove the resource from the state with pulumi state delete',
  );
}
