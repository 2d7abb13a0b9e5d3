/** A request as it is sent. */
export interface HttpRequest {
  method: string;
  url: string;
  headers?: Readonly<Record<string, string>> | undefined;
  body?: string | Buffer | null | undefined;
}

/** A response that was received completely. */
export interface HttpResponse {
  statusCode: number;
  /** By lower-case name. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Sends a request. Any response resolves, even one that reports an error. */
export type SendRequest = (request: HttpRequest) => Promise<HttpResponse>;
