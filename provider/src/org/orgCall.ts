import { assertParsable } from './answerLimits.js';
import type { HttpConnections } from './httpConnections.js';
import type { HttpResponse, SendRequest } from './httpMessages.js';
import { HttpTransport } from './httpTransport.js';
import { OrgApi } from './jsforce.js';
import { salesforceErrorOf } from './salesforceFailure.js';

/** How to reach an org. */
export interface OrgAccess {
  /** The connections for its requests. */
  http: HttpConnections;
  /** The org's address, for instance `https://example.my.salesforce.com`. */
  instanceUrl: string;
  /** Omitted for requests without a sign-in. */
  accessToken?: string | undefined;
  /** API version of the call, as in `66.0`; omitted for requests without a version. */
  apiVersion?: string | undefined;
  /** When aborted, ends a running call and refuses new ones. */
  signal?: AbortSignal | undefined;
  /** Time limit of one request, in milliseconds; default 120 000. */
  requestTimeoutMs?: number | undefined;
  /** Size limit of a response body, in bytes after decompression; default 8 MiB. */
  maximumResponseBytes?: number | undefined;
  /** Receives the org's clock with every response. */
  onServerDate?: ((date: Date) => void) | undefined;
}

/**
 * Refuses an invalid address, token or version of an org's API before anything is sent.
 *
 * @throws TypeError naming the allowed form; never the token.
 */
export function assertOrgAccess({ instanceUrl, accessToken, apiVersion }: Omit<OrgAccess, 'http'>): void {
  if (!URL.canParse(instanceUrl) || !/^https?:$/.test(new URL(instanceUrl).protocol)) {
    throw new TypeError('The instance URL must be an address, as in https://example.my.salesforce.com.');
  }
  if (new URL(instanceUrl).hostname.endsWith('.lightning.force.com')) {
    throw new TypeError(
      'The instance URL is a Lightning address, which has no API. Use the one that ends with .my.salesforce.com.',
    );
  }
  if (accessToken !== undefined && !/^[\x21-\x7e]+$/.test(accessToken)) {
    throw new TypeError(
      'The access token is empty, or contains white space or other characters that a token cannot have.',
    );
  }
  if (apiVersion !== undefined && !/^\d+\.0$/.test(apiVersion)) {
    throw new TypeError(`The API version must look like 66.0 (found ${JSON.stringify(apiVersion)}).`);
  }
}

/**
 * Makes one call and keeps its raw response out of results and errors.
 *
 * @param operation Its name in the API, which errors include.
 * @param request Sends one request.
 * @param parse Converts the result to a value, or throws an `UnexpectedAnswerError`.
 * @throws SalesforceApiError when the org refused or its response is invalid; TransportError when there was no response.
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
    if (response === undefined) throw new Error('no response was received');
    return parse(answer, response);
  } catch (error) {
    throw salesforceErrorOf(error, {
      operation,
      response,
      secrets: accessToken === undefined ? [] : [accessToken],
    });
  }
}
