import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { checkSecret, findApp, type ClientCredentials, type Parameters } from './clients.js';
import type { IdentityApp, IdentityOrg } from './identityOrg.js';
import { oauthErrors } from './oauthErrors.js';
import { oauthScope } from './scopes.js';
import type { Sessions } from './sessions.js';

/** How long an authorization code can be exchanged: 15 minutes, as of Salesforce's web server flow (documented). */
const codeLifetimeMs = 15 * 60_000;

/** A visitor id as clients generate it: a version 4 UUID (one project's report). */
const uvidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** The maximum number of codes that are not exchanged yet. */
const maximumCodes = 5000;

/** Longer than any challenge: that of S256 has 43 characters (RFC 7636). */
const longestChallenge = 128;

/** What a code was issued for. */
interface Authorization {
  consumerKey: string;
  redirectUri: string;
  scopes: readonly string[];
  uvid: string;
  /** Of PKCE; undefined: none was sent. */
  codeChallenge: string | undefined;
  expiresAt: number;
}

/** A guest with a valid code. */
export interface Guest {
  readonly app: IdentityApp;
  readonly uvid: string;
  /** OAuth scope names. */
  readonly scopes: readonly string[];
}

/**
 * The headless guest flow: the authorization code and credentials flow without credentials, for visitors who have not signed in. They are
 * identified by a unique visitor id (UVID), which the client generates and the token's subject contains.
 *
 * It follows Salesforce's documentation and two public projects that use it. A real org serves it at the address of an
 * Experience Cloud site, and in one project it worked only over HTTP/2. The org's setting `oAuthCdCrdtFlowEnable` is assumed to be
 * on. Most messages of its refusals are unknown; the source of each is noted.
 */
export class GuestFlow {
  readonly #codes = new Map<string, Authorization>();

  constructor(
    private readonly org: IdentityOrg,
    private readonly sessions: Sessions,
  ) {}

  /**
   * Handles an authorization request.
   * @returns the address to redirect to, with the code
   * @throws OAuthError for what is refused
   */
  authorize(form: Parameters, headers: IncomingHttpHeaders): string {
    if (form.get('response_type') !== 'code_credentials') throw oauthErrors.unsupportedResponseType();
    if (headers['auth-request-type'] !== 'guest') throw oauthErrors.invalidHeaders();
    const app = findApp(this.org, form.get('client_id'));
    // Documented: the flow needs JWT-based tokens, which guests always get.
    if (!app.isGuestCodeCredFlowEnabled || !app.isNamedUserJwtEnabled) throw oauthErrors.guestFlowOff();
    const redirectUri = form.get('redirect_uri') ?? '';
    if (!app.callbackUrls.includes(redirectUri)) throw oauthErrors.redirectUriMismatch();
    const uvid = this.#uvidOf(form.get('uvid_hint') ?? withoutPrefix(headers['uvid-hint']));
    const codeChallenge = ownText(form.get('code_challenge'), longestChallenge);
    if (app.isPkceRequired && codeChallenge === undefined) throw oauthErrors.missingCodeChallenge();
    const code = `aPrx${randomBytes(48).toString('base64url').replaceAll('-', '.')}`;
    this.#tidy();
    this.#codes.set(code, {
      consumerKey: app.consumerKey,
      redirectUri,
      scopes: grantedScopes(app, form.get('scope')),
      uvid,
      codeChallenge,
      expiresAt: this.org.now() + codeLifetimeMs,
    });
    const target = new URL(redirectUri);
    target.searchParams.set('code', code);
    target.searchParams.set('sfdc_community_url', this.org.instanceUrl);
    const state = form.get('state');
    if (state !== undefined) target.searchParams.set('state', state);
    return target.href;
  }

  /**
   * Exchanges a code, which can be used only once.
   * @throws OAuthError for what is refused
   */
  exchange(form: Parameters, client: ClientCredentials, headers: IncomingHttpHeaders): Guest {
    const app = findApp(this.org, client.id);
    checkSecret(app, client.secret, !app.isConsumerSecretOptional);
    // Documented: without these headers the response can be unknown_error.
    if (headers['auth-request-type'] !== 'guest' || headers['uvid-hint'] === undefined) {
      throw oauthErrors.unknownError();
    }
    const code = form.get('code') ?? '';
    const authorization = this.#codes.get(code);
    this.#codes.delete(code);
    if (authorization?.consumerKey !== app.consumerKey) throw oauthErrors.invalidCode();
    if (authorization.expiresAt <= this.org.now()) throw oauthErrors.expiredAssertion();
    if (authorization.redirectUri !== form.get('redirect_uri')) throw oauthErrors.redirectUriMismatch();
    if (this.#uvidOf(headers['uvid-hint']) !== authorization.uvid) throw oauthErrors.invalidUvid();
    checkVerifier(authorization.codeChallenge, form.get('code_verifier'));
    return { app, uvid: authorization.uvid, scopes: authorization.scopes };
  }

  /** A visitor id, alone or in a guest's token that has not ended (documented). */
  #uvidOf(hint: string | string[] | undefined): string {
    if (typeof hint !== 'string') throw oauthErrors.invalidUvid();
    if (uvidPattern.test(hint)) return ownText(hint.toLowerCase(), hint.length);
    const uvid = this.sessions.peek(hint)?.uvid;
    if (uvid === undefined) throw oauthErrors.invalidUvid();
    return uvid;
  }

  /** Anyone can get a code, so the oldest ones are dropped when there are too many. */
  #tidy(): void {
    if (this.#codes.size < maximumCodes) return;
    for (const code of [...this.#codes.keys()].slice(0, maximumCodes / 2)) this.#codes.delete(code);
  }
}

/** The header of an authorization request is `UVID <id>`, or only a token (one project each). */
function withoutPrefix(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string') return undefined;
  if (uvidPattern.test(header)) throw oauthErrors.invalidUvid();
  return header.replace(/^UVID /, '');
}

/** Every requested scope must be one of the app's; without a parameter all of them are granted (inference). */
function grantedScopes(app: IdentityApp, scope: string | undefined): readonly string[] {
  const ofApp = app.scopes.map(oauthScope);
  const asked = new Set(scope?.split(/\s+/).filter((name) => name !== '') ?? ofApp);
  return [...asked].map((name) => {
    const granted = ofApp.find((known) => known === name);
    if (granted === undefined) throw oauthErrors.invalidScope();
    return granted;
  });
}

/** A copy of the beginning of a string: a slice would keep the whole body in memory. */
function ownText<Text extends string | undefined>(text: Text, length: number): Text | string {
  return text === undefined ? text : Buffer.from(text.slice(0, length)).toString();
}

/** PKCE with S256, the only method that Salesforce supports (documented). */
function checkVerifier(challenge: string | undefined, verifier: string | undefined): void {
  if (challenge === undefined) return;
  const computed = createHash('sha256')
    .update(verifier ?? '')
    .digest('base64url');
  if (computed !== challenge.replace(/=+$/, '')) throw oauthErrors.invalidCodeVerifier();
}
