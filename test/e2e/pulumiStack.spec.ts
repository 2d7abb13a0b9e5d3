import assert from 'node:assert/strict';
import { existsSync, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PulumiStack } from '../support/pulumiStack.js';

/** A program with one dynamic resource whose provider writes its inputs into a file of the project folder. */
const program = (greeting: string): string => `
const pulumi = require('@pulumi/pulumi');
class Note extends pulumi.CustomResource {
  constructor(name, args) {
    super('pulumi-nodejs:dynamic/test:Note', name, { ...args, __provider: ${JSON.stringify(providerText)} });
  }
}
const config = new pulumi.Config('test');
new Note('note', { greeting: ${JSON.stringify(greeting)}, place: config.get('place') ?? 'nowhere' });
`;

const providerText = `
const { writeFileSync } = require('node:fs');
const write = (inputs) => {
  if (inputs.greeting === 'for ever') {
    writeFileSync('reached.txt', String(process.pid));
    return new Promise(() => undefined);
  }
  writeFileSync('note.txt', inputs.greeting + ', ' + inputs.place);
  return inputs;
};
exports.handler = () => ({
  create: async (inputs) => ({ id: 'note', outs: await write(inputs) }),
  update: async (id, olds, news) => ({ outs: await write(news) }),
});
`;

/** Resolves when a file of this name is in the folder and not empty any more. */
function fileAppears(folder: string, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const watcher = watch(folder, (event, changed) => {
      if (changed !== name || event !== 'change') return;
      watcher.close();
      resolve();
    }).once('error', reject);
  });
}

describe('the harness for the real Pulumi CLI', function () {
  this.timeout(180_000);
  let stack: PulumiStack;

  beforeEach(async () => {
    stack = await PulumiStack.create({ program: program('hello') });
  });
  afterEach(() => stack.dispose());

  it('creates the resource of a program with its configuration and shows it in the state', async () => {
    await stack.config({ 'test:place': 'on earth', 'test:orgs.uat.key': { secret: 'a secret' } });
    await stack.up();

    assert.equal(await readFile(join(stack.folder, 'note.txt'), 'utf8'), 'hello, on earth');
    const { resources, pendingOperations, text } = await stack.state();
    const note = resources.find(({ type }) => type === 'pulumi-nodejs:dynamic/test:Note');
    assert.equal(note?.id, 'note');
    assert.equal(note.outputs['greeting'], 'hello');
    assert.deepEqual(pendingOperations, []);
    assert.ok(!text.includes('a secret'));
  });

  it('distinguishes a run without changes from one with changes by the exit code', async () => {
    await stack.up();
    await stack.up({ args: ['--expect-no-changes'] });

    await stack.setProgram(program('good evening'));
    await stack.preview({ args: ['--expect-no-changes'], expectCode: 7 });
  });

  it('rejects a command with an unexpected exit code, with its output', async () => {
    await stack.setProgram('throw new Error("this program is broken");');
    await assert.rejects(stack.up(), /exit code 1 instead of exit code 0:[^]*this program is broken/);
  });

  it('ends the provider process that outlives a killed CLI when it is disposed of', async () => {
    await stack.setProgram(program('for ever'));
    const running = stack.start(['up', '--yes', '--skip-preview']);
    await fileAppears(stack.folder, 'reached.txt');
    const provider = Number(await readFile(join(stack.folder, 'reached.txt'), 'utf8'));
    running.signal('SIGKILL');
    assert.equal((await running.result).signal, 'SIGKILL');
    assert.ok((await stack.runningProcesses()).includes(provider));

    await stack.dispose();

    assert.deepEqual(await stack.runningProcesses(), []);
    assert.ok(!existsSync(stack.folder));
  });

  it('runs a TypeScript program', async () => {
    const typescript = await PulumiStack.create({
      language: 'typescript',
      program: 'export const answer: number = 42;',
    });
    try {
      await typescript.up();
      const { stdout } = await typescript.run(['stack', 'output', 'answer']);
      assert.equal(stdout, '42\n');
    } finally {
      await typescript.dispose();
    }
  });
});
