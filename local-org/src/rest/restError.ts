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

/** Sends an error in place of an answer. */
export function sendRestError(reply: FastifyReply, { status, errorCode, message }: RestError): FastifyReply {
  return reply
    .code(status)
    .type('application/json; charset=UTF-8')
    .send(JSON.stringify([{ message, errorCode }]));
}

/** What an org says about an access token that it does not know or that has expired. */
export function expiredSession(): RestError {
  return new RestError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
}

/** What an org says about a path that it does not have. */
export function notFound(): RestError {
  return new RestError(404, 'NOT_FOUND', 'The requested resource does not exist');
}
