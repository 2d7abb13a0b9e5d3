import type { FastifyInstance } from 'fastify';
import { notKept, type KeptState } from '../state/keptState.js';
import { opaqueSession } from './accessTokens.js';
import { registerDiscoveryRoutes } from './discoveryRoutes.js';
import { Grants, type TokenStores } from './grants.js';
import { GuestFlow } from './guestFlow.js';
import type { IdentityOrg } from './identityOrg.js';
import { RefreshTokens } from './refreshTokens.js';
import { Sessions, type Session } from './sessions.js';
import { lazySigningKey } from './signingKey.js';
import { registerTokenRoutes } from './tokenRoutes.js';
import { registerUserRoutes } from './userRoutes.js';

export type { IdentityApp, IdentityOrg, IdentityUser } from './identityOrg.js';
export type { Session } from './sessions.js';

/** The OAuth side of one org: issues access tokens, and manages their users and ends. */
export class Identity {
  readonly #stores: TokenStores;
  readonly #grants: Grants;

  /**
   * @param kept what holds the tokens and the signing key of an earlier process, and records those of this one; default: nothing
   * @throws InputError when what an earlier process recorded is not as this release writes it
   */
  constructor(org: IdentityOrg, kept: KeptState = notKept) {
    const sessions = new Sessions(() => org.now(), kept);
    this.#stores = {
      org,
      sessions,
      refreshTokens: new RefreshTokens(org, kept),
      guestFlow: new GuestFlow(org, sessions),
      signingKey: lazySigningKey(org, kept),
      kept,
    };
    this.#grants = new Grants(this.#stores);
  }

  /** The session of an access token; counts as a use. Undefined if the token is unknown, expired or revoked. */
  authenticate(token: string): Session | undefined {
    return this.#stores.sessions.use(token);
  }

  /** The session of an access token, without using it; undefined if the token is unknown, expired or revoked. */
  session(token: string): Session | undefined {
    return this.#stores.sessions.peek(token);
  }

  /** The sessions of all users that have not ended. */
  get liveSessions(): readonly Session[] {
    return this.#stores.sessions.live();
  }

  /** A new opaque access token of a user without a grant, with a lifetime in minutes. */
  issueOpaqueToken(userId: string, lifetimeMinutes: number, consumerKey?: string): Session {
    const session = opaqueSession(this.#stores.org, {
      userId,
      lifetimeMinutes,
      consumerKey,
      scopes: ['full'],
    });
    this.#stores.sessions.add(session);
    return session;
  }

  /** A refresh token, as after a user's authorization of an app in a browser. The app's policy sets its lifetime. */
  issueRefreshToken(userId: string, consumerKey: string): string {
    return this.#grants.issueRefreshToken(userId, consumerKey);
  }

  /** Records that a user has approved an app in a browser, which an app with `AllSelfAuthorized` needs for JWT bearer. */
  approve(userId: string, consumerKey: string): void {
    this.#grants.approve(userId, consumerKey);
  }

  /**
   * Adds the OAuth endpoints to an org's server: authorize, token, userinfo, introspect and revoke under `/services/oauth2`, `/id/keys`,
   * `/id/<org>/<user>` and `/.well-known/openid-configuration`. The server must parse forms (`@fastify/formbody`).
   */
  registerRoutes(app: FastifyInstance): void {
    const { org, signingKey } = this.#stores;
    registerTokenRoutes(app, this.#stores, this.#grants);
    registerUserRoutes(app, { org, authenticate: (token) => this.authenticate(token) });
    registerDiscoveryRoutes(app, { org, signingKey });
  }
}
