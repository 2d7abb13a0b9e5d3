import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { putApp } from '../support/localApps.js';
import { newPolicy, policyProgram, yamlProgram } from '../support/policyProgram.js';
import { namespaceOf } from '../support/providerProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';
import { assertNoSecretsLeft } from '../support/secretsLeft.js';

/** Texts that nothing else can be mistaken for. */
const marks = {
  clientSecret: 'CLIENTSECRET.OF.MACHINE.0123456789',
  certificate: 'CERTIFICATEOFGUARDED0123456789',
  consumerSecret: 'CONSUMERSECRET.OF.GUARDED.0123456789',
};

/** Whatever people turn on to see more. */
const talkative = {
  JSFORCE_LOG_LEVEL: 'DEBUG',
  DEBUG: '*',
  NODE_DEBUG: 'http,https,net,undici,fetch',
  GRPC_VERBOSITY: 'DEBUG',
  PULUMI_DEBUG_COMMANDS: 'true',
};

const ways = ['jwtBearer', 'clientCredentials', 'sfdxAuthUrl', 'accessToken'] as const;
const app = (way: string): string => `Guarded_${way}`;

for (const provider of ['dynamic', 'native'] as const) {
  describe(`a full run of the ${provider} provider with every sign-in method, with the most verbose output`, function () {
    this.timeout(240_000);
    let server: LocalOrgServer;
    let org: LocalOrg;
    let stack: PulumiStack;
    let refreshToken: string;
    let printed = '';

    const program = (minutes: number): string => {
      const policies = ways.map((way) => {
        const jwt = { isNamedUserJwtEnabled: true, namedUserJwtTimeout: minutes };
        return [way, { org: way, externalClientApplication: app(way), ...jwt }] as const;
      });
      return provider === 'native'
        ? yamlProgram(Object.fromEntries(policies))
        : policyProgram(...policies.map(([way, inputs]) => newPolicy(way, inputs)));
    };

    before(async () => {
      server = await startLocalOrg();
      org = server.org('dev');
      refreshToken = org.issueRefreshToken();
      putApp(org, 'Machine', {
        globalSettings: { consumerSecret: marks.clientSecret, isClientCredentialsFlowEnabled: true },
        policies: { isClientCredentialsFlowEnabled: true, clientCredentialsFlowUser: org.username },
      });
      for (const way of ways) {
        putApp(org, app(way), {
          globalSettings: { consumerSecret: marks.consumerSecret, certificate: marks.certificate },
        });
      }
      stack = await PulumiStack.create({
        program: program(30),
        language: provider === 'native' ? 'yaml' : 'javascript',
        env: talkative,
      });
      const { instanceUrl, clientId, username, privateKey, accessToken } = org;
      const secrets: Record<string, string> = {
        'jwtBearer.privateKey': privateKey,
        'clientCredentials.clientSecret': marks.clientSecret,
        'sfdxAuthUrl.sfdxAuthUrl': `force://${clientId}::${refreshToken}@${new URL(instanceUrl).host}`,
        'accessToken.accessToken': accessToken,
      };
      const plain: Record<string, string> = {
        'jwtBearer.instanceUrl': instanceUrl,
        'jwtBearer.clientId': clientId,
        'jwtBearer.username': username,
        'clientCredentials.instanceUrl': instanceUrl,
        'clientCredentials.clientId': '3MVG9.Machine',
        'accessToken.instanceUrl': instanceUrl,
      };
      const orgs = `${namespaceOf(provider)}:orgs`;
      await stack.config({
        ...Object.fromEntries(
          Object.entries(plain).map(([key, value]) => [`${orgs}.${key}`, value] as const),
        ),
        ...Object.fromEntries(
          Object.entries(secrets).map(([key, secret]) => [`${orgs}.${key}`, { secret }] as const),
        ),
      });
    });
    after(async () => {
      await stack.dispose();
      await server.close();
    });

    async function run(args: readonly string[], expectCode = 0): Promise<void> {
      const { stdout, stderr } = await stack.run([...args, '--logtostderr', '-v=3'], { expectCode });
      printed += stdout + stderr;
    }

    it('leaves no token, key or secret in state, output, logs or files', async () => {
      await run(['up', '--yes']);
      for (const way of ways) assert.equal(settingsOf(org, app(way)).namedUserJwtTimeout, '30');
      await run(['refresh', '--yes']);
      await stack.setProgram(program(15));
      org.faults.failComponent(app('jwtBearer'), 'the org does not want it');
      org.faults.add({ on: 'retrieve', do: { kind: 'sessionExpired' } });
      await run(['up', '--yes', '--skip-preview', '--continue-on-error'], 1);
      org.faults.clear();
      await run(['up', '--yes', '--skip-preview']);
      await run(['destroy', '--yes']);
      assert.match(printed, /<request> method=POST, url=http/, 'jsforce was not talkative');
      await assertNoSecretsLeft(
        stack,
        [org],
        printed,
        new Map([...Object.entries(marks), ['the refresh token', refreshToken]]),
      );
    });
  });
}
