import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { LocalOrg } from 'salesforce-local-org';
import { findChromium } from '../../tools/chromium/findChromium.js';
import { launchChromium } from '../../tools/chromium/launchChromium.js';

/**
 * Starts the machine's Chromium, or skips the tests of the hook, with the reason.
 *
 * @param test the hook's `this`
 */
export async function chromiumOrSkip(test: Mocha.Context): Promise<Browser> {
  const file = await findChromium();
  if (file !== undefined) return launchChromium(file);
  process.stdout.write(
    '      skipped: no Chromium on PATH nor in CHROMIUM_BIN; "npm run -s chromium-path" says why none was installed\n',
  );
  return test.skip();
}

/** A person with a browser of his own, who looks at the Setup page of an org. */
export class SetupPageVisitor {
  readonly #errors: string[] = [];
  readonly #foreign: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly org: LocalOrg,
  ) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.#errors.push(message.text());
    });
    page.on('pageerror', (error) => this.#errors.push(String(error)));
    page.on('dialog', (dialog) => {
      this.#errors.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on('request', (request) => {
      if (!request.url().startsWith(`${this.org.instanceUrl}/`)) this.#foreign.push(request.url());
    });
  }

  /** @param size of the window in CSS pixels */
  static async come(
    browser: Browser,
    org: LocalOrg,
    size: { width: number; height: number } = { width: 1280, height: 900 },
  ): Promise<SetupPageVisitor> {
    const context = await browser.newContext({ viewport: size });
    context.setDefaultTimeout(10_000);
    return new SetupPageVisitor(await context.newPage(), context, org);
  }

  /** @param path below the Setup page's address */
  async open(path = ''): Promise<void> {
    const response = await this.page.goto(this.org.setupPageUrl + path);
    assert.equal(response?.status(), 200);
  }

  /**
   * Closes the browser's window.
   * @throws AssertionError when anything went wrong in the console, or a request went to another host
   */
  async leave(): Promise<void> {
    await this.context.close();
    assert.deepEqual(this.#errors, [], 'errors in the console');
    assert.deepEqual(this.#foreign, [], 'requests to other hosts');
  }
}
