import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { changeSetting } from '../support/appSettings.js';
import { runCommandLine } from '../support/commandLine.js';
import {
  assertHarmless,
  hostileText,
  hostileXmlText,
  references,
  startHostileOrg,
  type HostileOrg,
} from '../support/hostileOrg.js';
import { accessTokenEnvironment, newPolicy, policyProgram } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

const app = 'Agent_Gateway';
const policies = `${app}_oauthPlcy`;

const program = (namedUserJwtTimeout: number): string =>
  policyProgram(
    newPolicy('gateway', {
      externalClientApplication: app,
      isNamedUserJwtEnabled: true,
      namedUserJwtTimeout,
    }),
  );

describe('text from an org, shown by the Pulumi CLI and by drift, affects no terminal, log or report', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let hostile: HostileOrg;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    hostile = await startHostileOrg(org);
    stack = await PulumiStack.create({
      program: program(30),
      env: { ...accessTokenEnvironment(org), SALESFORCE_INSTANCE_URL: hostile.url },
    });
    await stack.up();
    changeSetting(org, app, 'namedUserJwtSessionTimeoutType', references(hostileXmlText));
  });
  after(async () => {
    await stack.dispose();
    await hostile.close();
    await server.close();
  });

  // `test/host/driftCommand.spec.ts` has the other formats.
  it('in drift', async () => {
    const { stdout, stderr } = await runCommandLine(['drift', '--cwd', stack.folder], stack.environment);
    assertHarmless(stdout + stderr, 'drift');
  });

  it('in preview', async () => {
    await stack.setProgram(program(15));
    const { stdout, stderr } = await stack.preview();
    assertHarmless(stdout + stderr, 'preview');
  });

  it('in an up that the org refuses', async () => {
    const release = org.faults.failComponent(policies, hostileText);
    try {
      const { stdout, stderr } = await stack.up({ expectCode: 'any' });
      assertHarmless(stdout + stderr, 'up');
    } finally {
      release();
    }
  });
});
