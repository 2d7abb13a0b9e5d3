import type { LocalOrg } from '../localOrg.js';

/** A request of the token desk to the org. */
export interface DeskRequest {
  method: 'GET' | 'POST';
  /** Path and query. */
  path: string;
  accessToken?: string;
  /** Fields of a form; instead of {@link xml}. */
  form?: Readonly<Record<string, string>>;
  /** A SOAP message. */
  xml?: string;
}

/** A request with its response. */
export interface Exchange {
  method: string;
  path: string;
  /** By the org's clock, milliseconds since 1970. */
  at: number;
  /** HTTP status; undefined if there was no response, and {@link body} then has the reason. */
  status: number | undefined;
  body: string;
}

/** How long the desk waits for a response, in milliseconds, because the user of the page waits too. */
const patienceMs = 10_000;

/** Sends a request to the org's own address and waits for the response. */
export async function exchange(org: LocalOrg, request: DeskRequest): Promise<Exchange> {
  const { method, path, accessToken, form, xml } = request;
  const sent = { method, path, at: org.now() };
  try {
    const response = await fetch(org.instanceUrl + path, {
      method,
      headers: {
        // The org could close an idle connection just when the next request is sent.
        connection: 'close',
        ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
        ...(xml !== undefined && { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' }),
      },
      ...(form !== undefined && { body: new URLSearchParams(form) }),
      ...(xml !== undefined && { body: xml }),
      signal: AbortSignal.timeout(patienceMs),
    });
    return { ...sent, status: response.status, body: await response.text() };
  } catch (error) {
    return { ...sent, status: undefined, body: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `No response within ${patienceMs / 1000} seconds.`;
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
