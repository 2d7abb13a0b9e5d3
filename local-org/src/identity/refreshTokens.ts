import { randomBytes, randomUUID } from 'node:crypto';
import { readFields, readText, readTime } from '../readInput.js';
import type { KeptState } from '../state/keptState.js';
import { shortId } from '../salesforceId.js';
import type { IdentityApp, IdentityOrg } from './identityOrg.js';

/** The grant of a refresh token; with rotation the next token belongs to the same grant. */
export interface RefreshGrant {
  /** Identifies the grant in its org. */
  readonly id: string;
  /** 18 characters. */
  readonly userId: string;
  readonly consumerKey: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** Milliseconds since 1970; {@link issuedAt} before the first use. */
  readonly lastUsedAt: number;
}

/** The refresh tokens that an org has issued and nobody has revoked. */
export class RefreshTokens {
  readonly #grants = new Map<string, RefreshGrant>();

  /** @param kept what holds the tokens of an earlier process, and records those of this one */
  constructor(
    private readonly org: IdentityOrg,
    private readonly kept: KeptState,
  ) {
    for (const [token, stored] of kept.entries('refreshTokens')) this.#grants.set(token, readGrant(stored));
  }

  issue(userId: string, consumerKey: string): string {
    const now = this.org.now();
    return this.#store({ id: randomUUID(), userId, consumerKey, issuedAt: now, lastUsedAt: now });
  }

  /** The grant of a token of any age; undefined if it is unknown or revoked. */
  find(token: string): RefreshGrant | undefined {
    return this.#grants.get(token);
  }

  /**
   * Uses a token of an app.
   * @returns its grant, and with rotation the token that takes its place, for the old one ends with this use (documented); undefined when
   * it is unknown, revoked, another app's, or expired by the app's current policy
   */
  use(token: string, app: IdentityApp): { grant: RefreshGrant; next: string | undefined } | undefined {
    const grant = this.#grants.get(token);
    const now = this.org.now();
    if (grant?.consumerKey !== app.consumerKey || refreshTokenExpiry(app, grant) <= now) return undefined;
    const used = { ...grant, lastUsedAt: now };
    if (!app.isRefreshTokenRotationEnabled) {
      this.#store(used, token);
      return { grant: used, next: undefined };
    }
    this.revoke(token);
    return { grant: used, next: this.#store(used) };
  }

  /** Ends a token. */
  revoke(token: string): void {
    if (this.#grants.delete(token)) this.kept.remove('refreshTokens', token);
  }

  #store(grant: RefreshGrant, token = newToken(this.org.organizationId)): string {
    this.#grants.set(token, grant);
    this.kept.put('refreshTokens', token, grant);
    return token;
  }
}

const dayMs = 24 * 60 * 60 * 1000;

/** The longest time without use of a refresh token, if the app enforces it (documented): 30 days. */
const idleLimitMs = 30 * dayMs;

/**
 * When a grant ends by the app's current policy, milliseconds since 1970; Infinity if only revocation ends it. The policy's names and
 * the idle limit are documented. It is unknown whether a month is a calendar month (assumed here), and whether rotation starts
 * `SpecificLifetime` again (here it does not).
 */
export function refreshTokenExpiry(
  app: Pick<
    IdentityApp,
    | 'refreshTokenPolicyType'
    | 'refreshTokenValidityPeriod'
    | 'refreshTokenValidityUnit'
    | 'isEnforceRefreshTokenTTL'
  >,
  { issuedAt, lastUsedAt }: Pick<RefreshGrant, 'issuedAt' | 'lastUsedAt'>,
): number {
  const idleEnd = app.isEnforceRefreshTokenTTL ? lastUsedAt + idleLimitMs : Infinity;
  switch (app.refreshTokenPolicyType) {
    case 'Zero':
      return issuedAt;
    case 'SpecificLifetime':
      return Math.min(idleEnd, validUntil(app, issuedAt));
    case 'SpecificInactivity':
      return Math.min(idleEnd, validUntil(app, lastUsedAt));
    default:
      return idleEnd;
  }
}

function validUntil(
  { refreshTokenValidityPeriod: period, refreshTokenValidityUnit: unit }: Partial<IdentityApp>,
  from: number,
): number {
  if (period === undefined) return Infinity;
  switch (unit) {
    case 'Hours':
      return from + (period * dayMs) / 24;
    case 'Days':
      return from + period * dayMs;
    case 'Months':
      return new Date(from).setUTCMonth(new Date(from).getUTCMonth() + period);
    default:
      return Infinity;
  }
}

function newToken(organizationId: string): string {
  return `5Aep${shortId(organizationId)}.${randomBytes(48).toString('base64url').replaceAll('-', '.')}`;
}

const readGrant: (stored: unknown) => RefreshGrant = readFields('A refresh token', {
  id: readText,
  userId: readText,
  consumerKey: readText,
  issuedAt: readTime,
  lastUsedAt: readTime,
});
