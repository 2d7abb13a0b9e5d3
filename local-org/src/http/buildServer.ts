import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:https';
import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import Fastify, { type FastifyError, type FastifyHttpOptions, type FastifyInstance } from 'fastify';
import { notFound, RestError, sendRestError } from '../rest/restError.js';
import { registerRestRoutes } from '../rest/restRoutes.js';
import { parseSoapMessage, SoapFault } from '../soap/soapMessage.js';
import { registerSoapRoutes, sendSoapFault } from '../soap/soapRoutes.js';
import {
  limitBodies,
  maximumFormBytes,
  maximumMessageBytes,
  maximumZipBytes,
  receiveLimits,
  soapTypes,
} from './bodyLimits.js';
import { checkHostHeaders } from './hostHeader.js';
import type { OrgState } from '../org/orgState.js';
import { addRequestHooks } from './requestHooks.js';
import { isSoap } from './requestKinds.js';
import type { KeyWithCertificate } from '../keys/selfSignedCertificate.js';

/**
 * Builds the server of one org with all its routes, not yet listening.
 * @param certificate with it the org speaks https
 */
export async function buildServer(
  org: OrgState,
  certificate: KeyWithCertificate | undefined,
): Promise<FastifyInstance> {
  const options: FastifyHttpOptions<Server> = {
    bodyLimit: maximumFormBytes,
    requestTimeout: receiveLimits.requestTimeout,
    http: receiveLimits,
    forceCloseConnections: true,
    // The parts are in this package: on a busy machine, hundreds of orgs that start at once just take longer.
    pluginTimeout: 0,
    // The full name of a policy of an installed app is longer than the router's default of 100 characters.
    routerOptions: { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true, maxParamLength: 300 },
    // Requests that the router itself refuses, such as an address with an invalid escape.
    frameworkErrors: (error, _request, reply) => {
      void sendRestError(reply, new RestError(error.statusCode ?? 400, 'INVALID_REQUEST', error.message));
    },
  };
  if (certificate) {
    options.serverFactory = (handler) =>
      createServer({ key: certificate.privateKey, cert: certificate.certificate, ...receiveLimits }, handler);
  }
  const app = Fastify(options);
  checkHostHeaders(app, org);
  addRequestHooks(app, org);
  limitBodies(app);
  await app.register(formbody);
  // A JSON part with a file name also counts as a file.
  await app.register(multipart, { limits: { fileSize: maximumZipBytes, files: 2, fields: 10 } });
  app.addContentTypeParser(
    soapTypes,
    { parseAs: 'buffer', bodyLimit: maximumMessageBytes },
    (_request, body, done) => {
      try {
        done(null, parseSoapMessage(Buffer.isBuffer(body) ? body : Buffer.from(body)));
      } catch (error) {
        if (error instanceof SoapFault) done(null, error);
        else done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  );
  app.setErrorHandler<FastifyError | RestError>(async (error, request, reply) => {
    if (error instanceof RestError) return sendRestError(reply, error);
    const status = error.statusCode ?? 500;
    if (status === 413) {
      await readOn(request.raw);
      const limit = isSoap(request)
        ? maximumMessageBytes
        : request.isMultipart()
          ? maximumZipBytes
          : maximumFormBytes;
      const message = `Maximum size of request reached. Maximum size of request is ${limit} bytes.`;
      if (isSoap(request)) return sendSoapFault(reply, new SoapFault('LIMIT_EXCEEDED', message));
      return sendRestError(reply, new RestError(status, 'LIMIT_EXCEEDED', message));
    }
    const code =
      status === 503 ? 'SERVER_UNAVAILABLE' : status < 500 ? 'INVALID_REQUEST' : 'UNKNOWN_EXCEPTION';
    if (isSoap(request)) return sendSoapFault(reply, new SoapFault(code, error.message));
    return sendRestError(reply, new RestError(status, code, error.message));
  });
  app.setNotFoundHandler((_request, reply) => sendRestError(reply, notFound()));
  org.identity.registerRoutes(app);
  registerSoapRoutes(app, org);
  registerRestRoutes(app, org);
  return app;
}

/** Reads what a client still sends, up to the size of one message: a client that cannot send does not read the response. */
function readOn(body: IncomingMessage): Promise<void> {
  if (body.readableEnded || body.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let bytes = 0;
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maximumMessageBytes) resolve();
    });
    for (const end of ['end', 'close', 'error']) body.once(end, resolve);
    body.resume();
  });
}
