import type { FastifyInstance, FastifyRequest } from 'fastify';

const MiB = 1024 * 1024;

/** The largest SOAP message, and the largest zip of a REST deploy (both documented). */
export const maximumMessageBytes = 50 * MiB;
export const maximumZipBytes = 39 * MiB;

/** The largest form or JSON document, for which no limit is documented: they are small. */
export const maximumFormBytes = MiB;

/** How long a client may take to send a request, in milliseconds, and how often that is checked. */
export const receiveLimits = { requestTimeout: 60_000, connectionsCheckingInterval: 1000 };

/** The maximum number of connections. */
const maximumConnections = 1000;

/** The maximum size of all bodies together, without small ones. */
const maximumHeldBytes = 4 * maximumMessageBytes;
const smallBodyBytes = MiB / 16;

/** Content types of SOAP messages. */
export const soapTypes = ['text/xml', 'application/soap+xml'];

/** A request that the org has no memory for; the error has the form of its API. */
class BusyError extends Error {
  override readonly name = 'BusyError';
  readonly statusCode = 503;
  constructor() {
    super(
      `The local org reads ${maximumHeldBytes / MiB} MiB of requests at a time, and others take them now. Try again.`,
    );
  }
}

/** Limits the memory of all requests while they are read and answered, including those without a session. */
export function limitBodies(app: FastifyInstance): void {
  let held = 0;
  app.server.maxConnections = maximumConnections;
  app.addHook('onRequest', (request, reply, done) => {
    const bytes = announcedBytes(request);
    if (bytes <= smallBodyBytes) {
      done();
    } else if (held + bytes > maximumHeldBytes) {
      done(new BusyError());
    } else {
      held += bytes;
      reply.raw.once('close', () => (held -= bytes));
      done();
    }
  });
}

/** The maximum size of a body, by its declared length or, without one, by its type. */
function announcedBytes({ headers }: FastifyRequest): number {
  const type = headers['content-type'] ?? '';
  const limit = soapTypes.some((soapType) => type.startsWith(soapType))
    ? maximumMessageBytes
    : type.startsWith('multipart/')
      ? maximumZipBytes
      : maximumFormBytes;
  if (headers['transfer-encoding'] !== undefined) return limit;
  return Math.min(limit, Number(headers['content-length'] ?? 0));
}
