import { fetch, Request, type Response } from 'undici';
import { maximumAnswerBytes } from './answerLimits.js';
import { timeLeft } from './callLimit.js';
import type { HttpConnections } from './httpConnections.js';
import type { HttpRequest, HttpResponse } from './httpMessages.js';
import { transportErrorOf, type RequestProgress } from './transportFailure.js';

/** How long a request may take by default, from its start to the end of the response body, in milliseconds. */
export const defaultRequestTimeoutMs = 120_000;

/** Settings of a transport. */
export interface HttpTransportOptions {
  /** When aborted, ends running requests and refuses new ones. */
  signal?: AbortSignal | undefined;
  /** Time limit of one request including the response body, in milliseconds; less if the call has less time left. */
  requestTimeoutMs?: number | undefined;
  /** Size limit of a response body, in bytes after decompression; default 8 MiB. */
  maximumResponseBytes?: number | undefined;
}

/**
 * Sends requests. It never follows a redirect (the token would be sent along), never repeats a request, honours NO_PROXY, never uses a
 * proxy for this machine, and limits the time and the size of a response.
 *
 * A request without an HTTP response, or with a redirect, rejects with a `TransportError`; any other response resolves.
 */
export class HttpTransport {
  readonly #connections: HttpConnections;
  readonly #options: HttpTransportOptions;

  constructor(connections: HttpConnections, options: HttpTransportOptions = {}) {
    this.#connections = connections;
    this.#options = options;
  }

  send(request: HttpRequest): Promise<HttpResponse> {
    return send(request, this.#connections, this.#options);
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
    // Created before sending, so that a request with a bad address or header is known not to have been sent.
    const outgoing = new Request(request.url, {
      method: request.method,
      headers: headersOf(request),
      body: request.body ?? null,
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

/** fetch sets the content length itself and rejects one that does not match. */
function headersOf({ headers }: HttpRequest): [string, string][] {
  return Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() !== 'content-length');
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}
