import assert from 'node:assert/strict';
import type { LocalOrg, RequestKind } from '../../../../local-org/src/index.js';
import { withOrg } from '../support/client.js';

const askForVersions = async (org: LocalOrg): Promise<void> => {
  const answer = await fetch(`${org.instanceUrl}/services/data`);
  assert.equal(answer.status, 200);
  await answer.body?.cancel();
};

describe('a listener for the requests of an org', () => {
  it('is called before the org acts, also for a request with a fault', () =>
    withOrg(async (org) => {
      const heard: [RequestKind, status: number | undefined, recorded: number][] = [];
      org.onRequest(({ kind, status }) => {
        heard.push([kind, status, org.requests.length]);
        // Met by this very request.
        if (heard.length === 1) org.faults.add({ on: kind, do: { kind: 'status', status: 503 } });
      });
      const answer = await fetch(`${org.instanceUrl}/services/data`);
      assert.equal(answer.status, 503);
      assert.deepEqual(heard, [['versions', undefined, 1]]);
    }));

  it('is no longer called once it has unsubscribed, even within a call; others still are', () =>
    withOrg(async (org) => {
      const heard: string[] = [];
      const stop = org.onRequest(() => {
        heard.push('once');
        stop();
      });
      const listener = (): void => {
        heard.push('each');
      };
      org.onRequest(listener);
      const stopSecond = org.onRequest(listener);
      await askForVersions(org);
      assert.deepEqual(heard.splice(0), ['once', 'each', 'each']);
      stopSecond();
      stopSecond();
      org.clearRequests();
      await askForVersions(org);
      assert.deepEqual(heard, ['each']);
    }));

  it('is not called for the control API', () =>
    withOrg(async (org) => {
      const heard: string[] = [];
      org.onRequest(({ path }) => heard.push(path));
      const answer = await fetch(`${org.instanceUrl}/local-org/requests`);
      assert.deepEqual(await answer.json(), []);
      assert.deepEqual(heard, []);
    }));
});
