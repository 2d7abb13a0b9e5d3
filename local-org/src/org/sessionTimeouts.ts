import type { ComponentStore } from '../components/componentStore.js';
import { sessionTimeoutMinutes } from '../components/sessionTimeoutValues.js';
import { child, childText, parseXml } from '../xml.js';

/** The org's default session timeout: two hours (documented). */
const defaultMinutes = 120;

/**
 * The session timeout of a profile's users in minutes: that of the profile's session settings, otherwise the org's (documented). Profiles are
 * compared without case, because the case of their names is not documented; if several settings are for one profile,
 * which no document excludes, the one changed last counts.
 */
export function sessionTimeoutOf(store: ComponentStore, profile: string): number {
  return profileMinutes(store, profile) ?? orgMinutes(store) ?? defaultMinutes;
}

function profileMinutes(store: ComponentStore, profile: string): number | undefined {
  const ofProfile = store
    .list('ProfileSessionSetting')
    .map(({ xml, modified }) => ({ root: parseXml(xml), at: modified.at }))
    .filter(({ root }) => childText(root, 'profile')?.toLowerCase() === profile.toLowerCase())
    .sort((a, b) => a.at - b.at)
    .at(-1);
  const timeout = ofProfile && childText(ofProfile.root, 'sessionTimeout');
  if (timeout === undefined || !/^\d+$/.test(timeout)) return undefined;
  // Documented: 0 is shown as "2 Hours".
  return Number(timeout) || defaultMinutes;
}

function orgMinutes(store: ComponentStore): number | undefined {
  const security = store.get('Settings', 'Security');
  const settings = security && child(parseXml(security.xml), 'sessionSettings');
  return sessionTimeoutMinutes.get((settings && childText(settings, 'sessionTimeout')) ?? '');
}
