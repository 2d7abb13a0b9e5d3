import type { TokenTimes } from '../../org/orgInformation.js';
import { decodeAccessToken, inspectAccessToken } from '../../signIn/accessToken.js';

/** The contents of an access token, not verified; for an opaque one, what the org returns about it. */
export interface InspectedToken {
  format: 'jwt' | 'opaque';
  /** The 18-character organization id, if the token contains it. */
  organizationId: string | undefined;
  /** Of a JWT-based token. */
  header: Readonly<Record<string, unknown>> | undefined;
  /** Of a JWT-based token. */
  claims: Readonly<Record<string, unknown>> | undefined;
  /** ISO 8601, from `iat`. */
  issuedAt: string | undefined;
  /** ISO 8601, from `exp`; every use moves the expiry of an opaque token. */
  expiresAt: string | undefined;
  /** From issue to expiry, in minutes: `exp` minus `iat`. */
  lifetimeMinutes: number | undefined;
}

/**
 * Reads an access token without trusting it.
 *
 * @param times what the org returns about an opaque token, which contains no times itself
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

/** A time that JavaScript can represent as a date; a claim may be anything. */
const seconds = (claim: unknown): number | undefined =>
  typeof claim === 'number' && Math.abs(claim) <= 8.64e12 ? claim : undefined;

const isoDate = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time * 1000).toISOString();
