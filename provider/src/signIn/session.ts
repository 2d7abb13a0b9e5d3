import { ProviderError } from '../errors.js';
import type { MessageParts } from '../errors.js';

/** A session with an org. Holds credentials: never print it. */
export interface Session {
  accessToken: string;
  /** The origin that API requests go to. */
  instanceUrl: string;
  /** The 18-character organization id; `undefined` if neither the token nor the response contains it. */
  organizationId: string | undefined;
  /** The consumer key of the app that the provider signs in with; `undefined` if it is not known. */
  consumerKey: string | undefined;
  /** The format of the access token. */
  tokenFormat: 'jwt' | 'opaque';
  /** The refresh token for the next sign-in, if the org replaced the one that was used (refresh token rotation). */
  nextRefreshToken?: string;
}

/** The org refused the sign-in, cannot be reached, or is not the one that was expected. */
export class SignInError extends ProviderError {
  constructor(
    parts: MessageParts,
    /** Whether the request got no proper response from an org, which is transient. */
    readonly didNotGetThrough = false,
  ) {
    super(parts);
  }
}
