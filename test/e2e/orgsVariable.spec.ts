import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { newPolicy, policyProgram } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';
import { assertNoSecretsLeft } from '../support/secretsLeft.js';

const app = 'Agent_Gateway';
const minutes = { dev: 30, uat: 15 };
const aliases = ['dev', 'uat'] as const;

const programs = {
  javascript: policyProgram(
    ...aliases.map((org) =>
      newPolicy(`gateway-${org}`, {
        org,
        externalClientApplication: app,
        isNamedUserJwtEnabled: true,
        namedUserJwtTimeout: minutes[org],
      }),
    ),
  ),
  yaml: [
    'resources:',
    ...aliases.flatMap((org) => [
      `  gateway-${org}:`,
      '    type: salesforce-eca:ExternalClientAppJwtPolicy',
      `    properties: { org: ${org}, externalClientApplication: ${app}, isNamedUserJwtEnabled: true, namedUserJwtTimeout: ${minutes[org]} }`,
    ]),
    '',
  ].join('\n'),
};

describe('several orgs in SALESFORCE_ORGS', function () {
  this.timeout(120_000);
  let server: LocalOrgServer;
  let stack: PulumiStack | undefined;

  before(async () => {
    server = await startLocalOrg({ orgs: [...aliases] });
  });
  after(() => server.close());
  afterEach(() => stack?.dispose());

  for (const language of ['javascript', 'yaml'] as const) {
    it(`are set, refreshed and restored by a program in ${language}, without a trace of a credential`, async () => {
      const [dev, uat] = [server.org('dev'), server.org('uat')];
      const { instanceUrl, clientId, username, privateKey } = dev;
      const orgs = {
        dev: { instanceUrl, clientId, username, privateKey },
        uat: { instanceUrl: uat.instanceUrl, accessToken: uat.accessToken },
      };
      const originals = server.orgs.map(takeSnapshot);
      stack = await PulumiStack.create({
        language,
        program: programs[language],
        env: { SALESFORCE_ORGS: JSON.stringify(orgs) },
      });
      let printed = '';
      for (const args of [
        ['up', '--yes', '--skip-preview'],
        ['refresh', '--yes', '--skip-preview'],
      ]) {
        const { stdout, stderr } = await stack.run(args);
        printed += stdout + stderr;
        for (const org of aliases) {
          assert.equal(settingsOf(server.org(org), app).namedUserJwtTimeout, String(minutes[org]));
        }
      }
      await assertNoSecretsLeft(stack, server.orgs, printed);
      await stack.run(['destroy', '--yes', '--skip-preview']);
      assert.deepEqual(server.orgs.map(takeSnapshot), originals);
    });
  }
});
