import type { FastifyReply } from 'fastify';

/** An error of the REST API: an array of one `{message, errorCode}`. */
export class RestError extends Error {
  override readonly name = 'RestError';
  constructor(
    readonly status: number,
    readonly errorCode: string,
    message: string,
  ) {
    super(message);
  }
}

/** Sends an error instead of a result. */
export function sendRestError(reply: FastifyReply, { status, errorCode, message }: RestError): FastifyReply {
  return reply
    .code(status)
    .type('application/json; charset=UTF-8')
    .send(JSON.stringify([{ message, errorCode }]));
}

/** The error for an access token that is unknown or has expired. */
export function expiredSession(): RestError {
  return new RestError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
}

/** The error for an unknown path. */
export function notFound(): RestError {
  return new RestError(404, 'NOT_FOUND', 'The requested resource does not exist');
}
