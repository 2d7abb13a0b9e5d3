import { toCaseSafeId } from '../org/organizationId.js';

/** What an access token contains, not verified: enough to identify its org and app before anything is sent. */
export interface AccessTokenFacts {
  /** `jwt` for a JWT-based access token, `opaque` for `<organization id>!<rest>`. */
  format: 'jwt' | 'opaque';
  /** The 18-character organization id, if the token contains it. */
  organizationId: string | undefined;
  /** The consumer key of the app that the token was issued to; opaque tokens do not contain it. */
  consumerKey: string | undefined;
}

function decodePart(part: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** What a JWT-based access token says, not verified. */
export interface DecodedAccessToken {
  header: Readonly<Record<string, unknown>>;
  claims: Readonly<Record<string, unknown>>;
}

/** Decodes a JWT-based access token without trusting it; `undefined` for an opaque one. */
export function decodeAccessToken(token: string): DecodedAccessToken | undefined {
  const [first, second, third, ...more] = token.split('.');
  const header = third === undefined || more.length > 0 ? undefined : decodePart(first);
  return header && { header, claims: decodePart(second) ?? {} };
}

/**
 * Reads an access token. In a JWT-based token the organization id is the second part of the header's `tnk`
 * (`core/<instance>/<organization id>`), and the consumer key is the claim `client_id` (decoded tokens, Salesforce CLI).
 */
export function inspectAccessToken(token: string): AccessTokenFacts {
  const decoded = decodeAccessToken(token);
  if (decoded === undefined) {
    return {
      format: 'opaque',
      organizationId: toCaseSafeId(token.split('!', 1)[0] ?? ''),
      consumerKey: undefined,
    };
  }
  const { tnk } = decoded.header;
  const { client_id: clientId } = decoded.claims;
  return {
    format: 'jwt',
    organizationId: toCaseSafeId((typeof tnk === 'string' ? tnk.split('/').at(-1) : undefined) ?? ''),
    consumerKey: typeof clientId === 'string' ? clientId : undefined,
  };
}
