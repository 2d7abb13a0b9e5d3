import type { DeclaredLifetime, UserKind } from './declaredSettings.js';
import { acceptedTimeouts, unreadable, unreadableFault, userKinds } from './declaredSettings.js';

/** What a lifetime is measured by. */
export interface LifetimeLimit {
  maximumMinutes: number;
  /** What `UserSession` counts as, in minutes. */
  userSessionMinutes: number;
}

/** What is wrong with a declared lifetime and what to do, after the name of the app; `undefined` when nothing is. */
export function lifetimeFault(
  users: UserKind,
  lifetime: DeclaredLifetime,
  { maximumMinutes, userSessionMinutes }: LifetimeLimit,
): string | undefined {
  const { sessionTimeoutType, timeout, words } = userKinds[users];
  if (lifetime === unreadable) {
    return unreadableFault(`${sessionTimeoutType} or ${timeout}`);
  }
  const minutes = lifetime === 'UserSession' ? userSessionMinutes : lifetime;
  if (minutes <= maximumMinutes) {
    return undefined;
  }
  const accepted = acceptedTimeouts.filter((value) => value <= maximumMinutes);
  const choice = `${timeout} to ${accepted.join(', ').replace(/, (?=\d+$)/, ' or ')} (minutes)`;
  return lifetime === 'UserSession'
    ? `${sessionTimeoutType} is UserSession, which counts as ${minutes} minutes: the session timeout of the user's profile, else of ` +
        `the org, is the lifetime of tokens of ${words}; at most ${maximumMinutes} are allowed. Set ${choice} and leave ` +
        `${sessionTimeoutType} out. Where no user of the app has a longer session timeout, say that with userSessionMinutes in the ` +
        'configuration of this policy instead.'
    : `${timeout} is ${minutes} minutes; at most ${maximumMinutes} are allowed for tokens of ${words}. Set ${choice}.`;
}
