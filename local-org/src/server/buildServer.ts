import type { Server } from 'node:http';
import { createServer } from 'node:https';
import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import Fastify, { type FastifyError, type FastifyHttpOptions, type FastifyInstance } from 'fastify';
import { notFound, RestError, sendRestError } from '../rest/restError.js';
import { registerRestRoutes } from '../rest/restRoutes.js';
import { parseSoapMessage, SoapFault } from '../soap/soapMessage.js';
import { registerSoapRoutes, sendSoapFault } from '../soap/soapRoutes.js';
import { Identity } from '../identity/identity.js';
import type { OrgState } from './orgState.js';
import { addRequestHooks } from './requestHooks.js';
import { isSoap } from './requestKind.js';
import type { KeyWithCertificate } from './selfSignedCertificate.js';

/** The largest request that an org takes: 50 MB (documented for SOAP messages). */
const maximumRequestBytes = 50 * 1024 * 1024;

/**
 * Builds the server of one org with everything that it answers, not yet listening.
 * @param certificate with it the org speaks https
 */
export async function buildServer(
  org: OrgState,
  certificate: KeyWithCertificate | undefined,
): Promise<FastifyInstance> {
  const options: FastifyHttpOptions<Server> = {
    bodyLimit: maximumRequestBytes,
    forceCloseConnections: true,
    // The full name of a policy of an installed app is longer than the router's default of 100 characters.
    routerOptions: { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true, maxParamLength: 300 },
    // What the router itself refuses, such as an address with a broken escape.
    frameworkErrors: (error, _request, reply) => {
      void sendRestError(reply, new RestError(error.statusCode ?? 400, 'INVALID_REQUEST', error.message));
    },
  };
  if (certificate) {
    options.serverFactory = (handler) =>
      createServer({ key: certificate.privateKey, cert: certificate.certificate }, handler);
  }
  const app = Fastify(options);
  addRequestHooks(app, org);
  await app.register(formbody);
  // A JSON part that carries a file name counts as a file too.
  await app.register(multipart, { limits: { fileSize: maximumRequestBytes, files: 2, fields: 10 } });
  app.addContentTypeParser(
    ['text/xml', 'application/soap+xml'],
    { parseAs: 'buffer' },
    (_request, body, done) => {
      try {
        done(null, parseSoapMessage(Buffer.isBuffer(body) ? body : Buffer.from(body)));
      } catch (error) {
        if (error instanceof SoapFault) done(null, error);
        else done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  );
  app.setErrorHandler<FastifyError | RestError>((error, request, reply) => {
    if (error instanceof RestError) return sendRestError(reply, error);
    const status = error.statusCode ?? 500;
    if (isSoap(request)) return sendSoapFault(reply, new SoapFault('INVALID_REQUEST', error.message));
    return sendRestError(
      reply,
      new RestError(status, status < 500 ? 'INVALID_REQUEST' : 'UNKNOWN_EXCEPTION', error.message),
    );
  });
  app.setNotFoundHandler((_request, reply) => sendRestError(reply, notFound()));
  org.identity = await Identity.create(org.identityOrg);
  org.identity.registerRoutes(app);
  registerSoapRoutes(app, org);
  registerRestRoutes(app, org);
  return app;
}
