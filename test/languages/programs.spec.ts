import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { settingsOf } from '../support/appSettings.js';
import { requestKinds } from '../support/arrivals.js';
import { runCommandLine } from '../support/commandLine.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { accessTokenEnvironment, jwtBearerEnvironment } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';
import { assertNoSecretsLeft } from '../support/secretsLeft.js';
import { skip } from '../support/skip.js';
import { buildLimitMs, sdkLanguages } from './sdkProjects.js';

const app = 'Agent_Gateway';

/** The program of each language in the folder `programs`: every one makes the same resources and outputs. */
const programs = { javascript: 'index.js', python: '__main__.py', go: 'main.go' } as const;

describe('a program with the SDK', function () {
  this.timeout(2 * buildLimitMs);
  let server: LocalOrgServer;
  let stack: PulumiStack | undefined;

  beforeEach(async () => {
    server = await startLocalOrg({ orgs: ['dev', 'uat'] });
  });
  afterEach(async () => {
    await stack?.dispose();
    await server.close();
  });

  for (const language of ['javascript', 'python', 'go'] as const) {
    it(`for ${language} sets values in two orgs, is unchanged without a request, reads apps, and restores byte for byte`, async function () {
      const { options, addSdk } = sdkLanguages[language];
      const { env, ...others } = await options().catch((error: unknown) => skip(this, language, error));
      const [dev, uat] = [server.org('dev'), server.org('uat')];
      const orgs = [dev, uat];
      const originals = orgs.map(takeSnapshot);
      stack = await PulumiStack.create({
        language,
        program: await readFile(join(__dirname, 'programs', programs[language]), 'utf8'),
        env: { ...jwtBearerEnvironment(dev), ...env, UAT_URL: uat.instanceUrl, UAT_TOKEN: uat.accessToken },
        ...others,
      });
      await addSdk(stack.folder);
      await stack.previewAndUp({ deadlineMs: buildLimitMs });
      assert.deepEqual(
        orgs.map((org) => settingsOf(org, app).namedUserJwtTimeout),
        ['30', '15'],
      );

      for (const org of orgs) org.clearRequests();
      await stack.previewAndUp({ args: ['--expect-no-changes'] });
      assert.deepEqual(orgs.flatMap(requestKinds), []);

      await stack.up({ env: { READS: 'yes' } });
      const { stdout } = await stack.run(['stack', 'output', '--json']);
      const { apps, ...outputs } = JSON.parse(stdout) as { apps: { externalClientApplication: string }[] };
      assert.deepEqual(outputs, {
        format: 'jwt',
        valuesFound: {
          isNamedUserJwtEnabled: false,
          namedUserJwtSessionTimeoutType: 'absent',
          namedUserJwtTimeout: 'absent',
        },
        minutes: 30,
        seen: 'jwt',
      });
      assert.ok(apps.some(({ externalClientApplication }) => externalClientApplication === app));

      await stack.destroy();
      assert.deepEqual(orgs.map(takeSnapshot), originals);
      await assertNoSecretsLeft(stack, orgs, '');
    });
  }

  it('for python runs the program of an export, which changes nothing after the import of its file', async function () {
    const { options, addSdk } = sdkLanguages.python;
    const { path } = await options().catch((error: unknown) => skip(this, 'Python', error));
    const dev = server.org('dev');
    stack = await PulumiStack.create({
      language: 'python',
      program: '# replaced by the export\n',
      env: jwtBearerEnvironment(dev),
      ...(path === undefined ? {} : { path }),
    });
    await addSdk(stack.folder);
    const { code, stderr } = await runCommandLine(
      ['export', '--provider', 'native', '--language', 'python', '--out', stack.folder, '--force'],
      accessTokenEnvironment(dev),
    );
    assert.equal(code, 0, stderr);
    await stack.run([
      'import',
      '--file',
      'import.json',
      '--yes',
      '--skip-preview',
      '--generate-code=false',
      '--protect=false',
    ]);
    await stack.previewAndUp({ args: ['--expect-no-changes'] });
    assert.deepEqual(dev.deploys, []);
  });
});
