import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import formbody from '@fastify/formbody';
import Fastify from 'fastify';
import { SignJWT } from 'jose';
import forge from 'node-forge';
import {
  Identity,
  type IdentityApp,
  type IdentityOrg,
  type IdentityUser,
} from '../../../../local-org/src/identity/identity.js';

export const minute = 60_000;

export const deployer: IdentityUser = {
  userId: '005000000000001AAA',
  username: 'deployer@example.com',
  displayName: 'Dee Ployer',
  email: 'dee@example.com',
};
export const agent: IdentityUser = {
  userId: '005000000000002AAA',
  username: 'agent@example.com',
  displayName: 'An Agent',
  email: 'agent@example.com',
};

const guest: IdentityUser = {
  userId: '005000000000003AAA',
  username: 'guest@example.com',
  displayName: 'Site Guest User',
  email: 'guest@example.com',
};

/** An RSA key and a self-signed certificate of it, both PEM. */
export function makeKeyAndCertificate(): { privateKey: KeyObject; certificate: string } {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const key = forge.pki.privateKeyFromPem(privateKey);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  certificate.sign(key, forge.md.sha256.create());
  return { privateKey: createPrivateKey(privateKey), certificate: forge.pki.certificateToPem(certificate) };
}

/** An org whose clock, apps and users the test sets, with the identity routes on a port of its own. */
export class FakeOrg implements IdentityOrg {
  readonly name = 'dev';
  readonly organizationId = '00D000000000062EAA';
  readonly guestUser = guest;
  readonly #server = Fastify({ keepAliveTimeout: 500 });
  readonly #keys = makeKeyAndCertificate();
  readonly #identity = new Identity(this);
  instanceUrl = '';
  time = Date.UTC(2026, 0, 1);
  /** Session timeouts in minutes by user id, of those who have another one than 120. */
  readonly timeouts = new Map<string, number>();
  app: IdentityApp = this.#defaultApp();

  static async start(): Promise<FakeOrg> {
    const org = new FakeOrg();
    await org.#server.register(formbody);
    // The port is known only after listening, routes have to be there before: the address is read at each request.
    org.#identity.registerRoutes(org.#server);
    await org.#server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = org.#server.server.address() as AddressInfo;
    org.instanceUrl = `http://127.0.0.1:${port}`;
    return org;
  }

  async close(): Promise<void> {
    await this.#server.close();
  }

  get identity(): Identity {
    return this.#identity;
  }

  now(): number {
    return this.time;
  }

  users(): readonly IdentityUser[] {
    return [deployer, agent];
  }

  appWithKey(consumerKey: string): IdentityApp | undefined {
    return consumerKey === this.app.consumerKey ? this.app : undefined;
  }

  sessionTimeoutMinutes({ userId }: IdentityUser): number {
    return this.timeouts.get(userId) ?? 120;
  }

  /** Puts the app's settings back, changed as given, and the session timeouts. */
  resetApp(changes: Partial<IdentityApp> = {}): void {
    this.app = { ...this.#defaultApp(), ...changes };
    this.timeouts.clear();
  }

  #defaultApp(): IdentityApp {
    return {
      label: 'Fake app',
      oauthEnabled: true,
      consumerKey: '3MVG9.deployer',
      consumerSecret: 'S3CRET:with colon',
      certificate: this.#keys.certificate,
      callbackUrls: ['https://shop.example/callback', 'https://shop.example/other'],
      isConsumerSecretOptional: false,
      isPkceRequired: true,
      isSecretRequiredForRefreshToken: false,
      isRefreshTokenRotationEnabled: false,
      isEnforceRefreshTokenTTL: false,
      isIntrospectAllTokens: false,
      isGuestCodeCredFlowEnabled: false,
      guestJwtSessionTimeoutType: undefined,
      guestJwtTimeout: undefined,
      refreshTokenPolicyType: undefined,
      refreshTokenValidityPeriod: undefined,
      refreshTokenValidityUnit: undefined,
      isNamedUserJwtEnabled: false,
      namedUserJwtSessionTimeoutType: undefined,
      namedUserJwtTimeout: undefined,
      sessionTimeoutInMinutes: undefined,
      isClientCredentialsFlowEnabled: true,
      clientCredentialsFlowUser: agent.username,
      scopes: ['Api', 'RefreshToken'],
      permittedUsersPolicyType: 'AdminApprovedPreAuthorized',
    };
  }

  /** A good assertion for the deployer, changed as given; a claim set to undefined is left out. */
  async assertion(
    changes: Record<string, unknown> = {},
    { key = this.#keys.privateKey, alg = 'RS256' }: { key?: KeyObject | Uint8Array; alg?: string } = {},
  ): Promise<string> {
    const claims = {
      iss: this.app.consumerKey,
      sub: deployer.username,
      aud: this.instanceUrl,
      exp: Math.floor(this.time / 1000) + 180,
      ...changes,
    };
    return new SignJWT(claims).setProtectedHeader({ alg }).sign(key);
  }

  /** Signs the deployer in by JWT bearer and returns the token reply. */
  async signIn(): Promise<Record<string, unknown>> {
    const { status, body } = await this.requestToken(jwtBearer(await this.assertion()));
    if (status !== 200) throw new Error(`Sign-in failed: ${JSON.stringify(body)}`);
    return body;
  }

  requestToken(form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    return this.post('/services/oauth2/token', form, headers);
  }

  async post(
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.#answer(path, { method: 'POST', headers, body: new URLSearchParams(form) });
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#answer(path, { headers });
  }

  /** Sends an authorization request without following the redirect. */
  async authorize(form: Record<string, string>, headers: Record<string, string>): Promise<Answer> {
    const init = { method: 'POST', headers, body: new URLSearchParams(form) };
    return this.#answer('/services/oauth2/authorize', { ...init, redirect: 'manual' });
  }

  async #answer(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(this.instanceUrl + path, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    const body = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: response.status, text, body, location: response.headers.get('location') };
  }
}

export interface Answer {
  status: number;
  text: string;
  /** The parsed JSON object; empty where the answer is none. */
  body: Record<string, unknown>;
  /** Where it redirects to. */
  location: string | null;
}

export function jwtBearer(assertion: string): Record<string, string> {
  return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
}

export function bearer(token: unknown): Record<string, string> {
  return { authorization: `Bearer ${String(token)}` };
}

export function refusal(error: string, description: string): Pick<Answer, 'status' | 'body'> {
  return { status: 400, body: { error, error_description: description } };
}

/** The part of an answer that refusals are compared by. */
export function essence({ status, body }: Answer): Pick<Answer, 'status' | 'body'> {
  return { status, body };
}
