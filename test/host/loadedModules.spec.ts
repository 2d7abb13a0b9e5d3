import assert from 'node:assert/strict';
import { join } from 'node:path';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';

/** Prints the packages whose modules are loaded after some statements, one a line. */
const listPackages = (statements: string): string => `
  (async () => {
    ${statements}
    const packages = Object.keys(require.cache).map(
      (file) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)(?!.*node_modules)/.exec(file)?.[1] ?? file,
    );
    console.log([...new Set(packages)].join('\\n'));
  })();
`;

/** What is of use only to what talks to an org, reads files of one, or serves the command. */
const heavy = [
  '@jsforce/jsforce-node',
  'undici',
  'jose',
  'fast-xml-parser',
  'saxes',
  'yauzl',
  'fflate',
  'commander',
  'fast-xml-builder',
];

async function loadedBy(statements: string): Promise<string[]> {
  const { code, stdout, stderr } = await runProcess(process.execPath, ['-e', listPackages(statements)], {
    cwd: repositoryFolder,
    env: { ...process.env, SALESFORCE_INSTANCE_URL: 'http://127.0.0.1:9', SALESFORCE_ACCESS_TOKEN: 'token' },
    deadlineMs: 50_000,
  });
  assert.equal(code, 0, stderr);
  return stdout.split('\n');
}

describe('what is loaded', function () {
  this.timeout(60_000);

  it('by a program that imports the package: the SDK, but no library that talks to an org', async () => {
    const loaded = await loadedBy(`require('pulumi-salesforce-eca');`);
    assert.ok(loaded.includes('@pulumi/pulumi'));
    assert.deepEqual(
      heavy.filter((name) => loaded.includes(name)),
      [],
    );
    const own = loaded.filter((name) => name.startsWith(join(repositoryFolder, 'provider/dist')));
    assert.deepEqual(
      own.filter((file) => /\/(?:reconcile|commandLine|lifecycle)\//.test(file)),
      [],
    );
    assert.ok(own.length > 0, 'the modules of the package itself are in the list');
  });

  it('by a provider process that checks and compares: no such library either', async () => {
    const loaded = await loadedBy(`
      const { check, configure, diff } = require('pulumi-salesforce-eca/provider');
      configure({ config: { get: () => undefined } });
      const { inputs, failures } = await check({}, { externalClientApplication: 'A', namedUserJwtTimeout: 30, __dryRun: false });
      if (failures.length > 0) throw new Error(JSON.stringify(failures));
      const olds = { ...inputs, __provider: 'text', orgId: '00D000000000001AAA', managedFields: ['namedUserJwtSessionTimeoutType', 'namedUserJwtTimeout'] };
      const { changes } = await diff('00D000000000001AAA/A', olds, inputs);
      if (changes) throw new Error('a change');`);
    assert.deepEqual(
      heavy.filter((name) => loaded.includes(name)),
      [],
    );
    assert.ok(loaded.some((file) => file.endsWith('lifecycle/diff.js')));
  });

  it('does not modify jsforce for a program that also uses it', async () => {
    const loaded = await loadedBy(`
      require('./provider/dist/org/orgCall.js');
      if (typeof require('@jsforce/jsforce-node').Connection !== 'function') throw new Error('no Connection');`);
    assert.ok(loaded.includes('@jsforce/jsforce-node'));
  });
});
