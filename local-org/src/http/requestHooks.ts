import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { expiredSession, RestError, sendRestError } from '../rest/restError.js';
import { SoapFault } from '../soap/soapMessage.js';
import { invalidSession, sendSoapFault, soapFaultBody } from '../soap/soapRoutes.js';
import type { RecordedRequest } from '../localOrg.js';
import type { Fault } from '../org/faultRules.js';
import type { OrgState } from '../org/orgState.js';
import { isControl, isSoap, requestKind } from './requestKinds.js';

const lockedMessage =
  "The changes you requested require salesforce.com to temporarily lock your organization's administration setup. " +
  'However, the administration setup has already been locked by another change. Please wait for the previous action to finish, then try again.';

/**
 * Headers that make a response inert in a browser: its content (a component, the body of a fault) is not read as another type, runs no
 * script, and has no origin, in particular not that of the Setup page. The Setup page has its own headers.
 */
const inertHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/**
 * Records every request, adds the latency, applies the faults and dates every response by the org's clock. Added before any route, so that
 * it applies to all; for the control API it only dates the responses.
 */
export function addRequestHooks(app: FastifyInstance, org: OrgState): void {
  const arrivals = new WeakMap<
    FastifyRequest,
    { at: number; record: RecordedRequest | undefined; fault: Fault | undefined }
  >();

  const record = (request: FastifyRequest): void => {
    const arrival = arrivals.get(request);
    if (!arrival || arrival.record) return;
    arrival.record = {
      kind: requestKind(request),
      method: request.method,
      path: request.url,
      at: arrival.at,
      bytesIn: Number(request.headers['content-length'] ?? 0),
      bytesOut: 0,
      status: undefined,
    };
    org.requests.add(arrival.record);
    org.activity.emit('change');
  };

  app.addHook('onRequest', (request, _reply, done) => {
    if (!isControl(request))
      arrivals.set(request, { at: org.clock.now(), record: undefined, fault: undefined });
    done();
  });

  app.addHook('preHandler', async (request, reply) => {
    const arrival = arrivals.get(request);
    if (!arrival) return;
    record(request);
    await org.faults.pass(requestKind(request));
    const fault = org.faults.take(requestKind(request));
    if (org.latencyMs > 0) await sleep(org.latencyMs);
    if (!fault) return;
    if (fault.kind === 'truncate' || ('when' in fault && fault.when === 'after')) arrival.fault = fault;
    else return failBefore(request, reply, fault);
  });

  app.addHook('onSend', (request, reply, payload, done) => {
    makeDurable(org, request);
    void reply.header('date', new Date(org.clock.now()).toUTCString());
    if (!reply.hasHeader('content-security-policy')) void reply.headers(inertHeaders);
    if (org.faults.isOffline) void reply.header('connection', 'close');
    const arrival = arrivals.get(request);
    // A response that never comes: the connection ends with the client or with the org.
    if (arrival?.fault?.kind === 'hang') return;
    const answer = arrival?.fault ? failAfter(request, reply, arrival.fault, payload) : payload;
    if (arrival?.record) arrival.record.bytesOut = lengthOf(answer);
    done(null, answer);
  });

  // A request whose body could not be read never reaches the preHandler hook.
  app.addHook('onResponse', (request, reply, done) => {
    record(request);
    const answered = arrivals.get(request)?.record;
    // If a response was cut off or never came, it is unknown whether anything reached the client.
    if (answered && reply.raw.writableFinished) answered.status = reply.statusCode;
    if (answered) org.activity.emit('change');
    done();
  });
}

/** Sends no response to a change that could not be stored: the client sees what it would see if the org failed at that moment. */
function makeDurable(org: OrgState, request: FastifyRequest): void {
  try {
    org.kept.flush();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.emitWarning(`The state of the org ${org.name} could not be written: ${reason}`);
    request.raw.socket.destroy();
  }
}

function lengthOf(payload: unknown): number {
  return typeof payload === 'string' || Buffer.isBuffer(payload) ? Buffer.byteLength(payload) : 0;
}

/** Responds, or does not respond, instead of the org. */
function failBefore(request: FastifyRequest, reply: FastifyReply, fault: Fault): FastifyReply {
  switch (fault.kind) {
    case 'hang':
      return reply.hijack();
    case 'status':
      return withStatus(reply, fault).send(fault.body ?? '');
    case 'sessionExpired':
      return isSoap(request)
        ? sendSoapFault(reply, invalidSession())
        : sendRestError(reply, expiredSession());
    case 'locked':
      return isSoap(request)
        ? sendSoapFault(reply, new SoapFault('ALREADY_IN_PROCESS', lockedMessage))
        : sendRestError(reply, new RestError(400, 'ALREADY_IN_PROCESS', lockedMessage));
    case 'serverError':
      return reply.code(500).type(serverErrorType(request)).send(serverErrorBody(request));
    case 'malformed':
      return reply
        .type('text/html')
        .send('<!DOCTYPE html><html><body><p>Down for maintenance</p></body></html>');
    case 'reset':
    case 'truncate':
      resetConnection(request);
      return reply.hijack();
  }
}

/** Resets the connection; an encrypted one can only be closed without TLS's closing message. */
function resetConnection({ raw: { socket } }: FastifyRequest): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

/** Damages the response of an org that has acted. */
function failAfter(
  request: FastifyRequest,
  reply: FastifyReply,
  fault: Exclude<Fault, { kind: 'hang' }>,
  payload: unknown,
): unknown {
  switch (fault.kind) {
    case 'truncate':
      return half(request, reply, payload);
    case 'status':
      withStatus(reply, fault);
      return fault.body ?? '';
    case 'serverError':
      void reply.code(500).type(serverErrorType(request));
      return serverErrorBody(request);
    default:
      resetConnection(request);
      return payload;
  }
}

const serverErrorMessage = 'An unexpected error occurred. Please include this ErrorId if you contact support';

const serverErrorType = (request: FastifyRequest): string =>
  isSoap(request) ? 'text/xml; charset=utf-8' : 'application/json; charset=UTF-8';

function serverErrorBody(request: FastifyRequest): string {
  return isSoap(request)
    ? soapFaultBody(new SoapFault('UNKNOWN_EXCEPTION', serverErrorMessage))
    : JSON.stringify([{ message: serverErrorMessage, errorCode: 'UNKNOWN_EXCEPTION' }]);
}

function withStatus(reply: FastifyReply, fault: Fault & { kind: 'status' }): FastifyReply {
  if (fault.retryAfter !== undefined) void reply.header('retry-after', fault.retryAfter);
  return reply.code(fault.status).type(fault.contentType ?? 'text/plain');
}

/** The first half of a response with its full length declared, after which the connection is closed. */
function half(request: FastifyRequest, reply: FastifyReply, payload: unknown): Readable {
  const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(typeof payload === 'string' ? payload : '');
  void reply.header('content-length', bytes.length);
  return Readable.from(
    (async function* () {
      yield bytes.subarray(0, Math.floor(bytes.length / 2));
      // The half must be sent before the connection is closed.
      await sleep(20);
      request.raw.socket.destroy();
    })(),
  );
}
