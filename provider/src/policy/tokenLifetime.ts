import { describeValue } from './difference.js';
import { absent, firstVersionOf, timeoutPairs } from './fields.js';
import type { FieldValues } from './fields.js';

/**
 * The longest session timeout that a profile or an org can have, in minutes (Metadata API Developer Guide, ProfileSessionSetting and
 * SecuritySettings): twice the longest that an app can set.
 */
export const longestSessionTimeout = 1440;

/** The session timeouts of an org, which `UserSession` uses. The user's profile takes precedence over the org. */
export interface SessionTimeouts {
  /**
   * The org's own, in minutes; `undefined` if the org does not return it.
   *
   * @integer
   */
  readonly orgMinutes: number | undefined;
  /**
   * Those of the profiles that have their own, in minutes by profile; `undefined` if the org does not return them.
   *
   * @integer
   */
  readonly profileMinutes: Readonly<Record<string, number>> | undefined;
  /** Why one of them is missing; without a full stop. */
  readonly unknownReason: string | undefined;
}

/** The effective lifetime of an app's access tokens. */
export interface TokenLifetime {
  /** `fixed`: from issue (JWT-based access tokens); `inactivity`: restarts with every use (opaque ones). */
  readonly kind: 'fixed' | 'inactivity';
  /**
   * The longest lifetime that a token can have, in minutes.
   *
   * @integer
   */
  readonly maximumMinutes: number;
  /**
   * Every lifetime that a token can have, in minutes, shortest first: more than one if it depends on the user's profile, none if
   * the org does not return it.
   *
   * @integer
   */
  readonly possibleMinutes: readonly number[];
  /** The setting that determines the longest lifetime; `unknown` if the org does not return it, so up to 1440 minutes are possible. */
  readonly source: 'app' | 'profile' | 'org' | 'unknown';
  /** The setting in words, or why it is unknown; without a full stop. */
  readonly reason: string;
}

/** The settings of an app that determine the lifetime of its tokens. */
export interface TokenSettings {
  readonly isOauthEnabled: boolean;
  readonly tokenFormat: 'jwt' | 'opaque' | 'unknown';
  /** A field whose component the org does not have is omitted. */
  readonly settings: FieldValues;
  /** `isGuestCodeCredFlowEnabled` of the policies. */
  readonly isGuestFlowEnabled: boolean;
  /** `sessionTimeoutInMinutes` of the policies, for opaque tokens only (Metadata API Developer Guide); `undefined` if not set. */
  readonly sessionTimeoutInMinutes: number | undefined;
}

const [namedUserPair, guestPair] = timeoutPairs;

/**
 * The lifetime of named users' tokens.
 *
 * @param apiVersion the Metadata API version that the settings were read at, for example 66
 * @returns `undefined` if the app issues no tokens
 */
export function namedUserTokenLifetime(
  app: TokenSettings,
  apiVersion: number,
  timeouts: SessionTimeouts,
): TokenLifetime | undefined {
  if (!app.isOauthEnabled) {
    return undefined;
  }
  if (app.tokenFormat !== 'opaque') {
    return jwtLifetime(namedUserPair, app, apiVersion, timeouts);
  }
  const minutes = app.sessionTimeoutInMinutes;
  return minutes !== undefined && minutes > 0
    ? setByApp('inactivity', minutes, 'sessionTimeoutInMinutes')
    : sessionLifetime('inactivity', timeouts);
}

/**
 * The lifetime of guest users' tokens.
 *
 * @param apiVersion the Metadata API version that the settings were read at
 * @returns `undefined` if the guest flow is off, or cannot work because the app issues opaque tokens
 */
export function guestTokenLifetime(
  app: TokenSettings,
  apiVersion: number,
  timeouts: SessionTimeouts,
): TokenLifetime | undefined {
  return app.isOauthEnabled && app.isGuestFlowEnabled && app.tokenFormat !== 'opaque'
    ? jwtLifetime(guestPair, app, apiVersion, timeouts)
    : undefined;
}

function jwtLifetime(
  pair: (typeof timeoutPairs)[number],
  { settings, tokenFormat }: TokenSettings,
  apiVersion: number,
  timeouts: SessionTimeouts,
): TokenLifetime {
  const { [pair.type]: type, [pair.timeout]: timeout } = settings;
  const condition = tokenFormat === 'unknown' ? 'if the app issues JWT-based access tokens: ' : '';
  if (type === undefined || timeout === undefined) {
    return unknown('fixed', 'the org has no ExtlClntAppOauthConfigurablePolicies component for the app');
  }
  // Before the types existed, a timeout applied without one; since then it applies only with Custom.
  const isCustom =
    type === 'Custom' || (type === absent && apiVersion < firstVersionOf(pair.type, undefined));
  if (isCustom && typeof timeout === 'number') {
    return setByApp('fixed', timeout, `${condition}${pair.timeout}`);
  }
  if (type === 'Custom') {
    return unknown('fixed', `${pair.type} is Custom without a numeric ${pair.timeout}`);
  }
  if (type !== absent && type !== 'UserSession') {
    return unknown(
      'fixed',
      `${pair.type} is ${describeValue(pair.type, type)}, which this release does not know`,
    );
  }
  const lifetime = sessionLifetime('fixed', timeouts);
  return { ...lifetime, reason: `${condition}${lifetime.reason}` };
}

function setByApp(kind: TokenLifetime['kind'], minutes: number, reason: string): TokenLifetime {
  return { kind, maximumMinutes: minutes, possibleMinutes: [minutes], source: 'app', reason };
}

function unknown(kind: TokenLifetime['kind'], reason: string): TokenLifetime {
  return { kind, maximumMinutes: longestSessionTimeout, possibleMinutes: [], source: 'unknown', reason };
}

/** The lifetime of a token that follows its user's session settings. The user's profile is not known. */
function sessionLifetime(kind: TokenLifetime['kind'], timeouts: SessionTimeouts): TokenLifetime {
  const { orgMinutes, profileMinutes } = timeouts;
  if (orgMinutes === undefined || profileMinutes === undefined) {
    return unknown(kind, 'session timeout of profile or org, which the org does not return');
  }
  const profiles = Object.entries(profileMinutes);
  const longest = profiles.reduce<[string, number] | undefined>(
    (found, profile) => (profile[1] > (found?.[1] ?? orgMinutes) ? profile : found),
    undefined,
  );
  const all = [...new Set([orgMinutes, ...profiles.map(([, minutes]) => minutes)])];
  const possibleMinutes = all.sort((left, right) => left - right);
  const org = `session timeout of the org ${orgMinutes} minutes`;
  return longest === undefined
    ? { kind, maximumMinutes: orgMinutes, possibleMinutes, source: 'org', reason: org }
    : {
        kind,
        maximumMinutes: longest[1],
        possibleMinutes,
        source: 'profile',
        reason: `session timeout of the profile "${longest[0]}" ${longest[1]} minutes, of the org ${orgMinutes} minutes`,
      };
}
