import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeBlock } from '../../support/codeBlocks.js';
import { PageSession } from '../../support/pageSession.js';
import { withOwnValues } from '../../support/placeholders.js';
import { answeredYes, Shell } from '../../support/shell.js';
import { typeInRepository } from '../../support/typeInstall.js';
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
  let project: string;
  let shell: Shell;

  before(async () => {
    sf = await startFakeSalesforceCli();
    session = await PageSession.open(() => ({ program: '', language: 'typescript' }));
    const { stack } = session;
    project = join(stack.folder, 'my-project');
    mkdirSync(project);
    const [programs = ''] = (process.env['PATH'] ?? '').split(':');
    const environment = {
      ...stack.environment,
      ...answeredYes,
      HOME: stack.folder,
      PATH: `${programs}:${stack.environment['PATH'] ?? ''}`,
      PULUMI_STACK: undefined,
      PULUMI_NODEJS_TRANSPILE_ONLY: undefined,
      // What is left of the example in the terminal.
      PULUMI_BACKEND_URL: `file://${join(stack.folder, 'gone')}`,
      PULUMI_CONFIG_PASSPHRASE: 'try-it',
      SALESFORCE_USERNAME: 'subscriberadmin@production.example',
    };
    shell = new Shell(project, environment, join(project, '.pulumi-session'));
  });
  after(async () => {
    await session.close();
    await sf.remove();
  });

  it('leads from a clone to the lifetimes in the org, with the session of the Salesforce CLI', async () => {
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
    await typeInRepository(project, codeBlock('docs/installed-app.md', 'npm pack'));
    const program = readFileSync(join(project, 'index.ts'), 'utf8');
    assert.ok(program.includes(codeBlock('docs/installed-app.md', 'const app =')), 'the lines to edit');
    // The CLI takes the user's home from the system, whatever HOME says; the test's stays in its folder.
    const login = codeBlock('docs/installed-app.md', 'pulumi login --local');
    const typedLogin = login.replace('login --local', 'login "file://$HOME"');
    await shell.type(typedLogin);
    const passphrase = (): string => readFileSync(join(session.stack.folder, '.pulumi-passphrase'), 'utf8');
    const first = passphrase();
    await shell.type(typedLogin);
    assert.equal(passphrase(), first, 'a block that is typed again keeps the passphrase');
    await shell.type(withOwnValues(codeBlock('docs/installed-app.md', 'sf org login web'), org));
    const { stdout } = await shell.type(codeBlock('docs/installed-app.md', 'audit --org production'));
    assert.match(stdout, /^acme__Ledger +jwt +up to 120 min /m);
    await shell.type(codeBlock('docs/installed-app.md', 'pulumi preview'));
    assert.equal(minutes(), '15');

    org.putComponent(...policies, (org.component(...policies) ?? '').replace(timeout, '720'));
    const [drift] = await shell.typeLines(
      codeBlock('docs/installed-app.md', 'pulumi up --refresh --diff'),
      [2, 0],
    );
    assert.match(drift ?? '', /the org has 720 minutes/);
    assert.equal(minutes(), '15');
  });
});
