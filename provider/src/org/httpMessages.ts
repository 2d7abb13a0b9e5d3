/** A request as it is sent. */
export interface HttpRequest {
  method: string;
  url: string;
  headers?: Readonly<Record<string, string>> | undefined;
  body?: string | Buffer | null | undefined;
}

/** An answer that was received to its end. */
export interface HttpResponse {
  statusCode: number;
  /** By their names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Sends a request. Any answer resolves, also one that reports an error. */
export type SendRequest = (request: HttpRequest) => Promise<HttpResponse>;
