import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

const commandLine = join(__dirname, '../../../local-org/src/commandLine.ts');

function start(...args: string[]) {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', commandLine, ...args]);
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
    it(`prints with --json one line about its orgs, and ends with 0 on ${signal} leaving no key file`, async () => {
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

  it('lists without --json the orgs and the environment variables that reach them', async () => {
    const { child, ended, firstOutput } = start();
    try {
      const text = await firstOutput();
      assert.match(text, /^Org dev \(00D\w{15}\) listens on http:\/\/127\.0\.0\.1:\d+\n/);
      assert.match(text, /export SALESFORCE_INSTANCE_URL=http/);
      assert.match(text, /export SALESFORCE_ACCESS_TOKEN='00D/);
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
  });

  it('prints its usage with --help', async () => {
    const { code, out } = await start('--help').ended;
    assert.equal(code, 0);
    assert.match(out, /^Usage: salesforce-local-org \[options\]\n/);
  });

  for (const [args, line] of [
    [['--colour'], "salesforce-local-org: Unknown option '--colour' See --help.\n"],
    [['--port', 'x'], "salesforce-local-org: --port takes a whole number from 0 on, not 'x'. See --help.\n"],
    [
      ['--api-version', '68'],
      "salesforce-local-org: '68' is not an API version from 58.0 on, written like 68.0. See --help.\n",
    ],
    [['--org', 'a', '--org', 'A'], 'salesforce-local-org: Two orgs have the same name. See --help.\n'],
  ] as const) {
    it(`ends with 2 and one line for ${args.join(' ')}`, async () => {
      const { code, error, out } = await start(...args).ended;
      assert.deepEqual({ code, error, out }, { code: 2, error: line, out: '' });
    });
  }

  it('ends with 1 and one line when the port is taken or the seed is missing', async () => {
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
