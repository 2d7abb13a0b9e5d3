import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { chromiumOrSkip } from '../support/setupPageVisitor.js';

const type = 'ExternalClientApplication';

/** Removes an app over the control API, as the Setup page may; done before the page counts as loaded. */
const attack = `const request = new XMLHttpRequest(); request.open('DELETE', '/local-org/components/${type}/portal', false); request.send();`;

const xhtml = `<r:root xmlns:r="urn:x"><script xmlns="http://www.w3.org/1999/xhtml">${attack}</script></r:root>`;
const svg = `<svg xmlns="http://www.w3.org/2000/svg"><script>${attack}</script></svg>`;
const html = `<!DOCTYPE html><script>${attack}</script><img src="x" onerror="${attack}">`;

describe('a response of a local org, in Chromium', function () {
  this.timeout(60_000);
  let browser: Browser | undefined;
  let server: LocalOrgServer;
  let org: LocalOrg;

  before(async function () {
    browser = await chromiumOrSkip(this);
  });
  after(() => browser?.close());
  beforeEach(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  afterEach(() => server.close());

  /** Opens an address as a page of its own, and says which content type it had. */
  async function open(path: string): Promise<string | undefined> {
    const page = await browser!.newPage();
    try {
      const response = await page.goto(org.instanceUrl + path);
      return response?.headers()['content-type'];
    } finally {
      await page.close();
    }
  }

  for (const [contentType, body] of [
    ['text/html', html],
    ['application/xhtml+xml', xhtml],
    ['image/svg+xml', svg],
    ['text/plain', html],
    ['application/octet-stream-or-so', html],
  ] as const) {
    for (const when of ['before', 'after'] as const) {
      it(`runs no script of a fault's body of the type ${contentType}, ${when} the org acted`, async () => {
        org.faults.add({ on: 'versions', do: { kind: 'status', status: 200, contentType, body, when } });
        const opened = await open('/services/data').catch((error: unknown) => {
          // A type that Chromium does not show is downloaded.
          assert.match(String(error), /Download is starting/);
          return contentType;
        });
        assert.equal(opened?.split(';')[0], contentType);
        assert.ok(org.component(type, 'portal') !== undefined, 'the script has run');
      });
    }
  }

  it('runs no script of a component', async () => {
    org.putComponent(type, 'script', xhtml);
    assert.match((await open(`/local-org/components/${type}/script`)) ?? '', /^application\/xml/);
    assert.ok(org.component(type, 'portal') !== undefined, 'the script has run');
  });
});
