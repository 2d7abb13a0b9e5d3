import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** As much of Pulumi Cloud as the CLI needs for the tags of one stack. */
export interface TagsOfCloud {
  /** As `PULUMI_BACKEND_URL`. */
  readonly backend: string;
  /** The tags that it keeps. */
  readonly tags: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function startTagsOfCloud(): Promise<TagsOfCloud> {
  const kept = { tags: {} as Record<string, string> };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '' } = request;
    const reply = (body: unknown, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (url === '/api/user') {
      reply({ githubLogin: 'tester', name: 'tester', email: '', organizations: [{ githubLogin: 'tester' }] });
    } else if (url.startsWith('/api/capabilities')) {
      reply({ capabilities: [] });
    } else if (method === 'PATCH' && url === '/api/stacks/tester/policies/acme/tags') {
      const sent: unknown = JSON.parse(await text(request));
      kept.tags = Object.fromEntries(
        Object.entries(sent ?? {}).map(([name, value]) => [name, String(value)]),
      );
      reply({});
    } else if (url === '/api/stacks/tester/policies/acme') {
      const names = { orgName: 'tester', projectName: 'policies', stackName: 'acme' };
      reply({ ...names, tags: kept.tags, version: 1, activeUpdate: '' });
    } else {
      reply({ code: 404, message: `no ${method} ${url}` }, 404);
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    backend: `http://127.0.0.1:${port}`,
    get tags() {
      return kept.tags;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
