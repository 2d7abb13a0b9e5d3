/**
 * `npm run screenshots`: makes the pictures of the pages again, with a local org, the Pulumi CLI and Chromium: those of the Setup page in
 * docs/setup-page, and in docs/pictures a run, a report of drift, and the path through Setup.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startLocalOrg, type LocalOrg } from 'salesforce-local-org';
import { findChromium } from './chromium/findChromium.js';
import { launchChromium } from './chromium/launchChromium.js';
import { repositoryFolder } from './pulumiCli/repository.js';
import { runScreens } from './screenshots/runScreens.js';
import { stepsPage, type Step } from './screenshots/stepsPage.js';
import { terminalPage } from './screenshots/terminalPage.js';

const setupFolder = join(repositoryFolder, 'docs/setup-page');
const picturesFolder = join(repositoryFolder, 'docs/pictures');

const installedApp = 'acme__Ledger';

/** A picture: its name, the page below the Setup page's address, and the window. */
const setupPictures = [
  { name: 'apps', path: '', size: { width: 1000, height: 640 } },
  { name: 'policies', path: '/apps/Partner_API/policies', size: { width: 1000, height: 700 } },
  { name: 'token', path: '/tokens/1', size: { width: 1000, height: 800 } },
  { name: 'policies-small', path: '/apps/Partner_API/policies', size: { width: 360, height: 720 } },
] as const;

async function main(): Promise<void> {
  const file = await findChromium();
  if (file === undefined)
    throw new Error('There is no Chromium; "npm run -s chromium-path" says why none was installed.');
  await mkdir(setupFolder, { recursive: true });
  await mkdir(picturesFolder, { recursive: true });
  const server = await startLocalOrg();
  const org = server.org('dev');
  const browser = await launchChromium(file);
  try {
    const page = await browser.newPage();
    await getToken(org);
    for (const { name, path, size } of setupPictures) {
      await page.setViewportSize(size);
      await page.goto(org.setupPageUrl + path);
      await page.screenshot({ path: join(setupFolder, `${name}.png`) });
    }
    await picture(browser, 'setup-path', stepsPage(await setupSteps(page, org)));
    const { up, drift } = await runScreens();
    await picture(browser, 'up', terminalPage(up.command, up.output));
    await picture(browser, 'drift', terminalPage(drift.command, drift.output));
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Lets the token desk get its first token. */
async function getToken(org: LocalOrg): Promise<void> {
  const form = { app: 'Partner_API', grantType: 'refreshToken', username: org.username };
  await fetch(`${org.setupPageUrl}/tokens`, { method: 'POST', body: new URLSearchParams(form) });
}

/** The path to the lifetimes of an installed app. */
async function setupSteps(page: Page, org: LocalOrg): Promise<Step[]> {
  await page.setViewportSize({ width: 1000, height: 420 });
  await page.goto(org.setupPageUrl);
  await page.getByText(installedApp).scrollIntoViewIfNeeded();
  const apps = await page.screenshot();
  await page.setViewportSize({ width: 1000, height: 560 });
  await page.goto(`${org.setupPageUrl}/apps/${installedApp}/policies`);
  await page.locator('[name=namedUserJwtSessionTimeoutType][value=Custom]').check();
  await page.locator('[name=namedUserJwtTimeout]').selectOption('15');
  return [
    { text: 'Setup, External Client App Manager: Edit Policies of the app', png: apps },
    { text: 'Choose an app-specific timeout, and save', png: await page.screenshot() },
  ];
}

/** Takes the picture of a page, as large as what it shows, with twice the pixels. */
async function picture(browser: Browser, name: string, html: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 940, height: 200 }, deviceScaleFactor: 1.5 });
  await page.setContent(html);
  const size = await page.evaluate(
    '({ width: document.documentElement.scrollWidth, height: document.documentElement.scrollHeight })',
  );
  await page.setViewportSize(size as { width: number; height: number });
  await page.screenshot({ path: join(picturesFolder, `${name}.png`) });
  await page.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
