import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { requestKinds } from '../support/arrivals.js';
import { DynamicProviderProcess, type Bag } from '../support/dynamicProviderProcess.js';
import { configuration, jwtBearer } from '../support/stage.js';

const inputs = { externalClientApplication: 'Agent_Gateway', isNamedUserJwtEnabled: true };

describe('a state that the dynamic provider wrote, in the native provider', function () {
  this.timeout(60_000);
  let server: LocalOrgServer;
  let dev: LocalOrg;
  let uat: LocalOrg;
  let state: { id: string; outs: Bag };
  const started: DynamicProviderProcess[] = [];

  const start = async (
    program: 'dynamic' | 'native',
    org: LocalOrg,
    name?: string,
  ): Promise<DynamicProviderProcess> => {
    const host = await DynamicProviderProcess.start({ program });
    started.push(host);
    await host.configure(configuration(jwtBearer(org)), name);
    return host;
  };

  before(async () => {
    server = await startLocalOrg({ orgs: ['dev', 'uat'] });
    [dev, uat] = [server.org('dev'), server.org('uat')];
    state = await (await start('dynamic', dev)).create(inputs);
  });
  beforeEach(() => {
    for (const org of server.orgs) org.clearRequests();
  });
  afterEach(() => Promise.all(started.splice(0).map((host) => host.dispose())));
  after(() => server.close());

  const diff = async (host: DynamicProviderProcess): Promise<Awaited<ReturnType<typeof host.diff>>> =>
    host.diff(state.id, state.outs, inputs);

  it('is unchanged without a request in the default provider', async () => {
    const { changes } = await diff(await start('native', dev));
    assert.equal(changes, false);
    assert.deepEqual(server.orgs.flatMap(requestKinds), []);
  });

  it('is updated in an explicit provider of the same org, which records the sign-in', async () => {
    const { changes, replaces } = await diff(await start('native', dev, 'dev'));
    assert.deepEqual({ changes, replaces }, { changes: true, replaces: [] });
  });

  it('is replaced in an explicit provider of another org', async () => {
    const { changes, replaces } = await diff(await start('native', uat, 'uat'));
    assert.deepEqual({ changes, replaces }, { changes: true, replaces: ['orgId'] });
  });
});
