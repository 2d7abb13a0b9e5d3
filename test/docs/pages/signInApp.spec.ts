import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeBlock } from '../../support/codeBlocks.js';
import { putApp } from '../../support/localApps.js';
import { PageSession } from '../../support/pageSession.js';
import { isTable, readPage } from '../../support/pages.js';
import { withOwnValues } from '../../support/placeholders.js';

const page = 'docs/sign-in-app.md';
const app = 'Pulumi_Deploy';
const clientId = `3MVG9.${app}`;
const policies = { permittedUsersPolicyType: 'AdminApprovedPreAuthorized' };
/** The local org knows no permission sets, so whoever is to be approved is. */
const notToBeSeen = 'ECA1202';

describe('an app to sign in with, created step by step as its page says', function () {
  this.timeout(120_000);
  let session: PageSession;
  let certificate: string;

  before(async () => {
    session = await PageSession.open(() => ({ program: '' }));
    await session.shell.type(codeBlock('docs/sign-in-app.md', 'openssl req'));
    const pem = await readFile(join(session.stack.folder, 'deploy.crt'), 'utf8');
    certificate = pem.split(/-{5}[A-Z ]+-{5}\n/)[1]?.trimEnd() ?? '';
  });
  after(() => session.close());

  const username = (role: string): string =>
    session.org.users.find((user) => user.role === role)?.username ?? '';
  const signIn = async (ends: number, user = username('developer'), key = clientId): Promise<string> => {
    const own = { instanceUrl: session.org.instanceUrl, clientId: key, username: user };
    const block = withOwnValues(codeBlock('docs/sign-in-app.md', 'SALESFORCE_PRIVATE_KEY'), own);
    const { stdout, stderr } = await session.shell.type(block, ends);
    return stdout + stderr;
  };

  it('fails in the order of its table until everything is set up, then signs in', async () => {
    const { org } = session;
    const globalSettings = { certificate };
    const attempts: readonly (() => Promise<string>)[] = [
      // Stands for an app that has not spread yet: the local org does not know its OAuth.
      async () => {
        putApp(org, app, { plugins: { isOauthPluginEnabled: false } });
        return signIn(1);
      },
      async () => {
        putApp(org, app);
        return signIn(1, undefined, 'of_another_org');
      },
      () => signIn(1),
      async () => {
        putApp(org, app, { globalSettings });
        return signIn(1);
      },
      async () => {
        putApp(org, app, { globalSettings, policies });
        return signIn(1, username('none'));
      },
    ];
    const codes: string[] = [];
    for (const attempt of attempts) codes.push(/\[(ECA\d+)\]/.exec(await attempt())?.[1] ?? 'none');
    const table = readPage(page).tokens.find(isTable);
    const listed = table?.rows.map(([code]) => /ECA\d+/.exec(code?.text ?? '')?.[0]);
    assert.deepEqual(
      codes,
      listed?.filter((code) => code !== notToBeSeen),
    );

    assert.match(await signIn(0), /^Pulumi_Deploy +opaque /m);
  });
});
