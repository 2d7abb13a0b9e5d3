import { describeChoices, describeLifetime } from '../format/lifetime.js';
import { longestSessionTimeout } from '../../policy/tokenLifetime.js';
import type { ExternalClientApp } from '../../externalClientApp.js';
import type { InspectedToken } from './inspectedToken.js';

/** The comparison of a token with one setting of its app. */
export interface Comparison {
  /** What is compared. */
  name: 'token format' | 'lifetime';
  /** `unknown`: the org does not return the setting, or the token does not show its value. */
  status: 'ok' | 'differs' | 'unknown';
  /** No full stop at the end. */
  text: string;
}

const formatWords = { jwt: 'JWT-based', opaque: 'opaque', unknown: 'unknown' } as const;

/**
 * Compares a token with the settings of its app.
 *
 * @param hasSecret whether the token was obtained with the consumer secret, with which the org returns the times of an opaque token
 */
export function compareToken(
  token: Pick<InspectedToken, 'format' | 'lifetimeMinutes'>,
  app: Pick<
    ExternalClientApp,
    | 'tokenFormat'
    | 'tokenFormatReason'
    | 'isOauthEnabled'
    | 'oauthDisabledReason'
    | 'namedUserTokenLifetime'
    | 'problem'
  >,
  hasSecret: boolean,
): Comparison[] {
  return [compareFormat(token, app), compareLifetime(token, app, hasSecret)];
}

function compareFormat(
  { format }: Parameters<typeof compareToken>[0],
  app: Parameters<typeof compareToken>[1],
): Comparison {
  const name = 'token format';
  if (app.problem !== undefined) {
    return { name, status: 'unknown', text: `the token is ${formatWords[format]}; ${app.problem}` };
  }
  if (!app.isOauthEnabled) {
    return {
      name,
      status: 'differs',
      text: `the org issued a token although OAuth is not enabled for the app: ${app.oauthDisabledReason ?? ''}`,
    };
  }
  if (app.tokenFormat === 'unknown') {
    return {
      name,
      status: 'unknown',
      text: `the token is ${formatWords[format]}; ${app.tokenFormatReason ?? 'the org does not return the setting'}`,
    };
  }
  return app.tokenFormat === format
    ? { name, status: 'ok', text: `${formatWords[format]}, as set by isNamedUserJwtEnabled` }
    : {
        name,
        status: 'differs',
        text: `the token is ${formatWords[format]}; isNamedUserJwtEnabled requires ${formatWords[app.tokenFormat]}`,
      };
}

function compareLifetime(
  { format, lifetimeMinutes }: Parameters<typeof compareToken>[0],
  { namedUserTokenLifetime: lifetime }: Parameters<typeof compareToken>[1],
  hasSecret: boolean,
): Comparison {
  const name = 'lifetime';
  if (lifetimeMinutes === undefined) {
    const text =
      format === 'jwt'
        ? 'the token does not contain the times when it was issued and when it expires'
        : `an opaque token does not contain the time when it expires${hasSecret ? ', and the org did not return it' : '; set SALESFORCE_CLIENT_SECRET to get it from the org'}`;
    return { name, status: 'unknown', text };
  }
  // The two dates are rounded, so the difference may be off by a second.
  const minutes = Math.round(lifetimeMinutes);
  if (lifetime?.kind !== (format === 'jwt' ? 'fixed' : 'inactivity')) {
    return { name, status: 'unknown', text: `${minutes} minutes; the settings apply to other tokens` };
  }
  const setting = `${describeLifetime(lifetime)} (${lifetime.reason})`;
  if (lifetime.possibleMinutes.length === 0 && minutes <= longestSessionTimeout) {
    return { name, status: 'unknown', text: `${minutes} minutes; the settings allow ${setting}` };
  }
  return lifetime.possibleMinutes.includes(minutes)
    ? {
        name,
        status: 'ok',
        text: `${minutes} minutes, as set (${describeChoices(lifetime)}${lifetime.reason})`,
      }
    : { name, status: 'differs', text: `${minutes} minutes, expected ${setting}` };
}
