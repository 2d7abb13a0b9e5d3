import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { codeBlock } from '../../support/codeBlocks.js';
import { PageSession } from '../../support/pageSession.js';
import { withOwnValues } from '../../support/placeholders.js';
import { answeredYes, Shell } from '../../support/shell.js';
import {
  jsonResult,
  startFakeSalesforceCli,
  type FakeSalesforceCli,
} from '../../unit/provider/support/fakeSalesforceCli.js';

const policies = ['ExtlClntAppOauthConfigurablePolicies', 'acme__Ledger_defaultPolicy'] as const;
const timeout = /(?<=<namedUserJwtTimeout>)\d+/;

describe('the guide for an installed app', function () {
  this.timeout(240_000);
  let session: PageSession;
  let sf: FakeSalesforceCli;
  let shell: Shell;

  before(async () => {
    sf = await startFakeSalesforceCli();
    session = await PageSession.open(() => ({
      name: 'other',
      program: readFileSync(join(repositoryFolder, 'examples/installed-app/index.ts'), 'utf8'),
      language: 'typescript',
    }));
    const { stack } = session;
    const [programs = ''] = (process.env['PATH'] ?? '').split(':');
    shell = new Shell(stack.folder, {
      ...stack.environment,
      ...answeredYes,
      HOME: stack.folder,
      PATH: `${programs}:${stack.environment['PATH'] ?? ''}`,
      PULUMI_STACK: undefined,
      PULUMI_BACKEND_URL: undefined,
      PULUMI_CONFIG_PASSPHRASE: undefined,
    });
  });
  after(async () => {
    await session.close();
    await sf.remove();
  });

  it('leads from a new state to lifetimes that are set, with the session of the Salesforce CLI', async () => {
    const { org } = session;
    const minutes = (): string | undefined => timeout.exec(org.component(...policies) ?? '')?.[0];
    const admin = org.users.find(({ role }) => role === 'subscriberAdmin');
    assert.ok(admin);
    await sf.behave({
      'org login web': {},
      'org display': jsonResult({
        accessToken: admin.accessToken,
        instanceUrl: org.instanceUrl,
        username: admin.username,
        id: org.organizationId,
      }),
    });
    // The CLI takes the user's home from the system, whatever HOME says; the test's stays in its folder.
    const login = codeBlock('docs/installed-app.md', 'pulumi login --local');
    const typedLogin = login.replace('login --local', 'login "file://$HOME"');
    await shell.type(typedLogin);
    const passphrase = (): string => readFileSync(join(session.stack.folder, '.pulumi-passphrase'), 'utf8');
    const first = passphrase();
    await shell.type(typedLogin);
    assert.equal(passphrase(), first, 'a block that is typed again keeps the passphrase');
    await shell.type(withOwnValues(codeBlock('docs/installed-app.md', 'sf org login web'), org));
    const { stdout } = await shell.type(codeBlock('docs/installed-app.md', 'SF_TARGET_ORG=production'));
    assert.match(stdout, /^acme__Ledger +jwt +up to 120 min /m);
    await shell.type(codeBlock('docs/installed-app.md', 'pulumi preview'));
    assert.equal(minutes(), '15');

    org.putComponent(...policies, (org.component(...policies) ?? '').replace(timeout, '720'));
    const [drift] = await shell.typeLines(codeBlock('docs/installed-app.md', 'pulumi up --refresh'), [2, 0]);
    assert.match(drift ?? '', /the org has 720 minutes/);
    assert.equal(minutes(), '15');
  });
});
