import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { startLocalOrg, type LocalOrg } from '../../../../local-org/src/index.js';

/** What the org answers to a client that trusts the certificates in `ca`; default: those of the machine. */
async function get(org: LocalOrg, path: string, ca: string | undefined, headers = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    request(`${org.instanceUrl}${path}`, { ca, headers }, (answer) => {
      text(answer).then(resolve, reject);
    })
      .on('error', reject)
      .end();
  });
}

describe('the local org over https', () => {
  it('serves only clients that trust its certificate, and removes its file', async () => {
    const server = await startLocalOrg({ orgs: ['one', 'two'], https: true });
    const [one, two] = server.orgs as [LocalOrg, LocalOrg];
    try {
      assert.match(one.instanceUrl, /^https:\/\/127\.0\.0\.1:\d+$/);
      const certificate = readFileSync(one.certificateFile!, 'utf8');
      assert.match(certificate, /^-----BEGIN CERTIFICATE-----\n/);
      for (const org of [one, two]) {
        assert.match(await get(org, '/services/data', certificate), /"\/services\/data\/v68\.0"/);
        const configuration = await get(org, '/.well-known/openid-configuration', certificate);
        assert.equal((JSON.parse(configuration) as { issuer: string }).issuer, org.instanceUrl);
      }
      await assert.rejects(get(one, '/services/data', undefined), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    } finally {
      await server.close();
    }
    assert.equal(existsSync(one.certificateFile!), false);
  });

  it('accepts changes from its own pages', async () => {
    const server = await startLocalOrg({ https: true });
    try {
      const org = server.org('dev');
      const certificate = readFileSync(org.certificateFile!, 'utf8');
      const clock = (origin: string) => get(org, '/local-org/clock', certificate, { origin });
      assert.match(await clock(org.instanceUrl), /^{/);
      assert.match(await clock(org.instanceUrl.replace('https:', 'http:')), /"error": "The Origin header is/);
    } finally {
      await server.close();
    }
  });

  it('cuts a connection that is reset', async () => {
    const server = await startLocalOrg({ https: true });
    try {
      const org = server.org('dev');
      org.faults.add({ on: 'versions', times: 1, do: { kind: 'reset' } });
      const certificate = readFileSync(org.certificateFile!, 'utf8');
      await assert.rejects(get(org, '/services/data', certificate), { code: 'ECONNRESET' });
      assert.match(await get(org, '/services/data', certificate), /v68\.0/);
    } finally {
      await server.close();
    }
  });

  it('is off by default', async () => {
    const server = await startLocalOrg();
    try {
      assert.match(server.org('dev').instanceUrl, /^http:/);
      assert.equal(server.org('dev').certificateFile, undefined);
    } finally {
      await server.close();
    }
  });
});
