import assert from 'node:assert/strict';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { codeBlock } from '../support/codeBlocks.js';
import { MovingStack } from '../support/movingStack.js';
import { nativePolicyType } from '../support/policyProgram.js';
import type { PulumiStackOptions } from '../support/pulumiStack.js';
import { skip } from '../support/skip.js';
import { repositoryNodeModules } from '../support/temporaryProject.js';
import { addNodeSdk, addPythonSdk, pythonPath } from './sdkProjects.js';

/** The program of the dynamic provider, with another import. */
const typescriptProgram = `
import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca-native';

new ExternalClientAppJwtPolicy('gateway', {
  externalClientApplication: 'Agent_Gateway',
  isNamedUserJwtEnabled: true,
  namedUserJwtTimeout: 30,
});
new ExternalClientAppJwtPolicy('partners', {
  externalClientApplication: 'Partner_API',
  org: 'uat',
  namedUserJwtTimeout: 30,
});
`;

/** Makes the project's node_modules: what the repository's holds, and the SDK. */
async function installNodeSdk(project: string): Promise<void> {
  const modules = join(project, 'node_modules');
  await mkdir(modules);
  for (const name of await readdir(repositoryNodeModules))
    await symlink(join(repositoryNodeModules, name), join(modules, name));
  await addNodeSdk(join(modules, 'pulumi-salesforce-eca-native'));
}

const ways: readonly [
  language: string,
  options: () => Promise<PulumiStackOptions>,
  addSdk?: typeof addPythonSdk,
][] = [
  [
    'TypeScript',
    () => Promise.resolve({ language: 'typescript', program: typescriptProgram, install: installNodeSdk }),
  ],
  [
    'Python',
    async () => ({
      language: 'python',
      program: codeBlock('docs/native-moving.md', 'from pulumi_salesforce_eca import'),
      path: await pythonPath(),
    }),
    addPythonSdk,
  ],
];

describe('moving a stack to the native provider', function () {
  this.timeout(600_000);
  let moving: MovingStack | undefined;
  afterEach(() => moving?.dispose());

  for (const [language, options, addSdk] of ways) {
    it(`to a program in ${language} changes nothing, without a request, and destroy still restores`, async function () {
      moving = await MovingStack.create(
        await options().catch((error: unknown) => skip(this, language, error)),
      );
      await addSdk?.(moving.stack.folder);
      await moving.useNativeProvider();
      await moving.assertUnchanged();
      assert.deepEqual(await moving.types(), [nativePolicyType, nativePolicyType]);
      await moving.assertRestores();
    });
  }
});
