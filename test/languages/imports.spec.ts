import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { nativeResourceType } from '../../provider/dist/resourceType.js';
import { schemaFile } from '../../tools/schema/packageSchema.js';
import { sdkGenerators } from '../../tools/sdks/sdkGenerators.js';
import { takeSnapshot } from '../support/orgSnapshot.js';
import { jwtBearerEnvironment } from '../support/policyProgram.js';
import { PulumiStack, type PulumiStackOptions } from '../support/pulumiStack.js';
import { skip } from '../support/skip.js';
import { buildLimitMs, run, sdkLanguages } from './sdkProjects.js';

/** The languages, and what Pulumi calls them where it writes code. */
const languages = [
  ['javascript', 'typescript', 'nodejs'],
  ['python', 'python', 'python'],
  ['go', 'go', 'go'],
] as const;

describe('pulumi import', function () {
  this.timeout(buildLimitMs);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let stack: PulumiStack | undefined;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(() => server.close());
  afterEach(async () => {
    await stack?.dispose();
    stack = undefined;
  });

  /**
   * The program that Pulumi writes for what a stack has imported. The language hosts that can be built here do not write programs, so
   * the CLI's importer and the generator of the official host are called directly.
   */
  async function writtenProgram(imported: PulumiStack, language: string): Promise<string> {
    const state = join(imported.folder, 'state.json');
    await imported.run(['stack', 'export', '--file', state]);
    return run(await sdkGenerators(), ['imported', language, schemaFile, state]);
  }

  for (const [sdk, language, generator] of languages) {
    it(`in a project in ${language} imports apps; the program that Pulumi writes for them compiles and changes nothing`, async function () {
      const { options, addSdk } = sdkLanguages[sdk];
      const { env, ...others } = await options().catch((error: unknown) => skip(this, language, error));
      await sdkGenerators().catch((error: unknown) => skip(this, "Pulumi's generators", error));
      const original = takeSnapshot(org);
      const stackOptions: PulumiStackOptions = {
        language,
        program: '',
        // With types checked, in TypeScript too.
        env: { ...jwtBearerEnvironment(org), PULUMI_NODEJS_TRANSPILE_ONLY: undefined, ...env },
        ...others,
      };
      stack = await PulumiStack.create(stackOptions);
      await addSdk(stack.folder);
      const resources = ['Partner_API', 'acme__Ledger', 'Agent_Gateway'].map((id) => ({
        type: nativeResourceType,
        name: id.toLowerCase(),
        id,
      }));
      await writeFile(join(stack.folder, 'import.json'), JSON.stringify({ resources }));
      await stack.run(
        [
          'import',
          '--file',
          'import.json',
          '--yes',
          '--skip-preview',
          '--protect=false',
          '--generate-code=false',
        ],
        { deadlineMs: buildLimitMs },
      );

      const program = await writtenProgram(stack, generator);
      await stack.setProgram(program.replace(/["']pulumi-salesforce-eca-native["']/, "'./sdk'"));
      await stack.preview({ args: ['--expect-no-changes'], deadlineMs: buildLimitMs });
      await stack.destroy();
      assert.deepEqual(org.deploys, []);
      assert.deepEqual(takeSnapshot(org), original);
    });
  }
});
