import assert from 'node:assert/strict';
import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PulumiStack } from '../support/pulumiStack.js';
import { repositoryNodeModules } from '../support/temporaryProject.js';

const packageName = 'pulumi-salesforce-eca';
const link = (folder: string, name: string): Promise<void> =>
  symlink(join(repositoryNodeModules, name), join(folder, 'node_modules', name), 'dir');

describe('a program that gets the resource from its own package', function () {
  this.timeout(240_000);
  let stack: PulumiStack;

  before(async () => {
    stack = await PulumiStack.create({
      program: `require('our-policies').declare();\n`,
      install: async (folder) => {
        const ours = join(folder, 'node_modules', 'our-policies');
        await mkdir(join(folder, 'node_modules', '@pulumi'), { recursive: true });
        await mkdir(join(ours, 'node_modules'), { recursive: true });
        await link(folder, '@pulumi/pulumi');
        await link(ours, packageName);
        await writeFile(
          join(ours, 'index.js'),
          `exports.declare = () => {
             const { ExternalClientAppJwtPolicy } = require('${packageName}');
             for (const name of ['one', 'two'])
               new ExternalClientAppJwtPolicy(name, { externalClientApplication: name, namedUserJwtTimeout: 30 });
           };\n`,
        );
      },
    });
    await stack.config({ 'salesforce:preview': 'offline' });
  });
  after(() => stack.dispose());

  const warnings = (text: string): string[] => [
    ...new Set(text.match(/warning: \[ECA1019\] the provider process starts in .*/g)),
  ];

  it('gets one message about which package.json lacks the dependency, in addition to the error of the provider process', async () => {
    const { stdout, stderr } = await stack.run(['preview'], { expectCode: 1 });
    const folder = await realpath(stack.folder);
    assert.deepEqual(warnings(stdout + stderr), [
      `warning: [ECA1019] the provider process starts in ${folder} and does not find the package ${packageName} from there. Add it ` +
        `to the dependencies of ${join(folder, 'package.json')}, and install.`,
    ]);
    assert.match(stdout + stderr, /Cannot find module 'pulumi-salesforce-eca\/provider'/);
  });

  it('gets no message if the project has the dependency', async () => {
    await link(stack.folder, packageName);
    const { stdout, stderr } = await stack.run(['preview'], { expectCode: 'any' });
    assert.deepEqual(warnings(stdout + stderr), []);
    assert.doesNotMatch(stdout + stderr, /Cannot find module/);
  });
});
