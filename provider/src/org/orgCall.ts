import { assertParsable } from './answerLimits.js';
import type { HttpConnections } from './httpConnections.js';
import type { HttpResponse, SendRequest } from './httpMessages.js';
import { HttpTransport } from './httpTransport.js';
import { OrgApi } from './jsforce.js';
import { salesforceErrorOf } from './salesforceFailure.js';

/** How to reach an org. */
export interface OrgAccess {
  /** The connections that its requests leave by. */
  http: HttpConnections;
  /** The org's address, for instance `https://example.my.salesforce.com`. */
  instanceUrl: string;
  /** Left out for what an org tells everybody. */
  accessToken?: string | undefined;
  /** API version of the call, as in `66.0`; left out for what has no version. */
  apiVersion?: string | undefined;
  /** Ends a running call, and refuses a new one, when it is aborted. */
  signal?: AbortSignal | undefined;
  /** Time limit of one request, in milliseconds; default 120 000. */
  requestTimeoutMs?: number | undefined;
  /** Limit of an answer's body, in bytes after decompression; default 8 MiB. */
  maximumResponseBytes?: number | undefined;
  /** Told the org's clock with every answer. */
  onServerDate?: ((date: Date) => void) | undefined;
}

/**
 * Refuses what cannot be the address, token or version of an org's API, before anything is sent.
 *
 * @throws TypeError naming the allowed form; never the token.
 */
export function assertOrgAccess({ instanceUrl, accessToken, apiVersion }: Omit<OrgAccess, 'http'>): void {
  if (!URL.canParse(instanceUrl) || !/^https?:$/.test(new URL(instanceUrl).protocol)) {
    throw new TypeError('The instance URL must be an address, as in https://example.my.salesforce.com.');
  }
  if (new URL(instanceUrl).hostname.endsWith('.lightning.force.com')) {
    throw new TypeError(
      'The instance URL is a Lightning address, which has no API; use the one that ends with .my.salesforce.com.',
    );
  }
  if (accessToken !== undefined && !/^[\x21-\x7e]+$/.test(accessToken)) {
    throw new TypeError(
      'The access token is empty, or holds white space or other characters that no token has.',
    );
  }
  if (apiVersion !== undefined && !/^\d+\.0$/.test(apiVersion)) {
    throw new TypeError(`The API version must look like 66.0; it is ${JSON.stringify(apiVersion)}.`);
  }
}

/**
 * Makes one call and keeps its raw answer, which results and errors do not show.
 *
 * @param operation What the API calls it; errors name it.
 * @param request Sends one request.
 * @param parse Turns the result into a value, or throws an `UnexpectedAnswerError`.
 * @throws SalesforceApiError when the org refused, or its answer makes no sense; TransportError when there was none.
 */
export async function callOrg<Answer>(
  {
    http,
    instanceUrl,
    accessToken,
    apiVersion,
    signal,
    requestTimeoutMs,
    maximumResponseBytes,
    onServerDate,
  }: OrgAccess,
  operation: string,
  request: (api: OrgApi) => PromiseLike<unknown>,
  parse: (answer: unknown, response: HttpResponse) => Answer,
): Promise<Answer> {
  let response: HttpResponse | undefined;
  const transport = new HttpTransport(http, { signal, requestTimeoutMs, maximumResponseBytes });
  const send: SendRequest = async (sent) => {
    response = await transport.send(sent);
    const date = new Date(response.headers['date'] ?? '');
    if (!Number.isNaN(date.getTime())) onServerDate?.(date);
    assertParsable(response);
    return response;
  };
  try {
    const address = { instanceUrl: instanceUrl.replace(/\/+$/, ''), accessToken, apiVersion };
    const answer = await request(new OrgApi(address, send));
    if (response === undefined) throw new Error('no answer was received');
    return parse(answer, response);
  } catch (error) {
    throw salesforceErrorOf(error, {
      operation,
      response,
      secrets: accessToken === undefined ? [] : [accessToken],
    });
  }
}
