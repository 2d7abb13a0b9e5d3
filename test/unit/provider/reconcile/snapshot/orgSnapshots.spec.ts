import assert from 'node:assert/strict';
import { startLocalOrg } from 'salesforce-local-org';
import type { LocalOrg, LocalOrgServer } from 'salesforce-local-org';
import sinon from 'sinon';
import type { FieldValues } from '../../../../../provider/src/policy/fields.js';
import type { ReconcileResult } from '../../../../../provider/src/reconcile/request.js';
import { OrgReconciler } from '../../../../../provider/src/reconcile/orgReconciler.js';
import { OrgTurns } from '../../../../../provider/src/reconcile/orgTurns.js';
import { readOrgConfiguration } from '../../../../../provider/src/signIn/configuration.js';
import { connect } from '../../../../../provider/src/org/orgConnection.js';
import { changeSetting } from '../../../../support/appSettings.js';
import { requestKinds } from '../../../../support/arrivals.js';
import { putApp } from '../../../../support/localApps.js';
import { contextWithoutEngine } from '../../../../../provider/src/org/orgContext.js';

const apps = ['One', 'Two', 'Three', 'Four'];
const lists = ['listMetadata', 'listMetadata'];

describe('waves of jobs that only read', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  let reconciler: OrgReconciler;
  let turns: OrgTurns;
  /** By how much this process's clock is put forward, in milliseconds. */
  let later: number;

  beforeEach(async () => {
    later = 0;
    const now = performance.now.bind(performance);
    sinon.stub(performance, 'now').callsFake(() => now() + later);
    server = await startLocalOrg();
    org = server.org('dev');
    for (const app of apps) putApp(org, app, { globalSettings: { isNamedUserJwtEnabled: false } });
    turns = new OrgTurns();
    reconciler = await reconcilerOf();
    org.clearRequests();
  });
  afterEach(async () => {
    sinon.restore();
    await server.close();
  });

  const silent = (): void => undefined;
  async function reconcilerOf(): Promise<OrgReconciler> {
    const configuration: Record<string, string> = {
      'salesforce:instanceUrl': org.instanceUrl,
      'salesforce:accessToken': org.accessToken,
    };
    return new OrgReconciler(
      await connect(
        readOrgConfiguration((key) => configuration[key], {}, undefined, false),
        contextWithoutEngine(),
      ),
      turns,
      { progress: silent, inform: silent, warn: silent },
    );
  }

  const reconcile = (app: string, wanted: FieldValues, by = reconciler): Promise<ReconcileResult> =>
    by.reconcile({
      app,
      fields: ['isNamedUserJwtEnabled'],
      wanted,
      knownNames: undefined,
      allow: [],
      log: { progress: silent, inform: silent, warn: silent },
    });
  /** Reads every app at once, and tells which of them issue JSON Web Tokens. */
  const read = async (): Promise<string[]> => {
    const results = await Promise.all(apps.map((app) => reconcile(app, {})));
    return apps.filter((_, index) => {
      const result = results[index];
      return result?.isPresent === true && result.after.live.isNamedUserJwtEnabled === true;
    });
  };
  /** What the org was asked since it was last asked this. */
  const asked = (): string[] => {
    const kinds = requestKinds(org).filter((kind) => !kind.startsWith('check'));
    org.clearRequests();
    return kinds;
  };

  it('use one retrieve for ten seconds', async () => {
    assert.deepEqual(await read(), []);
    assert.deepEqual(asked(), ['retrieve']);
    changeSetting(org, 'Two', 'isNamedUserJwtEnabled', 'true');
    later = 9000;
    assert.deepEqual(await read(), []);
    assert.deepEqual(asked(), []);
    later = 10_000;
    assert.deepEqual(await read(), ['Two']);
    assert.deepEqual(asked(), [...lists, 'retrieve']);
  });

  it('use it for ten more seconds if lists show that nothing has changed', async () => {
    await read();
    later = 10_000;
    asked();
    await read();
    assert.deepEqual(asked(), lists);
    later = 19_000;
    await read();
    assert.deepEqual(asked(), []);
  });

  it('see changes of another wave of the run', async () => {
    await read();
    await Promise.all(['One', 'Two'].map((app) => reconcile(app, { isNamedUserJwtEnabled: true })));
    assert.deepEqual(await read(), ['One', 'Two']);
  });

  it('see changes that the run made through another alias', async () => {
    await read();
    await reconcile('Three', { isNamedUserJwtEnabled: true }, await reconcilerOf());
    assert.deepEqual(await read(), ['Three']);
  });

  it('see changes of a wave that could not read them again', async () => {
    await read();
    org.faults.add({ on: 'retrieve', do: { kind: 'status', status: 403 } });
    await assert.rejects(reconcile('Four', { isNamedUserJwtEnabled: true }));
    org.faults.clear();
    assert.deepEqual(await read(), ['Four']);
  });
});
