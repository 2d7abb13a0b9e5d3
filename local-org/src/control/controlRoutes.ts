import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { componentType, componentTypes } from '../components/types.js';
import type { LocalOrg } from '../localOrg.js';
import type { OrgState } from '../org/orgState.js';
import { controlPath } from '../http/requestKinds.js';
import { registerSetupRoutes } from '../setup/setupRoutes.js';
import { InputError, readFields, readWholeNumber } from '../readInput.js';
import { decodeUtf8, XmlError } from '../xml.js';
import { controlRefusal } from './controlAccess.js';
import { readFaultRule } from './readFaultRule.js';
import { readFaultSwitches } from './readFaultSwitches.js';

/** The last instant with a four-digit year, which the wire formats need. */
const latestClock = Date.UTC(10_000, 0) - 1;

/** The longest time for which an org can refuse connections: an hour. */
const longestOfflineMs = 60 * 60 * 1000;

const readTimeOffline = readFields('A time offline', { forMs: readWholeNumber(1, longestOfflineMs) });

/** An error of the control API, answered as `{"error": message}`. */
class ControlError extends Error {
  constructor(
    readonly statusCode: number,
    message: string,
  ) {
    super(message);
  }
}

interface ComponentParams {
  Params: { type: string; fullName: string };
}

/**
 * Adds the control API under `/local-org`: the functions of the programmatic {@link LocalOrg}, over HTTP. No Salesforce org has the
 * path. Its requests are not recorded or delayed, and not subject to faults.
 */
export async function registerControlRoutes(
  app: FastifyInstance,
  org: LocalOrg,
  state: OrgState,
): Promise<void> {
  await app.register(
    async (control) => {
      addBorder(control, state);
      addFaultRoutes(control, org);
      addClockRoutes(control, org);
      addOfflineRoute(control, org);
      addRequestRoutes(control, org);
      addComponentRoutes(control, org);
      await registerSetupRoutes(control, org, state);
    },
    { prefix: controlPath },
  );
}

/** Who has access, how bodies are read, and the form of errors. */
function addBorder(control: FastifyInstance, state: OrgState): void {
  control.addHook('onRequest', (request, _reply, done) => {
    const refusal = controlRefusal(request, state);
    done(refusal && new ControlError(refusal.statusCode, refusal.message));
  });
  control.addHook('onResponse', (request, _reply, done) => {
    if (request.method !== 'GET') state.activity.emit('change');
    done();
  });
  // For users of curl.
  control.setReplySerializer((payload) => `${JSON.stringify(payload, undefined, 2)}\n`);
  control.removeAllContentTypeParsers();
  control.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  control.setErrorHandler<FastifyError | ControlError | InputError>((error, _request, reply) => {
    const status = error instanceof InputError ? 400 : (error.statusCode ?? 500);
    return reply.code(status).send({ error: error.message });
  });
  for (const url of ['/', '/*']) {
    control.all(url, (request) => {
      throw new ControlError(
        404,
        `There is no ${request.method} ${request.url}. There are: ${routes.join('; ')}.`,
      );
    });
  }
}

const routes = [
  'GET, POST, PATCH, DELETE /local-org/faults',
  'DELETE /local-org/faults/{id}',
  'GET, POST /local-org/clock',
  'POST /local-org/offline',
  'GET, DELETE /local-org/requests',
  'GET /local-org/components/{type}',
  'GET, PUT, DELETE /local-org/components/{type}/{fullName}',
  'GET /local-org/setup (for a browser)',
];

function addFaultRoutes(control: FastifyInstance, { faults }: LocalOrg): void {
  const all = () => ({ rules: faults.rules, ...faults.switches });

  control.get('/faults', all);
  control.post('/faults', (request, reply) => {
    faults.add(readFaultRule(jsonOf(request)));
    return reply.code(201).send(faults.rules.at(-1));
  });
  control.patch('/faults', (request) => {
    faults.change(readFaultSwitches(jsonOf(request)));
    return all();
  });
  control.delete('/faults', (_request, reply) => {
    faults.clear();
    return noContent(reply);
  });
  control.delete<{ Params: { id: string } }>('/faults/:id', (request, reply) => {
    const { id } = request.params;
    if (faults.remove(Number(id))) return noContent(reply);
    const ids = faults.rules.map((rule) => rule.id);
    throw new ControlError(404, `There is no fault rule '${id}'; there are: ${ids.join(', ') || 'none'}.`);
  });
}

