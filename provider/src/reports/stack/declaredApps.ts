import { isOwnType } from '../../resourceType.js';
import { parseInputs } from '../../resourceState.js';
import type { OrgApp } from '../../reconcile/apps/orgApp.js';
import type { OrgSnapshot } from '../../reconcile/apps/readOrg.js';
import type { StateResource } from '../drift/engineEvents.js';

/** The apps of an org that the resources in a stack's state declare, by developer name. */
export function declaredApps(state: readonly StateResource[], organizationId: string): string[] {
  return state
    .filter(({ type, id }) => isOwnType(type) && id.startsWith(`${organizationId}/`))
    .map(({ inputs }) => parseInputs(inputs).app);
}

/** The parts of an org that decide which apps are not declared. */
type Coverage = Pick<OrgSnapshot, 'signInApp'> & { apps: readonly Pick<OrgApp, 'name' | 'isOauthEnabled'>[] };

/**
 * The names of the apps that issue tokens and are not declared. An app without OAuth has nothing to declare, and the app that the run
 * signs in with is not to be declared.
 */
export function undeclaredApps({ apps, signInApp }: Coverage, declared: readonly string[]): string[] {
  return apps
    .filter(({ name, isOauthEnabled }) => isOauthEnabled && name !== signInApp && !declared.includes(name))
    .map(({ name }) => name)
    .sort();
}

/** Why {@link undeclaredApps} leaves out the app that the run signs in with; no full stop at the end. */
export const describeSignInApp = (app: string): string =>
  `${app}: not counted as undeclared: the command signs in with it`;

/** The app that the run signs in with, if {@link undeclaredApps} leaves it out only for that. */
export function undeclaredSignInApp(
  { apps, signInApp }: Coverage,
  declared: readonly string[],
): string | undefined {
  const isLeftOut =
    signInApp !== undefined && undeclaredApps({ apps, signInApp: undefined }, declared).includes(signInApp);
  return isLeftOut ? signInApp : undefined;
}
