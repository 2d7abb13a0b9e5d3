import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { networkInterfaces } from 'node:os';
import { startProcess } from '../../../../tools/pulumiCli/runProcess.js';
import { until } from '../../../support/until.js';
import { withOrg } from '../support/client.js';
import { bin } from '../support/command.js';

/** An address of this machine that is not loopback: to the org a client there is another machine. */
const otherAddress = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

const portOf = (url: string): string => new URL(url).port;

/** GET with a Host header of choice, which fetch does not send. */
function statusWithHost(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('the address that the local org listens on', () => {
  it('is loopback only by default', async function () {
    if (otherAddress === undefined) {
      console.log('        skipped: this machine has no address but loopback');
      this.skip();
    }
    await withOrg(async (org) => {
      assert.match(org.instanceUrl, /^http:\/\/127\.0\.0\.1:\d+$/);
      await assert.rejects(fetch(`http://${otherAddress}:${portOf(org.instanceUrl)}/services/data`));
    });
  });

  it('can be every address; clients then get one that they can connect to', async function () {
    if (otherAddress === undefined) {
      console.log('        skipped: this machine has no address but loopback');
      this.skip();
    }
    await withOrg(
      async (org) => {
        assert.match(org.instanceUrl, /^http:\/\/127\.0\.0\.1:\d+$/);
        const elsewhere = `http://${otherAddress}:${portOf(org.instanceUrl)}`;
        assert.equal((await fetch(`${elsewhere}/services/data`)).status, 200);

        // From another machine the control API needs a token of its own, whatever host name is written.
        const clock = `${elsewhere}/local-org/clock`;
        const refused = await fetch(clock);
        assert.equal(refused.status, 401);
        assert.deepEqual(await refused.json(), {
          error:
            'From another machine the control API needs the control token that the start printed: Authorization: Bearer TOKEN.',
        });
        assert.equal(await statusWithHost(clock, '127.0.0.1'), 401);
        const withToken = async (token: string): Promise<number> =>
          (await fetch(clock, { headers: { authorization: `Bearer ${token}` } })).status;
        assert.equal(await withToken(org.controlToken), 200);
        for (const { accessToken, role } of org.users) assert.equal(await withToken(accessToken), 401, role);
        assert.equal((await fetch(`${org.instanceUrl}/local-org/clock`)).status, 200);

        // Nor does it become a session of the org.
        const query = `${elsewhere}/services/data/v66.0/query?q=SELECT+Id+FROM+Organization`;
        const headers = { authorization: `Bearer ${org.controlToken}` };
        assert.equal((await fetch(query, { headers })).status, 401);
      },
      { host: '0.0.0.0' },
    );
  });

  it('has the configured name, in addresses and as the host of requests', () =>
    withOrg(
      async (org) => {
        const port = portOf(org.instanceUrl);
        assert.equal(org.instanceUrl, `http://my-org.test:${port}`);
        const here = `http://127.0.0.1:${port}`;
        const discovery = (await (await fetch(`${here}/.well-known/openid-configuration`)).json()) as {
          issuer: string;
        };
        assert.equal(discovery.issuer, org.instanceUrl);
        const clock = `${here}/local-org/clock`;
        assert.equal(await statusWithHost(clock, `my-org.test:${port}`), 200);
        assert.equal(await statusWithHost(clock, `127.0.0.1:${port}`), 200);
        assert.equal(await statusWithHost(clock, `other.test:${port}`), 403);
        assert.equal(await statusWithHost(clock, `my-org.test.attacker.example:${port}`), 403);
        const versions = `${here}/services/data`;
        assert.equal(await statusWithHost(versions, `MY-ORG.test:${port}`), 200);
        assert.equal(await statusWithHost(versions, `my-org.test`), 200);
        assert.equal(await statusWithHost(versions, `other.test:${port}`), 403);
      },
      { instanceHost: 'my-org.test' },
    ));

  for (const [options, message] of [
    [{ host: '127.0.0.1:80' }, "host is '127.0.0.1:80': it takes an IP address or a host name, no port."],
    [{ host: '' }, "host is '': it takes an IP address or a host name, no port."],
    [
      { instanceHost: '0.0.0.0' },
      "instanceHost is '0.0.0.0', which clients cannot connect to: it takes a name or address of this machine.",
    ],
  ] as const) {
    it(`is refused: ${message}`, () =>
      assert.rejects(
        withOrg(() => Promise.resolve(), options),
        { name: 'LocalOrgOptionsError', message },
      ));
  }

  it('causes a warning on stderr if other machines can reach it, not beside the line of JSON', async () => {
    const running = startProcess(process.execPath, [bin, '--host', '0.0.0.0', '--json'], {
      deadlineMs: 15_000,
    });
    await until('the org has started', () => Promise.resolve(running.output().includes('"orgs"')));
    running.signal('SIGTERM');
    const { code, stdout, stderr } = await running.result;
    assert.equal(code, 0);
    assert.equal(
      stderr,
      'salesforce-local-org: Warning: listening on 0.0.0.0, which other machines can reach, over plain HTTP. ' +
        'Whoever reads the traffic has the tokens; put nothing real into these orgs.\n',
    );
    const { orgs } = JSON.parse(stdout) as { orgs: { controlToken?: string }[] };
    assert.match(orgs[0]?.controlToken ?? '', /^[0-9a-f]{32}$/);
  });

  it('causes no warning if only this machine can reach it', async () => {
    const running = startProcess(process.execPath, [bin, '--host', '::1', '--json'], { deadlineMs: 15_000 });
    await until('the org has started or failed', () =>
      Promise.resolve(running.output().includes('"orgs"') || running.output().includes('--host')),
    );
    running.signal('SIGTERM');
    const { stderr } = await running.result;
    // A machine without IPv6 says that it has no such address.
    assert.ok(stderr === '' || stderr.includes('--host is not an address of this machine'), stderr);
  });
});
