import type { ErrorCode } from '../errorCodes.js';
import { CodedError, reasonOf } from '../errors.js';
import { outlookAfter, type Outlook } from './outlook.js';

/** What went wrong between this machine and the org. */
export type TransportErrorKind =
  /** Nothing listens there, there is no route, or a proxy refused to forward the request. */
  | 'refused'
  /** The connection was lost before the response. */
  | 'reset'
  /** The time limit passed. */
  | 'timeout'
  /** The connection was lost within the response, or its encoding is damaged. */
  | 'truncated'
  /** The response exceeds its size limit. */
  | 'tooLarge'
  /** The host's name is unknown. */
  | 'dns'
  /** The server redirected; a request is never repeated at another address. */
  | 'redirected'
  /** No secure connection: an untrusted or wrong certificate, no common protocol. */
  | 'tls'
  /** The caller's signal ended the request. */
  | 'aborted'
  | 'other';

const codesByKind: Readonly<Record<TransportErrorKind, ErrorCode>> = {
  refused: 'ECA1501',
  dns: 'ECA1502',
  timeout: 'ECA1503',
  tls: 'ECA1504',
  reset: 'ECA1505',
  truncated: 'ECA1506',
  tooLarge: 'ECA1507',
  redirected: 'ECA1508',
  aborted: 'ECA1509',
  other: 'ECA1510',
};

/** The kinds that are transient. */
const passingKinds: ReadonlySet<TransportErrorKind> = new Set([
  'refused',
  'reset',
  'timeout',
  'truncated',
  'dns',
]);

/** The details of a {@link TransportError}. */
export interface TransportErrorDetails {
  kind: TransportErrorKind;
  /** The request's HTTP method. */
  method: string;
  /** Host with port, and path; never the query. */
  target: string;
  /** Whether the org may have received the request and acted on it; `false` only if it certainly has not. */
  mayHaveBeenSent: boolean;
  /** The code of the system's or the library's error, for instance `ECONNREFUSED`. */
  code?: string | undefined;
  /** The code of the message, if it is more specific than the kind. */
  eca?: ErrorCode | undefined;
  /** What to check, without a full stop. */
  advice?: string | undefined;
}

/**
 * A request got no usable HTTP response. Neither the message nor the properties contain headers, bodies or queries, and there
 * is no `cause`: a library's error may quote a header.
 */
export class TransportError extends CodedError implements TransportErrorDetails {
  override readonly name = 'TransportError';
  readonly kind: TransportErrorKind;
  readonly method: string;
  readonly target: string;
  readonly mayHaveBeenSent: boolean;
  readonly code: string | undefined;
  readonly outlook: Outlook;

  constructor(message: string, details: TransportErrorDetails) {
    super(message, details.eca ?? codesByKind[details.kind], details.advice);
    this.outlook = passingKinds.has(details.kind) ? 'passes' : 'final';
    this.kind = details.kind;
    this.method = details.method;
    this.target = details.target;
    this.mayHaveBeenSent = details.mayHaveBeenSent;
    this.code = details.code;
  }
}

/** The error code of an invalid API response: an HTML page, a damaged or an incomplete response. */
export const malformedResponse = 'MALFORMED_RESPONSE';

/** The error code of a SOAP call that is not sent because a JWT-format token would be refused below 68.0. */
export const jwtNotSupportedBySoap = 'JWT_NOT_SUPPORTED_BY_SOAP';

/** The org refused a request, or its response cannot be understood. */
export class SalesforceApiError extends CodedError {
  override readonly name = 'SalesforceApiError';
  readonly outlook: Outlook;

  /**
   * @param message The org's own message, redacted.
   * @param errorCode Salesforce's error code without the `sf:` prefix, for instance `INVALID_SESSION_ID`;
   * `ERROR_HTTP_503` if the response has none; {@link malformedResponse}; {@link jwtNotSupportedBySoap}.
   * @param operation The operation, as the API names it, for instance `checkRetrieveStatus`.
   * @param statusCode The HTTP status of the response, if there was one.
   * @param eca The code of the message; omitted for a refusal, whose message comes from the org.
   * @param retryAfterMs How long the response asks to wait before a retry (Retry-After), in milliseconds.
   */
  constructor(
    message: string,
    readonly errorCode: string,
    readonly operation: string,
    readonly statusCode?: number,
    readonly retryAfterMs?: number,
    eca?: ErrorCode,
  ) {
    super(message, eca);
    this.outlook = outlookAfter({ operation, errorCode, message, statusCode });
  }
}

/** What was thrown, in words, without a full stop. For a refusal it is the org's message with its error code, which SOAP faults repeat in their message. */
export function textWithCode(thrown: unknown): string {
  if (!(thrown instanceof SalesforceApiError)) {
    return reasonOf(thrown);
  }
  const { errorCode, message } = thrown;
  const text = message.startsWith(errorCode) ? message : `${errorCode}: ${message}`;
  return text.replace(/[.\s]+$/, '');
}

const secretShapes: readonly (readonly [RegExp, string])[] = [
  // Opaque tokens and session ids: organization id, `!` (also percent-encoded), secret.
  [/00D[A-Za-z0-9]{9,15}(?:!|%21)[^\s<>"'&]*/g, '[access token]'],
  // JSON Web Tokens: the first part is base64url of `{"` or `{` and white space.
  [/(?<![A-Za-z0-9_-])e[wy][A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]*/g, '[JSON Web Token]'],
  // Only with part of a key after the first line: a message may quote that line.
  [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----(?=(?:\s|\\[rn])*(?:[A-Za-z0-9+/=]{16}|Proc-Type:)|\s*\n[A-Za-z0-9+/=]+(?:\s|$))[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    '[private key]',
  ],
];

/**
 * The text without the given secrets and without anything that looks like an access token, a JSON Web Token or a private key.
 *
 * @param secrets Exact strings to remove, for instance the access token in use; empty ones are ignored.
 */
export function redactSecrets(text: string, secrets: readonly string[] = []): string {
  const withoutKnown = secrets
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
  return secretShapes.reduce((rest, [shape, name]) => rest.replace(shape, name), withoutKnown);
}
