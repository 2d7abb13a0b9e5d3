/** What an access token stands for. */
export interface Session {
  readonly token: string;
  readonly format: 'opaque' | 'jwt';
  /** 18 characters. */
  readonly userId: string;
  /** The app the token was issued to; undefined for a token of the org itself. */
  readonly consumerKey: string | undefined;
  /** OAuth scope names granted at issue. */
  readonly scopes: readonly string[];
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** Milliseconds since 1970. An opaque token's moves with every use, a JWT's never. */
  readonly expiresAt: number;
}

/** What a refresh token stands for. */
export interface RefreshGrant {
  readonly userId: string;
  readonly consumerKey: string;
}

/** The access and refresh tokens that an org has issued and that have not ended. */
export class Sessions {
  readonly #sessions = new Map<
    string,
    { session: Session; lifetimeMs: number; refreshToken: string | undefined }
  >();
  readonly #refreshGrants = new Map<string, RefreshGrant>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Remembers a session; `refreshToken` is the one it came from, so that revoking that one ends it. */
  add(session: Session, refreshToken?: string): void {
    for (const [token, { session: other }] of this.#sessions) {
      if (other.expiresAt <= this.#now()) this.#sessions.delete(token);
    }
    const lifetimeMs = session.expiresAt - session.issuedAt;
    this.#sessions.set(session.token, { session, lifetimeMs, refreshToken });
  }

  addRefreshToken(refreshToken: string, grant: RefreshGrant): void {
    this.#refreshGrants.set(refreshToken, grant);
  }

  /** The live session of a token, looked at without using it; undefined: unknown, expired or revoked. */
  peek(token: string): Session | undefined {
    const session = this.#sessions.get(token)?.session;
    return session !== undefined && session.expiresAt > this.#now() ? session : undefined;
  }

  /** The live sessions, in the order of issue. */
  live(): Session[] {
    return [...this.#sessions.values()]
      .map(({ session }) => session)
      .filter(({ expiresAt }) => expiresAt > this.#now());
  }

  /** As {@link peek}, and counts as a use: an opaque session starts its lifetime anew. */
  use(token: string): Session | undefined {
    const session = this.peek(token);
    const stored = this.#sessions.get(token);
    if (session === undefined || stored === undefined || session.format === 'jwt') return session;
    stored.session = { ...session, expiresAt: this.#now() + stored.lifetimeMs };
    return stored.session;
  }

  refreshGrant(refreshToken: string): RefreshGrant | undefined {
    return this.#refreshGrants.get(refreshToken);
  }

  /**
   * Ends an access token, or a refresh token with all access tokens that came from it.
   * @returns false when the token is neither.
   */
  revoke(token: string): boolean {
    if (this.#refreshGrants.delete(token)) {
      for (const [accessToken, { refreshToken }] of this.#sessions) {
        if (refreshToken === token) this.#sessions.delete(accessToken);
      }
      return true;
    }
    const live = this.peek(token) !== undefined;
    this.#sessions.delete(token);
    return live;
  }
}
