import {
  orUndefined,
  readFields,
  readList,
  readOneOf,
  readText,
  readTime,
  readWholeNumber,
} from '../readInput.js';
import type { KeptState } from '../state/keptState.js';

/** The session of an access token. */
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
  /** When its lifetime last started, milliseconds since 1970. */
  readonly renewedAt: number;
  /** Its lifetime from {@link renewedAt} on, in milliseconds; fixed at issue. */
  readonly lifetimeMs: number;
  /** Milliseconds since 1970. An opaque token's moves with use, a JWT's never. */
  readonly expiresAt: number;
  /** The unique visitor id of a guest of the headless flow; undefined for a named user. */
  readonly uvid: string | undefined;
  /** The grant of the refresh token that it came from. */
  readonly grantId: string | undefined;
}

/** The maximum number of sessions; when it is reached, half of them are dropped. */
const maximumSessions = 20_000;

/** The access tokens that an org has issued and that have not ended. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  #sizeToTidyAt = 1000;

  /** @param kept what holds the sessions of an earlier process, and records those of this one */
  constructor(
    private readonly now: () => number,
    private readonly kept: KeptState,
  ) {
    for (const [token, stored] of kept.entries('sessions')) {
      this.#sessions.set(token, readSession(stored));
    }
  }

  add(session: Session): void {
    this.#store(session);
    // Only now and then, so that the time to add a session does not depend on their number.
    if (this.#sessions.size < this.#sizeToTidyAt) return;
    for (const { token, expiresAt } of this.#sessions.values()) {
      if (expiresAt <= this.now()) this.#forget(token);
    }
    const surplus = this.#sessions.size - maximumSessions / 2;
    if (surplus > 0) this.#forgetFirstToEnd(surplus);
    this.#sizeToTidyAt = Math.max(1000, 2 * this.#sessions.size);
  }

  /** The session of a token, without using it; undefined if the token is unknown, expired or revoked. */
  peek(token: string): Session | undefined {
    const session = this.#sessions.get(token);
    return session !== undefined && session.expiresAt > this.now() ? session : undefined;
  }

  /** The sessions that have not ended, in the order of issue. */
  live(): Session[] {
    return [...this.#sessions.values()].filter(({ expiresAt }) => expiresAt > this.now());
  }

  /**
   * As {@link peek}, but counts as a use: the lifetime of an opaque session starts again if half of it is over (documented: activity in the
   * first half of the timeout changes nothing).
   */
  use(token: string): Session | undefined {
    const session = this.peek(token);
    if (session === undefined || session.format === 'jwt') return session;
    const now = this.now();
    if (now - session.renewedAt < session.lifetimeMs / 2) return session;
    const renewed = { ...session, renewedAt: now, expiresAt: now + session.lifetimeMs };
    this.#store(renewed);
    return renewed;
  }

  /**
   * Ends an access token.
   * @returns false if there is no session with this token
   */
  revoke(token: string): boolean {
    const live = this.peek(token) !== undefined;
    this.#forget(token);
    return live;
  }

  /** Ends every access token that came from a grant. */
  revokeGrant(grantId: string): void {
    for (const session of this.#sessions.values())
      if (session.grantId === grantId) this.#forget(session.token);
  }

  /** Those of guests first, because anyone can get one. */
  #forgetFirstToEnd(count: number): void {
    const isNamed = ({ uvid }: Session): number => (uvid === undefined ? 1 : 0);
    const inOrder = [...this.#sessions.values()].sort(
      (one, other) => isNamed(one) - isNamed(other) || one.expiresAt - other.expiresAt,
    );
    for (const { token } of inOrder.slice(0, count)) this.#forget(token);
  }

  #store(session: Session): void {
    this.#sessions.set(session.token, session);
    this.kept.put('sessions', session.token, session);
  }

  #forget(token: string): void {
    if (this.#sessions.delete(token)) this.kept.remove('sessions', token);
  }
}

const readSession: (stored: unknown) => Session = readFields('A session', {
  token: readText,
  format: readOneOf(['opaque', 'jwt']),
  userId: readText,
  consumerKey: orUndefined(readText),
  scopes: readList(readText),
  issuedAt: readTime,
  renewedAt: readTime,
  lifetimeMs: readWholeNumber(0),
  expiresAt: readTime,
  uvid: orUndefined(readText),
  grantId: orUndefined(readText),
});
