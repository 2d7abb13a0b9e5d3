import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { InputError } from '../readInput.js';
import type { LocalOrg } from '../localOrg.js';
import type { OrgState } from '../org/orgState.js';
import type { Outcome } from './appPage.js';
import { appPath, appsPage } from './appsPage.js';
import { deployPage, deploysPage } from './deploysPage.js';
import { faultsPage } from './faultsPage.js';
import { html } from './html.js';
import { PageError, sendPage, setupPath, withPageHeaders, type Page } from './page.js';
import { policiesPage, savePolicies } from './policiesPage.js';
import { requestsPage } from './requestsPage.js';
import { saveSettings, settingsPage } from './settingsPage.js';
import { readSetupFiles } from './setupFiles.js';
import { TokenDesk } from './tokenDesk.js';
import { tokenPage, tokensPage } from './tokensPage.js';

interface AppRequest {
  Params: { app: string };
  Querystring: { saved?: string };
}

interface IdRequest {
  Params: { id: string };
}

/**
 * Adds the Setup page, below the control API, which accepts only pages of this machine. For what the control API can already do
 * (faults, clock, requests), the page's script calls it; the page's own requests do the rest.
 */
export async function registerSetupRoutes(
  control: FastifyInstance,
  org: LocalOrg,
  state: OrgState,
): Promise<void> {
  const files = await readSetupFiles();
  await control.register(
    (setup, _options, done) => {
      addErrorPages(setup, org);
      const show = (path: string, page: (id: string) => Page): void => {
        setup.get<IdRequest>(path, ({ params }, reply) => {
          state.settle();
          return sendPage(reply, org, page(params.id));
        });
      };
      show('/', () => appsPage(state.store));
      show('/deploys', () => deploysPage(state.deployJobs));
      show('/deploys/:id', (id) => deployPage(state.deployJobs, id));
      show('/requests', () => requestsPage(org.requests));
      show('/faults', () => faultsPage(org.faults));
      addAppRoutes(setup, org, state);
      addTokenRoutes(setup, org, state, show);
      addEvents(setup, state);
      setup.get<{ Params: { name: string } }>('/files/:name', ({ params }, reply) => {
        const file = files.get(params.name);
        if (!file) throw new PageError(404, `The Setup page has no file '${params.name}'.`);
        return withPageHeaders(reply).type(file.type).send(file.text);
      });
      done();
    },
    { prefix: setupPath.slice(control.prefix.length) },
  );
}

function addErrorPages(setup: FastifyInstance, org: LocalOrg): void {
  setup.setErrorHandler<FastifyError | PageError | InputError>((error, _request, reply) => {
    const status = error instanceof InputError ? 400 : (error.statusCode ?? 500);
    return sendPage(reply.code(status), org, {
      place: undefined,
      heading: status === 404 ? 'Not found' : 'The request failed',
      content: html`<p class="message problem">${error.message}</p>
        <p><a href="${setupPath}">External Client App Manager</a></p>`,
    });
  });
  setup.all('/*', ({ method, url }) => {
    throw new PageError(404, `There is no ${method} ${url}.`);
  });
}

function addAppRoutes(setup: FastifyInstance, org: LocalOrg, state: OrgState): void {
  const views = [
    { view: 'settings', page: settingsPage, save: saveSettings },
    { view: 'policies', page: policiesPage, save: savePolicies },
  ] as const;
  for (const { view, page, save } of views) {
    const path = `/apps/:app/${view}`;
    setup.get<AppRequest>(path, ({ params, query }, reply) => {
      state.settle();
      const { saved } = query;
      const outcome: Outcome = saved === undefined ? {} : { saved: saved === 'changes' };
      return sendPage(reply, org, page(state, params.app, outcome));
    });
    setup.post<AppRequest>(path, (request, reply) => {
      state.settle();
      const { app } = request.params;
      const outcome = save(state, app, formOf(request));
      // A refusal shows the page again at once; after a save the browser is redirected, so that reloading does not save again.
      if (outcome.problem !== undefined) return sendPage(reply, org, page(state, app, outcome));
      return reply.redirect(
        `${appPath(app, view)}?saved=${outcome.saved === true ? 'changes' : 'nothing'}`,
        303,
      );
    });
  }
}

function addTokenRoutes(
  setup: FastifyInstance,
  org: LocalOrg,
  state: OrgState,
  show: (path: string, page: (id: string) => Page) => void,
): void {
  const desk = new TokenDesk(org, state);
  const seeToken = (reply: FastifyReply, id: string | number): FastifyReply =>
    reply.redirect(`${setupPath}/tokens/${id}`, 303);

  show('/tokens', () => tokensPage(state, desk));
  show('/tokens/:id', (id) => tokenPage(state, desk.token(id)));
  setup.post('/tokens', async (request, reply) => seeToken(reply, (await desk.request(formOf(request))).id));
  setup.post<IdRequest>('/tokens/:id/calls', async (request, reply) => {
    const { id } = request.params;
    await desk.call(id, formOf(request));
    return seeToken(reply, `${id}#calls`);
  });
}

/** Server-sent events: one, without content, whenever something that a page shows may have changed. */
function addEvents(setup: FastifyInstance, { activity }: OrgState): void {
  activity.setMaxListeners(0);
  setup.get('/events', { exposeHeadRoute: false }, (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    reply.raw.write(': the org is there\n\n');
    const tell = (): void => {
      if (!reply.raw.writableNeedDrain) reply.raw.write('data:\n\n');
    };
    activity.on('change', tell);
    reply.raw.on('close', () => activity.off('change', tell));
  });
}

/** @throws PageError 415 for anything but a form as browsers send it */
function formOf({ body, headers }: FastifyRequest): URLSearchParams {
  const contentType = headers['content-type'] ?? 'missing';
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType)) {
    throw new PageError(
      415,
      `The Content-Type is ${contentType}; it must be application/x-www-form-urlencoded.`,
    );
  }
  return new URLSearchParams(Buffer.isBuffer(body) ? body.toString('utf8') : '');
}
