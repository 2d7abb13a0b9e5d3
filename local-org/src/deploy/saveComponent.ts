import type { ComponentType } from '../components/types.js';
import type { OrgState } from '../org/orgState.js';
import type { OrgUser } from '../org/users.js';
import { deployedComponent, type DeployContext } from './deployedComponent.js';
import type { DeployOutcome } from './deployResult.js';
import { evaluateComponent } from './evaluateDeploy.js';

/**
 * Stores one component outside a deploy, by the rules of a deploy.
 * @param version API version of the text
 * @returns whether it is new, or why it was refused; then the org is as it was
 */
export function saveComponent(
  { store, faults, clock }: OrgState,
  user: OrgUser,
  version: number,
  { type, fullName, xml }: { type: ComponentType; fullName: string; xml: string },
): { problem: string } | { problem: undefined; created: boolean } {
  const change = { userId: user.userId, userName: user.displayName, at: clock.now() };
  const context: DeployContext = { store: store.fork(), before: store, version, role: user.role, faults };
  const component = deployedComponent(type, fullName, xml, store);
  const outcome: DeployOutcome = { results: [], changes: [] };
  const { problem } = evaluateComponent(component, context, change, outcome);
  if (problem !== undefined) return { problem };
  for (const changed of outcome.changes) {
    store.put(type.name, fullName, changed.xml, change, changed.consumerSecret);
  }
  return { problem: undefined, created: !component.existing };
}
