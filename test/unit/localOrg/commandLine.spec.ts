import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { Connection } from '@jsforce/jsforce-node';
import type { LocalOrg } from '../../../local-org/src/index.js';
import { initialRules } from '../../../local-org/src/rules/allRules.js';
import { until } from '../../support/until.js';
import { zip } from './support/client.js';
import { bin } from './support/command.js';

/** The bin as it is installed; it runs what `npm run build` made. */

function start(...args: string[]) {
  const child = spawn(process.execPath, [bin, ...args]);
  let out = '';
  let error = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (error += data.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, error }));
  return { child, ended, firstOutput: () => once(child.stdout, 'data').then(() => out) };
}

describe('salesforce-local-org', function () {
  this.timeout(60_000);

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`prints one line about its orgs with --json, and ends with 0 on ${signal}, leaving no key file`, async () => {
      const { child, ended, firstOutput } = start('--org', 'one', '--org', 'two', '--json');
      try {
        const { orgs } = JSON.parse(
          await Promise.race([firstOutput(), ended.then(({ error }) => error)]),
        ) as {
          orgs: Record<string, string>[];
        };
        assert.deepEqual(
          orgs.map((org) => org['name']),
          ['one', 'two'],
        );
        assert.deepEqual(Object.keys(orgs[0]!), [
          'name',
          'instanceUrl',
          'organizationId',
          'username',
          'accessToken',
          'password',
          'clientId',
          'privateKeyFile',
        ]);
        assert.equal((await fetch(`${orgs[1]!['instanceUrl']!}/services/data`)).status, 200);
        assert.ok(existsSync(orgs[0]!['privateKeyFile']!));
        child.kill(signal);
        assert.equal((await ended).code, 0);
        assert.ok(orgs.every((org) => !existsSync(org['privateKeyFile']!)));
      } finally {
        child.kill('SIGKILL');
        await ended;
      }
    });
  }

  it('lists the orgs and the environment variables that reach them without --json', async () => {
    const { child, ended, firstOutput } = start();
    try {
      const text = await firstOutput();
      assert.match(text, /^Org dev \(00D\w{15}\) listens on http:\/\/127\.0\.0\.1:\d+\n/);
      const setupPage = /^ {2}Setup page, for a browser: (\S+)$/m.exec(text)?.[1] ?? '';
      assert.match(await (await fetch(setupPage)).text(), /<h1>External Client App Manager<\/h1>/);
      assert.match(text, /export SALESFORCE_INSTANCE_URL=http/);
      assert.match(text, /export SALESFORCE_ACCESS_TOKEN='00D/);
      assert.match(text, /^ {2}or by SOAP login with the password [0-9a-f]{32}$/m);
      assert.ok(!text.includes('control API'), 'only this machine can connect, which needs no token');
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
  });

  it('prints its usage with --help', async () => {
    const { code, out } = await start('--help').ended;
    assert.equal(code, 0);
    assert.match(out, /^Usage: salesforce-local-org \[options\]\n/);
    assert.deepEqual(
      out.split('\n').filter((line) => line.length > 80),
      [],
    );
  });

  for (const [args, line] of [
    [['--colour'], "salesforce-local-org: Unknown option '--colour'. See --help.\n"],
    [['--port', 'x'], "salesforce-local-org: --port takes a whole number from 0 on, not 'x'. See --help.\n"],
    [
      ['--api-version', '68'],
      "salesforce-local-org: '68' is not an API version from 58.0 on, written like 68.0. See --help.\n",
    ],
    [
      ['--fault', 'deploy=hang,times=0'],
      'salesforce-local-org: --fault deploy=hang,times=0: times is 0; it takes a whole number from 1 on. See --help.\n',
    ],
    [
      ['--namespace', 'uat=shopns'],
      "salesforce-local-org: namespaces names the org 'uat'; there are: dev. See --help.\n",
    ],
    [
      ['--namespace', 'dev=shop__ns'],
      "salesforce-local-org: 'shop__ns' is not a namespace: letters, digits and single underscores, 15 at most, beginning with a letter. See --help.\n",
    ],
    [['--org', 'a', '--org', 'A'], 'salesforce-local-org: Two orgs have the same name. See --help.\n'],
  ] as const) {
    it(`ends with 2 and one line for ${args.join(' ')}`, async () => {
      const { code, error, out } = await start(...args).ended;
      assert.deepEqual({ code, error, out }, { code: 2, error: line, out: '' });
    });
  }

  it('starts every org with the faults and switches of its options', async () => {
    const { child, ended, firstOutput } = start(
      ...['--org', 'one', '--org', 'two', '--json', '--spread-ms', '60000', '--no-certificate'],
      ...['--org-rule', 'elementOrder=off'],
      ...['--fault', 'versions=status:429,retryAfter=3,times=1', '--fail-component', 'portal=Under review'],
    );
    try {
      const { orgs } = JSON.parse(await Promise.race([firstOutput(), ended.then(({ error }) => error)])) as {
        orgs: { instanceUrl: string }[];
      };
      for (const { instanceUrl } of orgs) {
        const versions = await fetch(`${instanceUrl}/services/data`);
        assert.deepEqual([versions.status, versions.headers.get('retry-after')], [429, '3']);
        assert.deepEqual(await (await fetch(`${instanceUrl}/local-org/faults`)).json(), {
          rules: [
            {
              id: 1,
              on: 'versions',
              times: 1,
              do: { kind: 'status', status: 429, retryAfter: '3' },
              met: 1,
            },
          ],
          returnCertificate: false,
          refusePluginSettings: false,
          wildcardReturnsManaged: true,
          spreadMs: 60_000,
          finalizingStatus: 'Finalizing',
          failComponent: { portal: 'Under review' },
          hideComponent: {},
          omitFromReadMetadata: [],
          refuseReadMetadata: [],
          cancelNextDeploy: false,
          occupyDeploys: false,
          orgRules: { ...initialRules, elementOrder: false },
        });
      }
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
  });

  it('refuses connections after the start for the configured time', async () => {
    const { child, ended, firstOutput } = start('--json', '--offline-ms', '700');
    try {
      const { orgs } = JSON.parse(await firstOutput()) as { orgs: LocalOrg[] };
      const isReached = (): Promise<boolean> =>
        fetch(`${orgs[0]!.instanceUrl}/services/data`).then(
          ({ ok }) => ok,
          () => false,
        );
      assert.equal(await isReached(), false);
      await until('the org is back', isReached);
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
  });

  it('resets the connection of a deploy that the org accepted, if the control API asks for it', async () => {
    const { child, ended, firstOutput } = start('--json');
    try {
      const { orgs } = JSON.parse(await firstOutput()) as { orgs: LocalOrg[] };
      const { instanceUrl } = orgs[0]!;
      const rule = { on: 'deploy', times: 1, do: { kind: 'reset', when: 'after' } };
      const added = await fetch(`${instanceUrl}/local-org/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(rule),
      });
      assert.equal(added.status, 201);
      const connection = new Connection({ ...orgs[0]!, version: '66.0' });
      await assert.rejects(async () => {
        await connection.metadata.deploy(zip([], '68.0'), { singlePackage: true });
      }, /fetch failed|ECONNRESET|socket hang up/);
      const { totalSize } = await connection.tooling.query('SELECT Id FROM DeployRequest');
      assert.equal(totalSize, 1);
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
  });

  it('ends with 1 and one line if the port is taken or the seed is missing', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    try {
      const { port } = blocker.address() as AddressInfo;
      assert.deepEqual(await start('--port', String(port)).ended, {
        code: 1,
        out: '',
        error: `salesforce-local-org: Port ${port} is in use: choose another one with --port, or --port 0 for a free one.\n`,
      });
    } finally {
      blocker.close();
    }
    const { code, error } = await start('--seed', '/nowhere').ended;
    assert.equal(code, 1);
    assert.equal(
      error,
      'salesforce-local-org: The seed needs a file /nowhere/package.xml, which does not exist.\n',
    );
  });
});
