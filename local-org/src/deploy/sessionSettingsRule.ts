import { ninetyMinutesSince, sessionTimeoutMinutes } from '../components/sessionTimeoutValues.js';
import { child } from '../xml.js';
import type { DeployRule } from './deployedComponent.js';

/** The one member of the type Settings that the org has. */
const knownSettings = 'Security';

/**
 * Of the org's settings only the security settings can be deployed, and their session timeout is one of a fixed set (documented; the
 * wording of the refusal is that of any enum).
 */
export const sessionSettingsRule: DeployRule = ({ type, fullName, root }, { version }) => {
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
};
