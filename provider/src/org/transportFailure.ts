import type { ErrorCode } from '../errorCodes.js';
import { redactSecrets, TransportError, type TransportErrorKind } from './errors.js';
import type { HttpRequest } from './httpMessages.js';

/** How far a request got, and what ended it if that is known without an error. */
export interface RequestProgress {
  request: HttpRequest;
  /** The time limit, in milliseconds. */
  requestTimeoutMs: number;
  phase: 'preparing' | 'sending' | 'receiving';
  /** HTTP status of the response, once it has begun. */
  status?: number;
  /** The target of a redirect. */
  location?: string | undefined;
  end?: 'timeout' | 'aborted' | 'redirected' | 'tooLarge';
}

/** The kind of a failure before a response, by the error code of the system, Node or undici. */
const kindsByCode: readonly (readonly [RegExp, TransportErrorKind])[] = [
  [/^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EHOSTDOWN|ENETDOWN|EACCES|EPERM)$/, 'refused'],
  [/^(?:ENOTFOUND|EAI_[A-Z]+)$/, 'dns'],
  [/^(?:UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/, 'timeout'],
  [
    /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_|ERR_TLS_|ERR_SSL_|EPROTO$|UND_ERR_PRX_TLS$)/,
    'tls',
  ],
  [/^(?:ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|UND_ERR_CLOSED|UND_ERR_DESTROYED)$/, 'reset'],
];

/** The codes of failures before the first byte of a request is sent. */
const neverSent =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_[A-Z]+|UND_ERR_CONNECT_TIMEOUT|CERT_.*|UNABLE_TO_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|HOSTNAME_.*|ERR_TLS_CERT_.*|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_.*HANDSHAKE_FAILURE|UND_ERR_PRX_TLS)$/;

const texts: Readonly<Record<TransportErrorKind, string>> = {
  refused: 'could not connect',
  dns: 'the host name could not be resolved',
  tls: 'could not make a secure connection',
  timeout: 'the connection timed out',
  reset: 'the connection was lost before the response',
  truncated: 'the response was cut off or is damaged',
  tooLarge: 'the response exceeds its size limit',
  redirected: 'the server redirected; redirects are not followed',
  aborted: 'the request was cancelled',
  other: 'the request failed',
};

const advice: Readonly<Partial<Record<TransportErrorKind, string>>> = {
  refused: 'Check the instance URL, the network and the proxy',
  dns: 'Check the instance URL and the network',
  tls: 'Check the certificate of the host or the proxy (NODE_EXTRA_CA_CERTS adds a certificate authority)',
  redirected: 'Check the instance URL',
};

/** Converts anything that was thrown to the error of a failed request. */
export function transportErrorOf(error: unknown, progress: RequestProgress): TransportError {
  const { request } = progress;
  const target = targetOf(request.url);
  const code = codeOf(error);
  const kind = kindOf(error, code, progress);
  const mayHaveBeenSent = mayHaveBeenSentOf(error, code, progress);
  return new TransportError(
    redactSecrets(
      `${request.method} ${target}: ${textOf(error, kind, progress)}${code === undefined ? '' : ` (${code})`}`,
    ),
    {
      kind,
      mayHaveBeenSent,
      method: request.method,
      target,
      code,
      eca: codeOfMessage(error, progress),
      advice:
        progress.phase === 'preparing'
          ? 'Check the URL, the access token (no white space) and the proxy settings'
          : advice[kind],
    },
  );
}

function kindOf(error: unknown, code: string | undefined, progress: RequestProgress): TransportErrorKind {
  if (progress.end !== undefined) return progress.end;
  if (progress.phase === 'preparing') return 'other';
  if (progress.phase === 'receiving') return 'truncated';
  if (proxyStatus(error) !== undefined) return 'refused';
  return kindsByCode.find(([codes]) => codes.test(code ?? ''))?.[1] ?? 'other';
}

function mayHaveBeenSentOf(error: unknown, code: string | undefined, progress: RequestProgress): boolean {
  switch (progress.phase) {
    case 'preparing':
      return false;
    case 'receiving':
      // 307 and 308 ask for the same request elsewhere; after the other redirects the server may have acted.
      return progress.status !== 307 && progress.status !== 308;
    case 'sending': {
      const connecting = causesOf(error).some((cause) => Reflect.get(cause, 'syscall') === 'connect');
      return !(connecting || neverSent.test(code ?? '') || proxyStatus(error) !== undefined);
    }
  }
}

function textOf(error: unknown, kind: TransportErrorKind, progress: RequestProgress): string {
  if (progress.end === 'timeout')
    return `no complete response within ${progress.requestTimeoutMs / 1000} seconds`;
  if (kind === 'redirected') {
    return `the server redirected to ${hostOf(progress)} (HTTP ${progress.status ?? 0}); redirects are not followed`;
  }
  if (progress.phase === 'preparing') {
    return 'the request could not be prepared';
  }
  const status = proxyStatus(error);
  if (codeOf(error) === 'ECONNREFUSED') return 'connection refused';
  return status === undefined ? texts[kind] : `the proxy refused to connect to the host (HTTP ${status})`;
}

function codeOfMessage(error: unknown, { end, phase }: RequestProgress): ErrorCode | undefined {
  if (end !== undefined) return undefined;
  if (phase === 'preparing') return 'ECA1512';
  return proxyStatus(error) === undefined ? undefined : 'ECA1511';
}

/** The HTTP status of a proxy that refused a tunnel, from undici's message. */
function proxyStatus(error: unknown): string | undefined {
  return causesOf(error)
    .map((cause) => /^Proxy response \((\d+)\)/.exec(String(Reflect.get(cause, 'message')))?.[1])
    .find((status) => status !== undefined);
}

function codeOf(error: unknown): string | undefined {
  return causesOf(error)
    .map((cause): unknown => Reflect.get(cause, 'code'))
    .filter((code) => typeof code === 'string')
    .filter((code) => /^[A-Z][A-Z0-9_]+$/.test(code))
    .at(-1);
}

/** An error and its causes, outermost first. If several addresses failed, the error of the first one is included. */
function causesOf(error: unknown): object[] {
  const causes: object[] = [];
  let next = error;
  while (typeof next === 'object' && next !== null && causes.length < 10) {
    causes.push(next);
    next = next instanceof AggregateError ? next.errors[0] : Reflect.get(next, 'cause');
  }
  return causes;
}

function targetOf(url: string): string {
  if (!URL.canParse(url)) return '(an address that is not a URL)';
  const { host, pathname } = new URL(url);
  return host + pathname;
}

function hostOf({ location, request }: RequestProgress): string {
  return location !== undefined && URL.canParse(location, request.url)
    ? new URL(location, request.url).host
    : 'an unknown address';
}
