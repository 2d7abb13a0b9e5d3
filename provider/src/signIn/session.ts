import { ProviderError } from '../errors.js';
import type { MessageParts } from '../errors.js';

/** A session with an org. Holds credentials: never print it. */
export interface Session {
  accessToken: string;
  /** The origin that API requests go to. */
  instanceUrl: string;
  /** The 18-character organization id; `undefined` where neither the token nor the reply told it. */
  organizationId: string | undefined;
  /** The consumer key of the app that the provider signs in with; `undefined` where it cannot be told. */
  consumerKey: string | undefined;
  /** The format of the access token. */
  tokenFormat: 'jwt' | 'opaque';
  /** The refresh token for the next sign-in, where the org replaced the one that was used (refresh token rotation). */
  nextRefreshToken?: string;
}

/** The org refused the sign-in, cannot be reached, or is not the one that was expected. */
export class SignInError extends ProviderError {
  constructor(
    parts: MessageParts,
    /** Whether the request was not answered as an org does, which passes. */
    readonly didNotGetThrough = false,
  ) {
    super(parts);
  }
}
