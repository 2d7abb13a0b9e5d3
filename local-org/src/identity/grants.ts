import { randomBytes } from 'node:crypto';
import { issueAccessToken, shortId, type SigningKey } from './accessTokens.js';
import { Assertions } from './assertion.js';
import { findApp, type ClientCredentials, type Parameters } from './clients.js';
import type { IdentityApp, IdentityOrg, IdentityUser } from './identityOrg.js';
import { oauthErrors } from './oauthErrors.js';
import type { Session, Sessions } from './sessions.js';

/** What the token endpoint has granted. */
export interface Granted {
  readonly session: Session;
  readonly app: IdentityApp;
  readonly user: IdentityUser;
}

/** The grants of the token endpoint. Every method throws OAuthError for what it refuses. */
export class Grants {
  readonly #org: IdentityOrg;
  readonly #sessions: Sessions;
  readonly #signingKey: Promise<SigningKey>;
  readonly #assertions: Assertions;
  /** Consumer keys that a user has approved, by user id. */
  readonly #approvals = new Map<string, Set<string>>();

  constructor(org: IdentityOrg, sessions: Sessions, signingKey: Promise<SigningKey>) {
    this.#org = org;
    this.#sessions = sessions;
    this.#signingKey = signingKey;
    this.#assertions = new Assertions(org);
  }

  /** Notes that a user has approved an app, as one does in a browser. */
  approve(userId: string, consumerKey: string): void {
    const approved = this.#approvals.get(userId) ?? new Set();
    this.#approvals.set(userId, approved.add(consumerKey));
  }

  /** A refresh token, as a user's authorization in a browser yields one; so the app counts as approved by the user. */
  issueRefreshToken(userId: string, consumerKey: string): string {
    this.approve(userId, consumerKey);
    const token = `5Aep${shortId(this.#org.organizationId)}.${randomBytes(48).toString('base64url').replaceAll('-', '.')}`;
    this.#sessions.addRefreshToken(token, { userId, consumerKey });
    return token;
  }

  /** Grants what a request to the token endpoint asks for. */
  async grant(form: Parameters, client: ClientCredentials): Promise<Granted> {
    switch (form.get('grant_type')) {
      case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
        return this.#jwtBearer(form.get('assertion'));
      case 'client_credentials':
        return this.#clientCredentials(client);
      case 'refresh_token':
        return this.#refreshToken(form.get('refresh_token'), client);
      default:
        throw oauthErrors.unsupportedGrantType();
    }
  }

  async #jwtBearer(assertion: string | undefined): Promise<Granted> {
    if (assertion === undefined) throw oauthErrors.invalidAssertion();
    const { app, username } = await this.#assertions.verify(assertion, (key) => findApp(this.#org, key));
    const user = this.#org.users().find((candidate) => candidate.username === username);
    if (user === undefined || !this.#mayUse(user, app)) throw oauthErrors.userHasNotApproved();
    return this.#issue(app, user);
  }

  async #clientCredentials({ id, secret }: ClientCredentials): Promise<Granted> {
    const app = findApp(this.#org, id);
    if (app.consumerSecret === undefined || secret !== app.consumerSecret) {
      throw oauthErrors.invalidClientCredentials();
    }
    const runAs = app.isClientCredentialsFlowEnabled ? app.clientCredentialsFlowUser : undefined;
    const user = this.#org.users().find(({ username, userId }) => runAs === username || runAs === userId);
    if (user === undefined) throw oauthErrors.noClientCredentialsUser();
    return this.#issue(app, user);
  }

  async #refreshToken(refreshToken: string | undefined, { id, secret }: ClientCredentials): Promise<Granted> {
    const app = findApp(this.#org, id);
    // A secret is not demanded (the app's isSecretRequiredForRefreshToken is not looked at), but a wrong one is refused.
    if (secret !== undefined && secret !== app.consumerSecret) throw oauthErrors.invalidClientCredentials();
    const grant = refreshToken === undefined ? undefined : this.#sessions.refreshGrant(refreshToken);
    const user = this.#org.users().find(({ userId }) => userId === grant?.userId);
    if (user === undefined || grant?.consumerKey !== app.consumerKey) throw oauthErrors.expiredRefreshToken();
    return this.#issue(app, user, refreshToken);
  }

  /** Under `AdminApprovedPreAuthorized` every user of the local org is pre-authorised: it knows no permission sets and profiles. */
  #mayUse(user: IdentityUser, app: IdentityApp): boolean {
    if (app.permittedUsersPolicyType !== 'AllSelfAuthorized') return true;
    return this.#approvals.get(user.userId)?.has(app.consumerKey) ?? false;
  }

  async #issue(app: IdentityApp, user: IdentityUser, refreshToken?: string): Promise<Granted> {
    const session = await issueAccessToken(this.#org, app, user, await this.#signingKey);
    this.#sessions.add(session, refreshToken);
    return { session, app, user };
  }
}
