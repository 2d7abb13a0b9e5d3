// Before lib/connection, which imports it in a circle: otherwise the package's own index has no Connection when it is loaded later.
import '@jsforce/jsforce-node/lib/jsforce';
import '@jsforce/jsforce-node/lib/api/metadata';
import { PassThrough } from 'node:stream';
import { Connection } from '@jsforce/jsforce-node/lib/connection';
import { OAuth2 } from '@jsforce/jsforce-node/lib/oauth2';
import { Transport } from '@jsforce/jsforce-node/lib/transport';
import type * as jsforce from '@jsforce/jsforce-node/lib/types/common';
import { StreamPromise } from '@jsforce/jsforce-node/lib/util/promise';
import type { HttpResponse, SendRequest } from './httpMessages.js';

/** The address, session and API version of requests. */
interface OrgApiAddress {
  /** The org's address, without a trailing slash. */
  instanceUrl: string;
  /** Omitted for requests without a sign-in. */
  accessToken?: string | undefined;
  /** As in `66.0`; omitted for requests without a version. */
  apiVersion?: string | undefined;
}

/**
 * The APIs of an org. Each call sends one request, and resolves to the response as jsforce parsed it, unchecked.
 *
 * Only this file uses jsforce, which writes the requests and parses the responses. It does not send them.
 */
export class OrgApi {
  readonly #connection: Connection;

  constructor({ instanceUrl, accessToken, apiVersion }: OrgApiAddress, send: SendRequest) {
    this.#connection = new Connection({
      instanceUrl,
      ...(accessToken === undefined ? {} : { accessToken }),
      ...(apiVersion === undefined ? {} : { version: apiVersion }),
    });
    this.#connection._transport = new SenderTransport(send);
  }

  /**
   * Sends a request to a REST endpoint.
   *
   * @param path from the root of the host
   */
  request(
    method: 'GET' | 'PATCH' | 'POST',
    path: string,
    content?: { type: string; body: string },
  ): PromiseLike<unknown> {
    return this.#connection.request({
      method,
      url: this.#connection.instanceUrl + path,
      ...(content === undefined ? {} : { body: content.body, headers: { 'content-type': content.type } }),
    });
  }

  /** @param types Member names by component type. */
  retrieve(types: ReadonlyMap<string, readonly string[]>): PromiseLike<unknown> {
    const { version } = this.#connection;
    const request = {
      apiVersion: Number(version),
      unpackaged: { types: [...types].map(([name, members]) => ({ members: [...members], name })), version },
    };
    // jsforce's type requires more of a package than the API does.
    return this.#connection.metadata.retrieve(request as never);
  }

  checkRetrieveStatus(id: string): PromiseLike<unknown> {
    return this.#connection.metadata.checkRetrieveStatus(id);
  }

  readMetadata(type: string, fullNames: readonly string[]): PromiseLike<unknown> {
    // jsforce's type knows the types of an earlier API version.
    return this.#connection.metadata.read(type as never, [...fullNames]);
  }

  listMetadata(types: readonly string[]): PromiseLike<unknown> {
    return this.#connection.metadata.list(types.map((type) => ({ type })));
  }

  deploy(
    zip: Buffer,
    options: { checkOnly: boolean; rollbackOnError: boolean; singlePackage: boolean },
  ): PromiseLike<unknown> {
    return this.#connection.metadata.deployRest(zip, options);
  }

  checkDeployStatus(id: string): PromiseLike<unknown> {
    return this.#connection.metadata.checkDeployStatus(encodeURIComponent(id), true, true);
  }
}

/** Sends a request to a token endpoint. Resolves to the JSON of the response, or to `undefined` if it is not JSON. */
export function requestToken(
  loginUrl: string,
  parameters: Readonly<Record<string, string>> & { grant_type: string },
  send: SendRequest,
): Promise<unknown> {
  const oauth2 = new OAuth2({ loginUrl });
  oauth2._transport = new SenderTransport(send);
  return oauth2.requestToken(parameters);
}

/** An error with the org's own message: jsforce's HttpApiError, unless jsforce built it from the whole body. */
export function orgErrorOf(error: unknown): { errorCode: string; message: string } | undefined {
  if (!(error instanceof Error) || !('errorCode' in error)) return undefined;
  const { errorCode, message } = error;
  if (typeof errorCode !== 'string' || errorCode === '' || errorCode.startsWith('ERROR_HTTP_'))
    return undefined;
  if (errorCode !== 'MULTIPLE_API_ERRORS') {
    return { errorCode: errorCode.replace(/^[A-Za-z]+:/, ''), message };
  }
  const data: unknown[] = 'data' in error && Array.isArray(error.data) ? error.data : [];
  const errors = data.flatMap((one) =>
    typeof one === 'object' && one !== null && 'message' in one && typeof one.message === 'string'
      ? [{ message: one.message, errorCode: 'errorCode' in one ? String(one.errorCode) : errorCode }]
      : [],
  );
  return {
    errorCode: errors[0]?.errorCode ?? errorCode,
    message: errors.map((one) => one.message).join('; ') || message,
  };
}

/** Whether jsforce refused to send a JWT-based token over SOAP, because orgs refuse it below 68.0. Its message names both remedies. */
export function isJwtKeptFromSoap(message: string): boolean {
  return message.startsWith('SOAP API does not support JWT-based access tokens');
}

/** Jsforce's own transport follows redirects with the token, repeats requests, and crashes the process when a connection breaks. */
class SenderTransport extends Transport {
  readonly #send: SendRequest;

  constructor(send: SendRequest) {
    super();
    this.#send = send;
  }

  override httpRequest({ body, ...request }: jsforce.HttpRequest): StreamPromise<HttpResponse> {
    return StreamPromise.create(() => ({
      // jsforce connects a stream to every request; here it stays empty.
      stream: new PassThrough(),
      promise: this.#send({ ...request, body: wholeBody(body) }),
    }));
  }
}

/** jsforce's requests for metadata and tokens never stream their bodies. */
function wholeBody(body: jsforce.HttpBody | undefined): string | Buffer | null {
  if (body === undefined || body === null || typeof body === 'string' || Buffer.isBuffer(body)) {
    return body ?? null;
  }
  throw new TypeError('The body of a request must be a string or a Buffer.');
}
