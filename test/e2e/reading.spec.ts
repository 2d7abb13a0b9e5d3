import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { requestKinds } from '../support/arrivals.js';
import { accessTokenEnvironment } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

const imports = [
  `const pulumi = require('@pulumi/pulumi');`,
  `const eca = require('pulumi-salesforce-eca');`,
].join('\n');

describe('reading in a program', function () {
  this.timeout(120_000);
  let server: LocalOrgServer;
  let dev: LocalOrg;
  let uat: LocalOrg;
  let stack: PulumiStack | undefined;

  before(async () => {
    server = await startLocalOrg({ orgs: ['dev', 'uat'] });
    [dev, uat] = [server.org('dev'), server.org('uat')];
  });
  after(() => server.close());
  afterEach(() => stack?.dispose());

  const open = async (program: string): Promise<PulumiStack> => {
    stack = await PulumiStack.create({ program: `${imports}\n${program}`, env: accessTokenEnvironment(dev) });
    for (const org of server.orgs) org.clearRequests();
    return stack;
  };

  it('works in preview and up, also with outputs, and shares one sign-in and one retrieve per org among all calls', async () => {
    const project = await open(`
      const partner = eca.getExternalClientAppJwtPolicy({ externalClientApplication: 'Partner_API' });
      const again = eca.getExternalClientAppJwtPolicyOutput({ externalClientApplication: pulumi.output('Partner_API') });
      const opaque = eca.listExternalClientAppsOutput().apps.apply((apps) =>
        apps.filter(({ tokenFormat }) => tokenFormat === 'opaque').map((app) => app.externalClientApplication));
      const inUat = eca.listExternalClientApps({ org: 'uat' });
      module.exports = (async () => ({
        minutes: (await partner).namedUserJwtTimeout,
        format: again.tokenFormat,
        opaque,
        orgs: [(await partner).orgId, (await inUat).orgId],
        modified: typeof (await partner).lastModifiedDate,
        lives: again.namedUserTokenLifetime.apply((lifetime) => [lifetime.maximumMinutes, lifetime.source]),
        session: eca.listExternalClientAppsOutput().sessionTimeouts.orgMinutes,
      }))();
    `);
    await project.config({
      'salesforce:orgs.uat.instanceUrl': uat.instanceUrl,
      'salesforce:orgs.uat.accessToken': { secret: uat.accessToken },
    });
    const { stdout } = await project.preview();
    assert.match(stdout, /\+ minutes: 30|minutes : 30/);
    for (const org of server.orgs) {
      assert.deepEqual(
        requestKinds(org).filter((kind) => kind === 'retrieve'),
        ['retrieve'],
        org.name,
      );
      assert.ok(requestKinds(org).filter((kind) => kind === 'versions').length === 1, org.name);
    }

    await project.up();
    const outputs: unknown = JSON.parse((await project.run(['stack', 'output', '--json'])).stdout);
    assert.deepEqual(outputs, {
      minutes: 30,
      format: 'jwt',
      opaque: [
        'Agent_Gateway',
        'App_Disabled',
        'Deployer',
        'Packaged_App',
        'Plugin_Disabled',
        'portal',
        'portal_uat',
      ],
      orgs: [dev.organizationId, uat.organizationId],
      modified: 'string',
      lives: [30, 'app'],
      session: 120,
    });
  });

  for (const [what, call, message] of [
    [
      'an app that the org does not have',
      `eca.getExternalClientAppJwtPolicy({ externalClientApplication: 'Partner' })`,
      /External client app "Partner" in org http:\S+ \(\w{18}\) does not exist\. Did you mean "Partner_API"\?/,
    ],
    [
      'an alias that is not configured, in an output',
      `eca.listExternalClientAppsOutput({ org: pulumi.output('prod') })`,
      /org "prod" was not found in salesforce:orgs/,
    ],
  ] as const) {
    it(`ends with a message and without a stack trace: ${what}`, async () => {
      const project = await open(`module.exports = (async () => ({ read: await ${call} }))();`);
      const { code, stdout, stderr } = await project.run(['preview'], { expectCode: 'any' });
      assert.notEqual(code, 0);
      assert.match(stdout + stderr, message);
      assert.doesNotMatch(stdout + stderr, /\n\s+at /);
    });
  }
});
