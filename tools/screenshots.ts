/**
 * `npm run screenshots`: makes the pictures of docs/setup-page.md anew, in docs/setup-page, with a local org and Chromium.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg } from 'salesforce-local-org';
import { findChromium } from './chromium/findChromium.js';
import { launchChromium } from './chromium/launchChromium.js';
import { repositoryFolder } from './pulumiCli/repository.js';

const folder = join(repositoryFolder, 'docs/setup-page');

/** A picture: its name, the page below the Setup page's address, and the window. */
const pictures = [
  { name: 'apps', path: '', size: { width: 1000, height: 640 } },
  { name: 'policies', path: '/apps/Partner_API/policies', size: { width: 1000, height: 700 } },
  { name: 'token', path: '/tokens/1', size: { width: 1000, height: 800 } },
  { name: 'policies-small', path: '/apps/Partner_API/policies', size: { width: 360, height: 720 } },
] as const;

async function main(): Promise<void> {
  const file = await findChromium();
  if (file === undefined)
    throw new Error('There is no Chromium; "npm run -s chromium-path" says why none was installed.');
  await mkdir(folder, { recursive: true });
  const server = await startLocalOrg();
  const org = server.org('dev');
  const browser = await launchChromium(file);
  try {
    const page = await browser.newPage();
    await getToken(org);
    for (const { name, path, size } of pictures) {
      await page.setViewportSize(size);
      await page.goto(org.setupPageUrl + path);
      await page.screenshot({ path: join(folder, `${name}.png`) });
    }
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

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
