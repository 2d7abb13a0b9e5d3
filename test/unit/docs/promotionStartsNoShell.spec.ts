import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';

/** A value of the configuration that a shell, of Windows or of another system, would take for a command. */
const hostileStage = 'uat & touch owned; touch owned $(touch owned)';

/** A program `pulumi`: says the stage before as the configuration does, and writes down what it is called with. */
const pulumi = `#!/usr/bin/env node
const { appendFileSync } = require('node:fs');
appendFileSync('calls', JSON.stringify(process.argv.slice(2)) + '\\n');
if (process.argv[2] === 'config') {
  console.log(JSON.stringify({ 'promotion:source': { value: ${JSON.stringify(hostileStage)} } }));
} else if (process.argv[2] === 'version') {
  console.log('v3.251.0');
} else {
  process.exitCode = 1;
}
`;

describe('the promotion example', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'promotion-'));
    for (const [name, text] of [
      ['pulumi', pulumi],
      ['shell', '#!/bin/sh\ntouch shell-was-started\n'],
    ] as const) {
      writeFileSync(join(folder, name), text);
      chmodSync(join(folder, name), 0o755);
    }
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  for (const platform of ['linux', 'win32']) {
    it(`starts nothing through a shell on ${platform}`, () => {
      const asPlatform = `data:text/javascript,Object.defineProperty(process,'platform',{value:'${platform}'})`;
      const { status, stderr } = spawnSync(
        process.execPath,
        ['--import', asPlatform, join(repositoryFolder, 'examples/promotion/promote.mts'), 'prod'],
        {
          cwd: folder,
          encoding: 'utf8',
          env: {
            PATH: [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
            HOME: folder,
            comspec: join(folder, 'shell'),
          },
        },
      );
      assert.equal(status, 1);
      assert.match(stderr, /The promotion to prod stops/);
      const calls = readFileSync(join(folder, 'calls'), 'utf8');
      assert.match(calls, /^\["config","--stack","prod","--json"\]\n/);
      // The gate hands the stage on as it is.
      assert(calls.includes(JSON.stringify(hostileStage)), calls + stderr);
      assert.deepEqual(
        ['owned', 'shell-was-started'].filter((name) => existsSync(join(folder, name))),
        [],
      );
    });
  }
});
