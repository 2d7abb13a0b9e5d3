import { PassThrough } from 'node:stream';
import { Transport } from '@jsforce/jsforce-node/lib/transport';
import type { HttpRequest, HttpResponse } from '@jsforce/jsforce-node/lib/types/common';
import { StreamPromise } from '@jsforce/jsforce-node/lib/util/promise';
import { fetch, Request, type Response } from 'undici';
import { maximumAnswerBytes } from './answerLimits.js';
import { timeLeft } from './callLimit.js';
import type { HttpConnections } from './httpConnections.js';
import { transportErrorOf, type RequestProgress } from './transportFailure.js';

/** How long a request may take by default, from its start to the end of the answer's body, in milliseconds. */
export const defaultRequestTimeoutMs = 120_000;

/** Settings of a transport. */
export interface HttpTransportOptions {
  /** Ends running requests, and refuses new ones, when it is aborted. */
  signal?: AbortSignal | undefined;
  /** Time limit of one request, its answer's body included, in milliseconds; less where the call has less time left. */
  requestTimeoutMs?: number | undefined;
  /** Limit of an answer's body, in bytes after decompression; default 8 MiB. */
  maximumResponseBytes?: number | undefined;
  /** Sees every complete answer; an error that it throws is the request's. */
  onResponse?: ((response: HttpResponse) => void) | undefined;
}

/**
 * Carries jsforce's requests, as `connection._transport` and `oauth2._transport`. Unlike jsforce's own transport it never
 * crashes the process when a connection breaks, never follows a redirect (the token would go along), never repeats a
 * request, honours NO_PROXY, keeps this machine off every proxy, and limits the time and the size of an answer.
 *
 * A request without an HTTP answer, or redirected, rejects with a `TransportError`; any other answer resolves.
 */
export class HttpTransport extends Transport {
  readonly #connections: HttpConnections;
  readonly #options: HttpTransportOptions;

  constructor(connections: HttpConnections, options: HttpTransportOptions = {}) {
    super();
    this.#connections = connections;
    this.#options = options;
  }

  override httpRequest(request: HttpRequest): StreamPromise<HttpResponse> {
    const response = StreamPromise.create(() => ({
      // jsforce connects a stream to every request; here it stays empty.
      stream: new PassThrough(),
      promise: send(request, this.#connections, this.#options).then((answer) => {
        this.#options.onResponse?.(answer);
        return answer;
      }),
    }));
    // Whoever awaits the response gets the failure; nobody awaiting it must not end the process.
    response.catch(() => undefined);
    return response;
  }
}

async function send(
  request: HttpRequest,
  connections: HttpConnections,
  options: HttpTransportOptions,
): Promise<HttpResponse> {
  const {
    signal,
    requestTimeoutMs = defaultRequestTimeoutMs,
    maximumResponseBytes = maximumAnswerBytes,
  } = options;
  await connections.beforeRequest();
  const progress: RequestProgress = { request, requestTimeoutMs, phase: 'preparing' };
  const controller = new AbortController();
  const stop = (end: 'timeout' | 'aborted'): void => {
    progress.end ??= end;
    controller.abort();
  };
  const onAbort = (): void => {
    stop('aborted');
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(stop, Math.min(requestTimeoutMs, timeLeft()), 'timeout' as const);
  try {
    if (signal?.aborted === true) stop('aborted');
    controller.signal.throwIfAborted();
    const dispatcher = connections.dispatcherFor(request.url);
    // Made before it is sent, so that a bad address or header is known not to have left.
    const outgoing = new Request(request.url, {
      method: request.method,
      headers: headersOf(request),
      body: bodyOf(request),
      redirect: 'manual',
      signal: controller.signal,
    });
    progress.phase = 'sending';
    const response = await fetch(outgoing, { dispatcher });
    progress.phase = 'receiving';
    progress.status = response.status;
    if (isRedirect(response.status)) {
      progress.end = 'redirected';
      progress.location = response.headers.get('location') ?? undefined;
      await response.body?.cancel();
      throw new Error('redirected');
    }
    return {
      statusCode: response.status,
      headers: Object.fromEntries(response.headers),
      body: await readBody(response, maximumResponseBytes, progress),
    };
  } catch (error) {
    throw transportErrorOf(error, progress);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

async function readBody(response: Response, limit: number, progress: RequestProgress): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  if (body === null) return '';
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > limit) {
      progress.end = 'tooLarge';
      // Leaving the loop closes the connection.
      throw new Error('too large');
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** fetch measures the body itself, and refuses a length that does not match. */
function headersOf({ headers }: HttpRequest): [string, string][] {
  return Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() !== 'content-length');
}

/** jsforce's requests for metadata and tokens never stream their bodies. */
function bodyOf({ body }: HttpRequest): string | Buffer | URLSearchParams | null {
  if (body === undefined || body === null) return null;
  if (typeof body === 'string' || Buffer.isBuffer(body) || body instanceof URLSearchParams) return body;
  throw new TypeError('The body of a request must be a text, a Buffer or form parameters.');
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}
