import assert from 'node:assert/strict';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { languageHostFolder } from '../../tools/pulumiCli/languageHostFolder.js';
import { sdkFolder } from '../../tools/sdks/writeSdks.js';
import { settingsOf } from '../support/appSettings.js';
import { requestKinds } from '../support/arrivals.js';
import { runCommandLine } from '../support/commandLine.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { accessTokenEnvironment, jwtBearerEnvironment } from '../support/policyProgram.js';
import { PulumiStack, type PulumiStackOptions } from '../support/pulumiStack.js';
import { assertNoSecretsLeft } from '../support/secretsLeft.js';
import { skip } from '../support/skip.js';
import { addNodeSdk, addPythonSdk, pythonPath, run } from './sdkProjects.js';

const app = 'Agent_Gateway';
/** Building programs from nothing takes Go some minutes. */
const limitMs = 20 * 60 * 1000;

interface Program {
  language: 'javascript' | 'python' | 'go';
  /** In the folder `programs`: every program makes the same resources and outputs. */
  file: string;
  /** What a stack needs for the language; rejected where the language cannot be had. */
  options: () => Promise<Pick<PulumiStackOptions, 'env' | 'path'>>;
  /** Brings the SDK into the project, as its package would. */
  addSdk?: (project: string) => Promise<void>;
}

const programs: readonly Program[] = [
  {
    language: 'javascript',
    file: 'index.js',
    options: () => Promise.resolve({}),
    addSdk: (project) => addNodeSdk(join(project, 'sdk')),
  },
  {
    language: 'python',
    file: '__main__.py',
    options: async () => ({ path: await pythonPath() }),
    addSdk: addPythonSdk,
  },
  {
    language: 'go',
    file: 'main.go',
    options: async () => {
      await languageHostFolder('go');
      const caches = ['GOMODCACHE', 'GOCACHE'];
      const folders = (await run('go', ['env', ...caches])).trim().split('\n');
      return {
        env: {
          ...Object.fromEntries(caches.map((name, index) => [name, folders[index]])),
          GOWORK: 'off',
          // With the flag the program shares what the builds of the CLI and the SDK have compiled.
          GOFLAGS: '-trimpath',
        },
      };
    },
    addSdk: async (project) => {
      const sdk = join(sdkFolder, 'go');
      const requirements = (await readFile(join(sdk, 'go.mod'), 'utf8')).replace(
        /^module (.+)$/m,
        'module program\n\nrequire $1 v0.0.0\n\nreplace $1 => ' + sdk,
      );
      await writeFile(join(project, 'go.mod'), requirements);
      await copyFile(join(sdk, 'go.sum'), join(project, 'go.sum'));
    },
  },
];

describe('a program with the SDK', function () {
  this.timeout(2 * limitMs);
  let server: LocalOrgServer;
  let stack: PulumiStack | undefined;

  beforeEach(async () => {
    server = await startLocalOrg({ orgs: ['dev', 'uat'] });
  });
  afterEach(async () => {
    await stack?.dispose();
    await server.close();
  });

  for (const { language, file, options, addSdk } of programs) {
    it(`for ${language} sets values in two orgs, is unchanged without a request, reads apps, and restores byte for byte`, async function () {
      const { env, ...others } = await options().catch((error: unknown) => skip(this, language, error));
      const [dev, uat] = [server.org('dev'), server.org('uat')];
      const orgs = [dev, uat];
      const originals = orgs.map(takeSnapshot);
      stack = await PulumiStack.create({
        language,
        program: await readFile(join(__dirname, 'programs', file), 'utf8'),
        env: { ...jwtBearerEnvironment(dev), ...env, UAT_URL: uat.instanceUrl, UAT_TOKEN: uat.accessToken },
        ...others,
      });
      await addSdk?.(stack.folder);
      await stack.previewAndUp({ deadlineMs: limitMs });
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
      });
      assert.ok(apps.some(({ externalClientApplication }) => externalClientApplication === app));

      await stack.destroy();
      assert.deepEqual(orgs.map(takeSnapshot), originals);
      await assertNoSecretsLeft(stack, orgs, '');
    });
  }

  it('for python runs the program of an export, which changes nothing after the import of its file', async function () {
    const { options, addSdk } = programs.find(({ language }) => language === 'python')!;
    const { path } = await options().catch((error: unknown) => skip(this, 'Python', error));
    const dev = server.org('dev');
    stack = await PulumiStack.create({
      language: 'python',
      program: '# replaced by the export\n',
      env: jwtBearerEnvironment(dev),
      ...(path === undefined ? {} : { path }),
    });
    await addSdk?.(stack.folder);
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
