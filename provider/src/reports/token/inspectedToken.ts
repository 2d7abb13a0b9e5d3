import type { TokenTimes } from '../../org/orgInformation.js';
import { decodeAccessToken, inspectAccessToken } from '../../signIn/accessToken.js';

/** What an access token says of itself, not verified, and of an opaque one what the org says. */
export interface InspectedToken {
  format: 'jwt' | 'opaque';
  /** The 18-character organization id, where the token holds it. */
  organizationId: string | undefined;
  /** Of a JWT-based token. */
  header: Readonly<Record<string, unknown>> | undefined;
  /** Of a JWT-based token. */
  claims: Readonly<Record<string, unknown>> | undefined;
  /** ISO 8601, from `iat`. */
  issuedAt: string | undefined;
  /** ISO 8601, from `exp`; the end of an opaque token moves with every use. */
  expiresAt: string | undefined;
  /** From issue to end, in minutes: `exp` less `iat`. */
  lifetimeMinutes: number | undefined;
}

/**
 * Reads an access token without trusting it.
 *
 * @param times what the org says of an opaque token, which tells no times itself
 */
export function inspectToken(token: string, times?: TokenTimes): InspectedToken {
  const { format, organizationId } = inspectAccessToken(token);
  const decoded = decodeAccessToken(token);
  const issued = seconds(decoded === undefined ? times?.issued : decoded.claims['iat']);
  const expires = seconds(decoded === undefined ? times?.expires : decoded.claims['exp']);
  return {
    format,
    organizationId,
    header: decoded?.header,
    claims: decoded?.claims,
    issuedAt: isoDate(issued),
    expiresAt: isoDate(expires),
    lifetimeMinutes: issued === undefined || expires === undefined ? undefined : (expires - issued) / 60,
  };
}

/** A date that JavaScript can hold; a claim may be anything. */
const seconds = (claim: unknown): number | undefined =>
  typeof claim === 'number' && Math.abs(claim) <= 8.64e12 ? claim : undefined;

const isoDate = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time * 1000).toISOString();
