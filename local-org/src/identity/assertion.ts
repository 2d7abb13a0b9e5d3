import { X509Certificate, type KeyObject } from 'node:crypto';
import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import { readTime } from '../readInput.js';
import type { KeptState } from '../state/keptState.js';
import type { IdentityApp, IdentityOrg } from './identityOrg.js';
import { oauthErrors } from './oauthErrors.js';

/** How far ahead an assertion's expiry may be, in milliseconds. */
const nearMs = 5 * 60_000;

/** How long ago an assertion may have expired, in milliseconds. */
const skewMs = 3 * 60_000;

/** An `exp` above this is in milliseconds: in seconds it would be the year 5138. */
const smallestMilliseconds = 100_000_000_000;

/** The content of a valid JWT bearer assertion. */
export interface Assertion {
  readonly app: IdentityApp;
  readonly username: string;
}

/** Checks JWT bearer assertions and remembers the ids (`jti`) of accepted ones, because each is valid once. */
export class Assertions {
  readonly #org: IdentityOrg;
  /** Id by app and `jti`, with the time (client's clock, ms) until which the assertion could be repeated. */
  readonly #seen = new Map<string, number>();

  /** @param kept what holds the ids of an earlier process, and records those of this one */
  constructor(
    org: IdentityOrg,
    private readonly kept: KeptState,
  ) {
    this.#org = org;
    for (const [id, until] of kept.entries('assertions')) {
      this.#seen.set(id, readTime(until, 'the time of an assertion'));
    }
  }

  /**
   * @param findApp gives the app of a consumer key, or throws the OAuthError for one that may not sign in.
   * @throws OAuthError `invalid_grant` with the text for what is wrong.
   */
  async verify(assertion: string, findApp: (consumerKey: string) => IdentityApp): Promise<Assertion> {
    const app = findApp(issuerOf(assertion));
    const now = this.#org.clientNow?.() ?? this.#org.now();
    try {
      const payload = await jwtVerify(assertion, publicKeyOf(app.certificate), {
        algorithms: ['RS256'],
        audience: acceptedAudiences(this.#org.instanceUrl),
        requiredClaims: ['iss', 'sub', 'exp'],
        currentDate: new Date(now),
      }).then((verified) => verified.payload, payloadOfExpired);
      if (payload.sub === undefined || payload.exp === undefined) throw oauthErrors.invalidAssertion();
      const expiry = nearExpiry(payload.exp, now);
      if (payload.jti !== undefined) this.#rememberOnce(`${app.consumerKey} ${payload.jti}`, expiry, now);
      return { app, username: payload.sub };
    } catch (error) {
      throw asOAuthError(error);
    }
  }

  #rememberOnce(id: string, expiry: number, now: number): void {
    for (const [other, until] of this.#seen) if (until < now) this.#forget(other);
    if (this.#seen.has(id)) throw oauthErrors.invalidAssertion();
    this.#seen.set(id, expiry + nearMs);
    this.kept.put('assertions', id, expiry + nearMs);
  }

  #forget(id: string): void {
    this.#seen.delete(id);
    this.kept.remove('assertions', id);
  }
}

/** login, test and the org's own address, each with and without a trailing slash (the Salesforce CLI sends one). */
function acceptedAudiences(instanceUrl: string): string[] {
  return ['https://login.salesforce.com', 'https://test.salesforce.com', instanceUrl].flatMap((url) => [
    url,
    `${url}/`,
  ]);
}

/** The expiry is checked last, by {@link nearExpiry}. */
function payloadOfExpired(error: unknown): JWTPayload {
  if (error instanceof errors.JWTExpired) return error.payload;
  throw error;
}

/**
 * The expiry in milliseconds.
 * Documented: seconds, in the near future. But the Salesforce CLI sends milliseconds (its source; 300 ms ahead) and signs in to real orgs, while one
 * project reports `expired authorization code` for milliseconds. So milliseconds are accepted here if they are near in either direction, and
 * everything else must be seconds in the next five minutes; five is one project's report. CumulusCI sends the current second
 * (its source), which has passed when the org reads it, and signs in: so clocks may differ a little. How much is unknown; three minutes
 * here.
 */
function nearExpiry(exp: number, now: number): number {
  const inMilliseconds = exp > smallestMilliseconds;
  const expiry = inMilliseconds ? exp : exp * 1000;
  const earliest = now - (inMilliseconds ? nearMs : skewMs);
  if (expiry < earliest || expiry > now + nearMs) throw oauthErrors.expiredAssertion();
  return expiry;
}

function issuerOf(assertion: string): string {
  try {
    const { iss } = decodeJwt(assertion);
    if (iss !== undefined) return iss;
  } catch (error) {
    throw asOAuthError(error);
  }
  throw oauthErrors.invalidAssertion();
}

/** The key of a `certificate` element: PEM, or base64 of PEM or DER, white space anywhere. */
function publicKeyOf(certificate: string | undefined): KeyObject {
  if (certificate === undefined || certificate.trim() === '') throw oauthErrors.invalidAssertion();
  const content = certificate.includes('-----BEGIN')
    ? certificate.trim()
    : Buffer.from(certificate, 'base64');
  try {
    return new X509Certificate(content).publicKey;
  } catch {
    throw oauthErrors.invalidAssertion();
  }
}

/** jose's errors as the org's messages; a TypeError is a key that RS256 cannot use. Other errors are unchanged. */
function asOAuthError(error: unknown): unknown {
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud')
    return oauthErrors.invalidAudience();
  if (error instanceof errors.JOSEError || error instanceof TypeError) return oauthErrors.invalidAssertion();
  return error;
}
