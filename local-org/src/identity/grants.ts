import type { IncomingHttpHeaders } from 'node:http';
import type { KeptState } from '../state/keptState.js';
import { issueAccessToken, issueGuestToken } from './accessTokens.js';
import { Assertions } from './assertion.js';
import { checkSecret, findApp, type ClientCredentials, type Parameters } from './clients.js';
import type { GuestFlow } from './guestFlow.js';
import type { IdentityApp, IdentityOrg, IdentityUser } from './identityOrg.js';
import { oauthErrors } from './oauthErrors.js';
import type { RefreshTokens } from './refreshTokens.js';
import type { Session, Sessions } from './sessions.js';
import type { SigningKey } from './signingKey.js';

/** What the token endpoint has granted. */
export interface Granted {
  readonly session: Session;
  readonly app: IdentityApp;
  /** The refresh token that replaces the used one, if the app rotates them. */
  readonly refreshToken?: string | undefined;
}

/** The tokens of an org, and what is needed to issue them. */
export interface TokenStores {
  readonly org: IdentityOrg;
  readonly sessions: Sessions;
  readonly refreshTokens: RefreshTokens;
  readonly guestFlow: GuestFlow;
  readonly signingKey: () => Promise<SigningKey>;
  readonly kept: KeptState;
}

/** The grants of the token endpoint. Every method throws OAuthError if it refuses a request. */
export class Grants {
  readonly #assertions: Assertions;
  /** `<user id> <consumer key>` of each approval by a user. */
  readonly #approvals: Set<string>;

  constructor(private readonly stores: TokenStores) {
    this.#assertions = new Assertions(stores.org, stores.kept);
    this.#approvals = new Set(stores.kept.entries('approvals').keys());
  }

  /** Records that a user has approved an app, as in a browser. */
  approve(userId: string, consumerKey: string): void {
    const approval = `${userId} ${consumerKey}`;
    this.#approvals.add(approval);
    this.stores.kept.put('approvals', approval, this.stores.org.now());
  }

  /** A refresh token, as after an authorization in a browser; the app therefore counts as approved by the user. */
  issueRefreshToken(userId: string, consumerKey: string): string {
    this.approve(userId, consumerKey);
    return this.stores.refreshTokens.issue(userId, consumerKey);
  }

  /** Handles a request to the token endpoint. */
  async grant(form: Parameters, client: ClientCredentials, headers: IncomingHttpHeaders): Promise<Granted> {
    switch (form.get('grant_type')) {
      case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
        return this.#jwtBearer(form.get('assertion'));
      case 'client_credentials':
        return this.#clientCredentials(client);
      case 'refresh_token':
        return this.#refreshToken(form.get('refresh_token') ?? '', client);
      case 'authorization_code':
        return this.#guest(form, client, headers);
      default:
        throw oauthErrors.unsupportedGrantType();
    }
  }

  async #jwtBearer(assertion: string | undefined): Promise<Granted> {
    if (assertion === undefined) throw oauthErrors.invalidAssertion();
    const { org } = this.stores;
    const { app, username } = await this.#assertions.verify(assertion, (key) => findApp(org, key));
    const user = org.users().find((candidate) => candidate.username === username);
    if (user === undefined || !this.#mayUse(user, app)) throw oauthErrors.userHasNotApproved();
    return this.#issue(app, user);
  }

  async #clientCredentials({ id, secret }: ClientCredentials): Promise<Granted> {
    const { org } = this.stores;
    const app = findApp(org, id);
    checkSecret(app, secret, true);
    const runAs = app.isClientCredentialsFlowEnabled ? app.clientCredentialsFlowUser : undefined;
    const user = org.users().find(({ username, userId }) => runAs === username || runAs === userId);
    if (user === undefined) throw oauthErrors.noClientCredentialsUser();
    return this.#issue(app, user);
  }

  async #refreshToken(refreshToken: string, { id, secret }: ClientCredentials): Promise<Granted> {
    const { org, refreshTokens } = this.stores;
    const app = findApp(org, id);
    checkSecret(app, secret, app.isSecretRequiredForRefreshToken);
    const used = refreshTokens.use(refreshToken, app);
    const user = org.users().find(({ userId }) => userId === used?.grant.userId);
    if (used === undefined || user === undefined) throw oauthErrors.expiredRefreshToken();
    return { ...(await this.#issue(app, user, used.grant.id)), refreshToken: used.next };
  }

  /** The only flow with a code that needs no sign-in page: that of guests. They get no refresh token; it is unknown whether they can. */
  async #guest(form: Parameters, client: ClientCredentials, headers: IncomingHttpHeaders): Promise<Granted> {
    const { org, sessions, guestFlow, signingKey } = this.stores;
    const guest = guestFlow.exchange(form, client, headers);
    const session = await issueGuestToken(org, guest.app, guest, signingKey);
    sessions.add(session);
    return { session, app: guest.app };
  }

  /** With `AdminApprovedPreAuthorized` every user of the local org is pre-authorised, because it has no permission sets and profiles. */
  #mayUse(user: IdentityUser, app: IdentityApp): boolean {
    if (app.permittedUsersPolicyType !== 'AllSelfAuthorized') return true;
    return this.#approvals.has(`${user.userId} ${app.consumerKey}`);
  }

  async #issue(app: IdentityApp, user: IdentityUser, grantId?: string): Promise<Granted> {
    const { org, sessions, signingKey } = this.stores;
    const session = { ...(await issueAccessToken(org, app, user, signingKey)), grantId };
    sessions.add(session);
    return { session, app };
  }
}
