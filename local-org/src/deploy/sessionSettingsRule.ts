import { ninetyMinutesSince, sessionTimeoutMinutes } from '../components/sessionTimeoutValues.js';
import { child } from '../xml.js';
import type { DeployContext, DeployedComponent, DeployRule, Problem } from './deployedComponent.js';

/** The only member of the type Settings in the org. */
const knownSettings = 'Security';

export const sessionSettings: DeployRule = { name: 'sessionSettings', problem: sessionSettingsProblem };

function sessionSettingsProblem(
  { type, fullName, root }: DeployedComponent,
  { version }: DeployContext,
): Problem | undefined {
  if (type.name !== 'Settings') return undefined;
  if (fullName !== knownSettings) {
    return { problem: `The local org has no settings '${fullName}'; it has: ${knownSettings}` };
  }
  const settings = child(root, 'sessionSettings');
  const timeout = settings && child(settings, 'sessionTimeout');
  if (!timeout) return undefined;
  const value = timeout.text.trim();
  const isKnown =
    sessionTimeoutMinutes.has(value) && (value !== 'NinetyMinutes' || version >= ninetyMinutesSince);
  return isKnown
    ? undefined
    : { problem: `'${value}' is not a valid value for the enum 'SessionTimeout'`, element: timeout };
}
