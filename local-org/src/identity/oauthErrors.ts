import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** A refusal of an OAuth endpoint: `{error, error_description}` with HTTP 400 unless said otherwise. */
export class OAuthError extends Error {
  constructor(
    readonly error: string,
    readonly description: string,
    readonly statusCode = 400,
  ) {
    super(`${error}: ${description}`);
    this.name = 'OAuthError';
  }
}

/**
 * The refusals by cause. Unless noted otherwise, the messages are single projects' reports from real orgs; the status 400 for
 * all but introspection is inferred from the same reports.
 */
export const oauthErrors = {
  /** Users authorise themselves for the app, and this one has not. Also returned for an unknown username [inference]. */
  userHasNotApproved: () => new OAuthError('invalid_grant', "user hasn't approved this consumer"),
  /** The app exists, but not as an OAuth client: plugin off or no OAuth settings. The message is an inference. */
  appNotFound: () => new OAuthError('app_not_found', 'External client app is not installed in this org'),
  /** No app of this org has this consumer key: it is wrong or another org's. */
  invalidClientId: () => new OAuthError('invalid_client_id', 'client identifier invalid'),
  invalidClientCredentials: (statusCode?: number) =>
    new OAuthError('invalid_client', 'invalid client credentials', statusCode),
  invalidAudience: () => new OAuthError('invalid_grant', 'audience is invalid'),
  /** Missing, unreadable, signed by another key, no certificate on the app; also a repeated `jti` [text of that one: inference]. */
  invalidAssertion: () => new OAuthError('invalid_grant', 'invalid assertion'),
  /** Expired, or an expiry that is not near. */
  expiredAssertion: () => new OAuthError('invalid_grant', 'expired authorization code'),
  /** No Run As user, or the flow is off: reports name this text for both. */
  noClientCredentialsUser: () => new OAuthError('invalid_grant', 'no client credentials user enabled'),
  expiredRefreshToken: () => new OAuthError('invalid_grant', 'expired access/refresh token'),
  unsupportedGrantType: () => new OAuthError('unsupported_grant_type', 'grant type not supported'),
  /** Text: inference. */
  unsupportedResponseType: () =>
    new OAuthError('unsupported_response_type', 'response type is not supported'),
  /** An `Auth-Request-Type` that is missing or unknown (text: one project; the code: inference). */
  invalidHeaders: () => new OAuthError('invalid_request', 'invalid headers'),
  /** The app's settings or policies have the guest flow off (text: one project; the code: inference). */
  guestFlowOff: () => new OAuthError('invalid_request', 'guest flow not enabled'),
  /** Also of a visitor id that is missing, or another one than before (one project). */
  invalidUvid: () => new OAuthError('invalid_request', 'uvid invalid'),
  redirectUriMismatch: () => new OAuthError('redirect_uri_mismatch', 'redirect_uri must match configuration'),
  invalidScope: () => new OAuthError('invalid_scope', 'the requested scope is not allowed'),
  missingCodeChallenge: () => new OAuthError('invalid_request', 'missing required code challenge'),
  invalidCodeVerifier: () => new OAuthError('invalid_grant', 'invalid code verifier'),
  /** Unknown, already used, or another app's. */
  invalidCode: () => new OAuthError('invalid_grant', 'invalid authorization code'),
  /** The code is documented. */
  unknownError: () => new OAuthError('unknown_error', 'retry your request'),
  /** Text: inference. */
  invalidToken: () => new OAuthError('invalid_token', 'invalid token'),
} as const;

/** Route error handler: sends an {@link OAuthError} in OAuth's form and leaves everything else to the server's own handler. */
export function sendOAuthError(
  thrown: FastifyError | OAuthError,
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  if (!(thrown instanceof OAuthError)) {
    void reply.send(thrown);
    return;
  }
  void reply.code(thrown.statusCode).send({ error: thrown.error, error_description: thrown.description });
}
