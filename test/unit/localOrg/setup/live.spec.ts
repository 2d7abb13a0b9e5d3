import assert from 'node:assert/strict';
import { withOrg } from '../support/client.js';
import { setupPage } from './setupClient.js';

describe('the live part of the Setup page', () => {
  it('has the log of requests, newest first, with their responses', async () => {
    await withOrg(async (org) => {
      assert.match((await setupPage(org, '/requests')).text, /No requests yet/);
      await fetch(`${org.instanceUrl}/services/data`);
      await fetch(`${org.instanceUrl}/services/data/v68.0/query?q=SELECT+Id+FROM+User`);
      const { text } = await setupPage(org, '/requests');
      assert.match(
        text,
        /query GET \S*\/query\?q=SELECT\+Id\+FROM\+User 401 0 \d+ .* versions GET \/services\/data 200 0 \d+/,
      );
    });
  });

  it('is updated when a request arrives, when it is answered, and when the control API is used', async () => {
    await withOrg(async (org) => {
      const stop = new AbortController();
      const response = await fetch(`${org.setupPageUrl}/events`, { signal: stop.signal });
      assert.equal(response.headers.get('content-type'), 'text/event-stream');
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      const next = async (): Promise<string | undefined> => (await reader.read()).value;
      try {
        assert.equal(await next(), ': the org is there\n\n');
        const release = org.faults.holdNext('versions');
        const answered = fetch(`${org.instanceUrl}/services/data`);
        assert.equal(await next(), 'data:\n\n');
        assert.match((await setupPage(org, '/requests')).text, /versions GET \/services\/data no response/);
        release();
        await answered;
        assert.equal(await next(), 'data:\n\n');
        assert.match((await setupPage(org, '/requests')).text, /versions GET \/services\/data 200/);
        await fetch(`${org.instanceUrl}/local-org/requests`, { method: 'DELETE' });
        assert.equal(await next(), 'data:\n\n');
      } finally {
        stop.abort();
      }
    });
  });

  it('shows the fault rules and switches as they are', async () => {
    await withOrg(async (org) => {
      org.faults.add({ on: 'token', times: 2, do: { kind: 'status', status: 503, when: 'after' } });
      org.faults.change({
        refusePluginSettings: 'strict',
        omitFromReadMetadata: ['certificate', 'label'],
        spreadMs: 250,
        failComponent: { portal: 'Under review' },
      });
      const { text, markup } = await setupPage(org, '/faults');
      assert.match(text, /1 token status,status=503,when=after 2 0 0 Remove/);
      assert.match(text, /portal Under review Remove/);
      assert.match(markup, /<option value="strict" selected/);
      assert.match(markup, /name="omitFromReadMetadata"[^>]*value="certificate label"/);
      assert.match(markup, /name="spreadMs"[^>]*value="250"/);
    });
  });
});
