import { createPrivateKey } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { readOneOf } from '../readInput.js';
import type { LocalOrg } from '../localOrg.js';
import type { IdentityApp } from '../identity/identity.js';
import type { OrgState } from '../org/orgState.js';
import { apiCall } from './apiCalls.js';
import { exchange, type Exchange } from './exchange.js';
import { PageError } from './page.js';

/** The grants with which the desk gets a token, with their labels. */
export const grantTypes = {
  refreshToken: 'Refresh token, as for a user who approved the app in a browser',
  clientCredentials: 'Client credentials, as the Run As user',
  jwtBearer: 'JWT bearer, with the private key of this org',
} as const;

/** One of {@link grantTypes}. */
export type GrantType = keyof typeof grantTypes;

/** A token that the desk requested, or the org's refusal. */
export interface DeskToken {
  /** From 1 on. */
  readonly id: number;
  /** Full name of the app. */
  readonly app: string;
  readonly grantType: GrantType;
  /** Undefined: the user that the app runs as. */
  readonly username: string | undefined;
  readonly answer: Exchange;
  /** Undefined: the org gave none. */
  readonly accessToken: string | undefined;
  /** Header and payload of a JWT-based token; undefined for an opaque one. Not verified. */
  readonly decoded: { header: object; payload: object } | undefined;
  /** Milliseconds since 1970 by the org's clock; undefined if the org does not return it. */
  expiresAt: number | undefined;
  /** The calls made with it, oldest first. */
  readonly calls: { name: string; answer: Exchange }[];
}

/** How many tokens the desk remembers. */
const rememberedTokens = 20;

/** How long an assertion is valid, in seconds; orgs require a near expiry. */
const assertionSeconds = 120;

/**
 * An interactive client of the org: gets tokens and calls the API with them. It sends real requests to the org's own address, so they are
 * in the log, and subject to latency and faults, like those of every client.
 */
export class TokenDesk {
  #tokens: DeskToken[] = [];
  #lastId = 0;

  constructor(
    private readonly org: LocalOrg,
    private readonly state: OrgState,
  ) {}

  /** Newest first. */
  get tokens(): readonly DeskToken[] {
    return this.#tokens;
  }

  /** @throws PageError 404 */
  token(id: string): DeskToken {
    const token = this.#tokens.find((candidate) => String(candidate.id) === id);
    if (token) return token;
    throw new PageError(
      404,
      `The desk has no token ${id}: it keeps the last ${rememberedTokens} while the org is running.`,
    );
  }

  /**
   * Requests a token from the org.
   * @throws InputError for a form that the page does not offer
   * @throws PageError 404 for an app without OAuth settings
   */
  async request(form: URLSearchParams): Promise<DeskToken> {
    const name = form.get('app') ?? '';
    const app = this.#app(name);
    const grantType = readOneOf(Object.keys(grantTypes) as GrantType[])(form.get('grantType'), 'grantType');
    const usernames = this.org.users.map(({ username }) => username);
    const username =
      grantType === 'clientCredentials' ? undefined : readOneOf(usernames)(form.get('username'), 'username');
    const body = await this.#tokenRequest(app, grantType, username);
    const answer = await exchange(this.org, { method: 'POST', path: '/services/oauth2/token', form: body });
    const accessToken = textField(answer.body, 'access_token');
    this.#lastId += 1;
    const token: DeskToken = {
      id: this.#lastId,
      app: name,
      grantType,
      username,
      answer,
      accessToken,
      decoded: accessToken === undefined ? undefined : decode(accessToken),
      expiresAt: undefined,
      calls: [],
    };
    await this.#readExpiry(token);
    this.#tokens = [token, ...this.#tokens].slice(0, rememberedTokens);
    return token;
  }

  /**
   * Calls the API with a token.
   * @throws InputError for a call that the page does not offer
   * @throws PageError 404 for a token that the desk does not have
   */
  async call(id: string, form: URLSearchParams): Promise<void> {
    const token = this.token(id);
    if (token.accessToken === undefined)
      throw new PageError(404, `The org refused token ${id}, so there is nothing to call with.`);
    const { name, request } = apiCall(form.get('call'), this.state.newestVersion);
    token.calls.push({ name, answer: await exchange(this.org, request(token.accessToken)) });
    await this.#readExpiry(token);
  }

  #app(name: string): IdentityApp {
    const app = this.state.identityApp(name);
    if (app) return app;
    throw new PageError(404, `The org has no app '${name}' with OAuth settings.`);
  }

  async #tokenRequest(
    app: IdentityApp,
    grantType: GrantType,
    username: string | undefined,
  ): Promise<Record<string, string>> {
    switch (grantType) {
      case 'clientCredentials':
        return { grant_type: 'client_credentials', ...clientOf(app) };
      case 'refreshToken':
        return {
          grant_type: 'refresh_token',
          refresh_token: this.org.issueRefreshToken(username, app.consumerKey),
          ...clientOf(app),
        };
      case 'jwtBearer':
        return {
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          assertion: await new SignJWT()
            .setProtectedHeader({ alg: 'RS256' })
            .setIssuer(app.consumerKey)
            .setSubject(username ?? '')
            .setAudience(this.org.instanceUrl)
            .setExpirationTime(`${assertionSeconds} s`)
            .sign(createPrivateKey(this.org.privateKey)),
        };
    }
  }

  /** A JWT-based token contains its end; for an opaque one, whose end moves with every use, the org is asked. */
  async #readExpiry(token: DeskToken): Promise<void> {
    if (token.accessToken === undefined) return;
    if (token.decoded) {
      token.expiresAt = milliseconds(token.decoded.payload);
      return;
    }
    const app = this.state.identityApp(token.app);
    if (!app) return;
    const { body } = await exchange(this.org, {
      method: 'POST',
      path: '/services/oauth2/introspect',
      form: { token: token.accessToken, token_type_hint: 'access_token', ...clientOf(app) },
    });
    token.expiresAt = milliseconds(jsonObject(body) ?? {}) ?? token.expiresAt;
  }
}

function clientOf({ consumerKey, consumerSecret }: IdentityApp): Record<string, string> {
  return { client_id: consumerKey, ...(consumerSecret !== undefined && { client_secret: consumerSecret }) };
}

function decode(token: string): DeskToken['decoded'] {
  try {
    return { header: decodeProtectedHeader(token), payload: decodeJwt(token) };
  } catch {
    return undefined;
  }
}

/** `exp`, which is in seconds. */
function milliseconds(claims: object): number | undefined {
  return 'exp' in claims && typeof claims.exp === 'number' ? claims.exp * 1000 : undefined;
}

function textField(body: string, name: string): string | undefined {
  const value = Object.entries(jsonObject(body) ?? {}).find(([key]) => key === name)?.[1] as unknown;
  return typeof value === 'string' ? value : undefined;
}

function jsonObject(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
