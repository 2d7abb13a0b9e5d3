import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import { until } from '../../support/until.js';
import type { Client } from '../client.js';
import type { Operation, Scene } from '../operation.js';
import { changedPackage, isChanged, keepingTheApp, refusalOf } from './portal.js';

const group = 'by job id';

/** How long the deploys of the slow org run, by its clock. */
const deployMs = 10 * 60_000;
/** When the org begins to finalize them: the last tenth. */
const finalizingMs = 0.95 * deployMs;

/** What is done with a deploy that was sent before. */
export const jobOperations: readonly Operation[] = [
  {
    name: 'report',
    group,
    label: 'report',
    compares: 'The client shows `Pending` while another deploy blocks the queue, and `Succeeded` afterwards.',
    check: ({ org, client, apiVersion }) =>
      behindAnotherDeploy(org, async (release) => {
        const id = await client.start(changedPackage(org, apiVersion));
        assert.equal((await client.report(id)).status, 'Pending');
        assert.equal(isChanged(org), false, 'the org has changed');
        release();
        assert.equal((await client.report(id)).status, 'Succeeded');
        assert.equal(isChanged(org), true, 'the change is not in the org');
      }),
  },
  {
    name: 'resume',
    group,
    label: 'resume',
    compares:
      'The client waits for a deploy that another process of the client has sent, and shows `Succeeded`.',
    check: ({ org, client, apiVersion }) =>
      behindAnotherDeploy(org, async (release) => {
        const id = await client.start(changedPackage(org, apiVersion));
        org.clearRequests();
        const resumed = client.resume(id);
        await whenPolled(org, resumed);
        release();
        assert.equal((await resumed).status, 'Succeeded');
        assert.equal(isChanged(org), true, 'the change is not in the org');
      }),
  },
  {
    name: 'cancel',
    group,
    label: 'cancel',
    compares: 'The client shows `Canceled`, and nothing has changed.',
    check: ({ org, client, apiVersion }) =>
      behindAnotherDeploy(org, async (release) => {
        const id = await client.start(changedPackage(org, apiVersion));
        assert.equal((await client.cancel(id)).status, 'Canceled');
        assert.equal(org.deploys.at(-1)?.status, 'Canceled');
        release();
        assert.equal(isChanged(org), false, 'the org has changed');
      }),
  },
  {
    name: 'resumeFinalizing',
    group,
    label: 'resume a deploy that is being finalized, 66.0',
    compares: 'While it waits for such a deploy, the client shows the status `Finalizing`, then `Succeeded`.',
    check: async (scene) => {
      const { org, client, id } = await startFinalizing(scene);
      org.clearRequests();
      const resumed = client.resume(id);
      await whenPolled(org, resumed);
      org.advanceClock(deployMs);
      const { status, statuses } = await resumed;
      assert.equal(status, 'Succeeded');
      assert.ok(statuses.includes('Finalizing'), `the client showed ${statuses.join(', ')}`);
    },
  },
  {
    name: 'cancelFinalizing',
    group,
    label: 'refused: cancel a deploy that is being finalized, 66.0',
    compares: 'The client says that the deploy cannot be cancelled, and the deploy continues.',
    check: async (scene) => {
      const { org, client, id } = await startFinalizing(scene);
      assert.match(await refusalOf(client.cancel(id)), /cancel/i);
      org.advanceClock(deployMs);
      assert.equal(org.deploys.at(-1)?.status, 'Succeeded');
    },
  },
];

/** Another deploy blocks the org's queue until it is released; the app is restored afterwards. */
function behindAnotherDeploy(org: LocalOrg, check: (release: () => void) => Promise<void>): Promise<void> {
  return keepingTheApp(org, async () => {
    const release = org.faults.occupyDeploys();
    try {
      await check(release);
    } finally {
      release();
    }
  });
}

/** A deploy that its org is about to commit: from 65.0 on it is then being finalized. */
async function startFinalizing(scene: Scene): Promise<{ org: LocalOrg; client: Client; id: string }> {
  const org = await scene.startOrg(deployMs);
  const apiVersion = '66.0';
  const client = await scene.open({ org, accessToken: org.accessToken, apiVersion });
  const id = await client.start(changedPackage(org, apiVersion));
  org.advanceClock(finalizingMs);
  return { org, client, id };
}

/** Resolves when a client has got the status of a deploy a number of times, or has ended. */
async function whenPolled(org: LocalOrg, client: Promise<unknown>): Promise<void> {
  let hasEnded = false;
  const ended = (): void => {
    hasEnded = true;
  };
  client.then(ended, ended);
  await until(
    'the client asks for the status',
    () =>
      hasEnded ||
      org.requests.filter(({ kind, bytesOut }) => kind === 'checkDeployStatus' && bytesOut > 0).length >= 3,
  );
}