function addClockRoutes(control: FastifyInstance, org: LocalOrg): void {
  const clock = () => {
    const now = org.now();
    return { now, date: new Date(now).toISOString() };
  };

  control.get('/clock', clock);
  control.post('/clock', (request) => {
    const advanceMs = readWholeNumber(-org.now(), latestClock - org.now());
    org.advanceClock(readFields('A move of the clock', { advanceMs })(jsonOf(request)).advanceMs);
    return clock();
  });
}

function addOfflineRoute(control: FastifyInstance, { faults }: LocalOrg): void {
  let timer: NodeJS.Timeout | undefined;

  control.post('/offline', (request, reply) => {
    const { forMs } = readTimeOffline(jsonOf(request));
    const comeBack = faults.goOffline();
    clearTimeout(timer);
    // If another process has taken the port, this one ends with that error: an org that nobody can reach must not seem to run.
    timer = setTimeout(() => void comeBack(), forMs);
    return noContent(reply);
  });
  control.addHook('onClose', () => {
    clearTimeout(timer);
  });
}

function addRequestRoutes(control: FastifyInstance, org: LocalOrg): void {
  control.get('/requests', () => org.requests);
  control.delete('/requests', (_request, reply) => {
    org.clearRequests();
    return noContent(reply);
  });
}

function addComponentRoutes(control: FastifyInstance, org: LocalOrg): void {
  control.get<{ Params: { type: string } }>('/components/:type', (request) =>
    org.componentNames(knownType(request.params.type)),
  );
  control.get<ComponentParams>('/components/:type/:fullName', (request, reply) =>
    reply.type('application/xml; charset=utf-8').send(existing(org, request.params)),
  );
  control.put<ComponentParams>('/components/:type/:fullName', (request, reply) => {
    const { fullName } = request.params;
    const type = knownType(request.params.type);
    if (!/^[\w.%-]+$/.test(fullName)) {
      throw new InputError(`'${fullName}' is not a full name: letters, digits and the characters _ . % -.`);
    }
    const isNew = org.component(type, fullName) === undefined;
    put(org, type, fullName, bodyOf(request));
    return isNew ? reply.code(201).send() : noContent(reply);
  });
  control.delete<ComponentParams>('/components/:type/:fullName', (request, reply) => {
    existing(org, request.params);
    org.removeComponent(request.params.type, request.params.fullName);
    return noContent(reply);
  });
}

function knownType(name: string): string {
  if (componentType(name)) return name;
  const names = componentTypes.map((type) => type.name);
  throw new ControlError(404, `There is no metadata type '${name}'; there are: ${names.join(', ')}.`);
}

function existing(org: LocalOrg, { type, fullName }: ComponentParams['Params']): string {
  const xml = org.component(knownType(type), fullName);
  if (xml !== undefined) return xml;
  const names = org.componentNames(type).join(', ') || 'none';
  throw new ControlError(404, `There is no ${type} '${fullName}'; there are: ${names}.`);
}

function put(org: LocalOrg, type: string, fullName: string, body: Buffer): void {
  try {
    org.putComponent(type, fullName, decodeUtf8(body));
  } catch (error) {
    if (error instanceof XmlError) {
      throw new InputError(
        `The body is not well-formed XML: ${error.message} (line ${error.line}, column ${error.column}).`,
      );
    }
    if (error instanceof TypeError) throw new InputError('The body is not UTF-8 text.');
    throw error;
  }
}

function bodyOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** @throws ControlError 415 for another content type, which a page of another site could send unasked */
function jsonOf(request: FastifyRequest): unknown {
  const contentType = request.headers['content-type'] ?? 'missing';
  if (!/^application\/json\s*(?:;|$)/i.test(contentType)) {
    throw new ControlError(
      415,
      `The Content-Type is ${contentType}; it has to be application/json (curl --json).`,
    );
  }
  try {
    return JSON.parse(bodyOf(request).toString('utf8'));
  } catch (error) {
    throw new InputError(`The body is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function noContent(reply: FastifyReply): FastifyReply {
  return reply.code(204).send();
}
