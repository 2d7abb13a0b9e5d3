import type { FastifyInstance } from 'fastify';
import { createSigningKey, opaqueSession, type SigningKey } from './accessTokens.js';
import { registerDiscoveryRoutes } from './discoveryRoutes.js';
import { Grants } from './grants.js';
import type { IdentityOrg } from './identityOrg.js';
import { Sessions, type Session } from './sessions.js';
import { registerTokenRoutes } from './tokenRoutes.js';
import { registerUserRoutes } from './userRoutes.js';

export type { IdentityApp, IdentityOrg, IdentityUser } from './identityOrg.js';
export type { Session } from './sessions.js';

/** The OAuth side of one org: issues access tokens, knows whose they are and when they end. */
export class Identity {
  readonly #org: IdentityOrg;
  readonly #sessions: Sessions;
  readonly #signingKey: Promise<SigningKey>;
  readonly #grants: Grants;

  /** Starts making the org's signing key; requests that need it wait for it. */
  constructor(org: IdentityOrg) {
    this.#org = org;
    this.#sessions = new Sessions(() => org.now());
    this.#signingKey = createSigningKey(org);
    this.#grants = new Grants(org, this.#sessions, this.#signingKey);
  }

  /** Resolves when the org's signing key exists. */
  static async create(org: IdentityOrg): Promise<Identity> {
    const identity = new Identity(org);
    await identity.#signingKey;
    return identity;
  }

  /** The session of an access token, which this counts as a use of; undefined: unknown, expired or revoked. */
  authenticate(token: string): Session | undefined {
    return this.#sessions.use(token);
  }

  /** The sessions of all users that have not ended. */
  get liveSessions(): readonly Session[] {
    return this.#sessions.live();
  }

  /** A new opaque access token of a user that no grant asked for; the lifetime in minutes starts anew with every use. */
  issueOpaqueToken(userId: string, lifetimeMinutes: number, consumerKey?: string): Session {
    const session = opaqueSession(this.#org, { userId, lifetimeMinutes, consumerKey, scopes: ['full'] });
    this.#sessions.add(session);
    return session;
  }

  /** A refresh token, as a user's authorization of an app in a browser yields one. It does not expire; revoking ends it. */
  issueRefreshToken(userId: string, consumerKey: string): string {
    return this.#grants.issueRefreshToken(userId, consumerKey);
  }

  /** Notes that a user has approved an app in a browser: what an app of `AllSelfAuthorized` needs before JWT bearer works. */
  approve(userId: string, consumerKey: string): void {
    this.#grants.approve(userId, consumerKey);
  }

  /**
   * Adds the OAuth endpoints to an org's server: token, userinfo, introspect and revoke under `/services/oauth2`, `/id/keys`,
   * `/id/<org>/<user>` and `/.well-known/openid-configuration`. The server must parse forms (`@fastify/formbody`).
   */
  registerRoutes(app: FastifyInstance): void {
    registerTokenRoutes(app, { org: this.#org, sessions: this.#sessions, grants: this.#grants });
    registerUserRoutes(app, { org: this.#org, authenticate: (token) => this.authenticate(token) });
    registerDiscoveryRoutes(app, { org: this.#org, signingKey: this.#signingKey });
  }
}
