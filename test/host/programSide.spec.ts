import assert from 'node:assert/strict';
import { join } from 'node:path';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';

/** Prints the packages whose modules a program has loaded once it has imported this package, one a line. */
const listPackages = `
  require('pulumi-salesforce-eca');
  const packages = Object.keys(require.cache).map(
    (file) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)(?!.*node_modules)/.exec(file)?.[1] ?? file,
  );
  console.log([...new Set(packages)].join('\\n'));
`;

describe('importing the package in a program', function () {
  this.timeout(60_000);

  it('loads the SDK, and none of the libraries that talk to an org, read files of one, or serve the command', async () => {
    const { code, stdout, stderr } = await runProcess(process.execPath, ['-e', listPackages], {
      cwd: repositoryFolder,
      deadlineMs: 50_000,
    });
    assert.equal(code, 0, stderr);
    const loaded = stdout.split('\n');
    assert.ok(loaded.includes('@pulumi/pulumi'));
    const heavy = [
      '@jsforce/jsforce-node',
      'undici',
      'jose',
      'dataloader',
      'fast-xml-parser',
      'saxes',
      'yauzl',
      'fflate',
      'p-retry',
      'commander',
      'fast-xml-builder',
    ];
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
});
