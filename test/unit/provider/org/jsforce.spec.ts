import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '../../../../tools/pulumiCli/repository.js';
import { runProcess } from '../../../../tools/pulumiCli/runProcess.js';
import { startTestServer } from './support/testServer.js';

const sources = join(repositoryFolder, 'provider/src');

describe('jsforce', () => {
  it('is imported by one file', () => {
    const importing = readdirSync(sources, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .filter((file) => /['"]@?jsforce\b/.test(readFileSync(join(sources, file), 'utf8')));
    assert.deepEqual(importing, [join('org', 'jsforce.ts')]);
  });

  it('does not end the process when a connection breaks within an answer', async function () {
    this.timeout(60_000);
    const server = await startTestServer();
    try {
      server.answer = (_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => response.socket?.destroy());
      };
      const source = (file: string): string => JSON.stringify(join(sources, 'org', file));
      const script = `
        const { HttpConnections } = require(${source('httpConnections.ts')});
        const { HttpTransport } = require(${source('httpTransport.ts')});
        const { OrgApi, requestToken } = require(${source('jsforce.ts')});
        const url = ${JSON.stringify(server.url)};
        const send = (request) => new HttpTransport(new HttpConnections()).send(request);
        const print = ({ kind }) => console.log(kind);
        new OrgApi({ instanceUrl: url }, send).request('GET', '/').then(undefined, print);
        requestToken(url, { grant_type: 'client_credentials' }, send).catch(print);
        process.on('exit', (code) => console.log('exit', code));`;
      const { stdout, stderr } = await runProcess(
        process.execPath,
        ['--require', 'tsx/cjs', '--eval', script],
        { cwd: repositoryFolder, deadlineMs: 50_000 },
      );
      assert.equal(stdout + stderr, 'truncated\ntruncated\nexit 0\n');
    } finally {
      await server.close();
    }
  });
});
