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
    ? `${sessionTimeoutType} is UserSession, which counts as ${minutes} minutes: tokens of ${words} would live as long as the session ` +
        `timeout of the profile or the org; the maximum is ${maximumMinutes}. Set ${choice} and leave ${sessionTimeoutType} out. If all ` +
        "users of the app have shorter session timeouts, set userSessionMinutes in this policy's configuration instead."
    : `${timeout} is ${minutes} minutes; at most ${maximumMinutes} are allowed for tokens of ${words}. Set ${choice}.`;
}
