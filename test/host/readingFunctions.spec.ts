import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';
import { getExternalClientAppJwtPolicy, listExternalClientApps } from 'pulumi-salesforce-eca';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';

describe('reading functions in a process that runs several programs', function () {
  this.timeout(60_000);
  let server: LocalOrgServer;
  let dev: LocalOrg;
  let uat: LocalOrg;

  before(async () => {
    server = await startLocalOrg({ orgs: ['dev', 'uat'] });
    [dev, uat] = [server.org('dev'), server.org('uat')];
  });
  beforeEach(() => {
    for (const org of server.orgs) org.clearRequests();
  });
  after(async () => {
    pulumi.runtime.setAllConfig({});
    await server.close();
  });

  /** A run of its own, as the Automation API starts one: with its own connection to an engine and its own configuration. */
  async function beginRun(topLevel: LocalOrg, shared: LocalOrg = topLevel): Promise<void> {
    await pulumi.runtime.setMocks({
      newResource: () => ({ id: 'id', state: {} }),
      call: () => ({}),
    });
    configure(topLevel, shared);
  }
  function configure(topLevel: LocalOrg, shared: LocalOrg): void {
    const settings = ({ instanceUrl, accessToken }: LocalOrg) => ({ instanceUrl, accessToken });
    pulumi.runtime.setAllConfig({
      'salesforce:instanceUrl': topLevel.instanceUrl,
      'salesforce:accessToken': topLevel.accessToken,
      'salesforce:orgs': JSON.stringify({ shared: settings(shared) }),
    });
  }
  const retrieves = (org: LocalOrg): number => org.requests.filter(({ kind }) => kind === 'retrieve').length;

  for (const args of [{}, { org: 'shared' }]) {
    it(`read the org of the calling program: ${JSON.stringify(args)}`, async () => {
      await beginRun(dev);
      const first = await listExternalClientApps(args);
      await beginRun(uat);
      const second = await getExternalClientAppJwtPolicy({
        externalClientApplication: 'Partner_API',
        ...args,
      });
      assert.deepEqual([first.orgId, second.orgId], [dev.organizationId, uat.organizationId]);
    });
  }

  it('read the org that the configuration names, even if it changes within a run', async () => {
    await beginRun(dev);
    await listExternalClientApps({ org: 'shared' });
    configure(dev, uat);
    assert.equal((await listExternalClientApps({ org: 'shared' })).orgId, uat.organizationId);
  });

  it('read it again in each run, and once per run', async () => {
    for (const run of [1, 2]) {
      await beginRun(dev);
      await Promise.all([
        listExternalClientApps(),
        getExternalClientAppJwtPolicy({ externalClientApplication: 'Partner_API' }),
      ]);
      assert.equal(retrieves(dev), run);
    }
  });

  it('try again in the next run after a failure', async () => {
    await beginRun(dev);
    const offline = dev.faults.add({ on: 'versions', do: { kind: 'status', status: 400 } });
    await assert.rejects(listExternalClientApps());
    offline();
    await beginRun(dev);
    assert.equal((await listExternalClientApps()).orgId, dev.organizationId);
  });

  for (const [what, read, message] of [
    [
      'a label in place of a name',
      () => getExternalClientAppJwtPolicy({ externalClientApplication: 'Partner API' }),
      /externalClientApplication must be a developer name \(found the string "Partner API"\)/,
    ],
    [
      'an alias that is not configured',
      () => listExternalClientApps({ org: 'prod' }),
      /org "prod" was not found in salesforce:orgs \(available: shared\)/,
    ],
    ['an empty alias', () => listExternalClientApps({ org: '' }), /org must be a key of salesforce:orgs/],
  ] as const) {
    it(`refuse ${what}, without a request`, async () => {
      await beginRun(dev);
      await assert.rejects(read, message);
      assert.deepEqual(dev.requests, []);
    });
  }
});
