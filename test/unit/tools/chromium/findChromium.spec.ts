import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findChromium } from '../../../../tools/chromium/findChromium.js';

describe('the search for Chromium', () => {
  let folder: string;
  let browser: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'find-chromium-'));
    browser = join(folder, 'chromium-browser');
    await writeFile(browser, '');
    await chmod(browser, 0o755);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('finds the first executable on PATH', async () => {
    await writeFile(join(folder, 'chromium'), 'no program');
    assert.equal(await findChromium({ PATH: ['', '/nowhere', folder].join(delimiter) }), browser);
    assert.equal(await findChromium({ PATH: '/nowhere' }), undefined);
    assert.equal(await findChromium({}), undefined);
  });

  it('prefers CHROMIUM_BIN, and reports one that is not an executable file', async () => {
    const named = join(folder, 'mine');
    await writeFile(named, '');
    await assert.rejects(findChromium({ PATH: folder, CHROMIUM_BIN: named }), {
      message: `CHROMIUM_BIN is "${named}", which is not an executable file. Set it to a Chromium executable, or unset it to search for one.`,
    });
    await chmod(named, 0o755);
    assert.equal(await findChromium({ PATH: folder, CHROMIUM_BIN: named }), named);
    assert.equal(await findChromium({ PATH: folder, CHROMIUM_BIN: '' }), browser);
  });
});
