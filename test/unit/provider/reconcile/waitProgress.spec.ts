import assert from 'node:assert/strict';
import { useFakeTimers, type SinonFakeTimers } from 'sinon';
import type { ReconcileRequest } from '../../../../provider/src/reconcile/request.js';
import { withProgress } from '../../../../provider/src/reconcile/waitProgress.js';

describe('withProgress', () => {
  let clock: SinonFakeTimers;
  let said: string[];

  beforeEach(() => {
    clock = useFakeTimers({ toFake: ['performance'] });
    said = [];
  });
  afterEach(() => {
    clock.restore();
  });

  const request = (): ReconcileRequest => ({
    app: 'portal',
    fields: [],
    wanted: {},
    knownNames: undefined,
    allow: [],
    log: {
      progress: (message) => said.push(message),
      inform: () => assert.fail(),
      warn: () => assert.fail(),
    },
  });

  it('reports the end of the wait, because Pulumi shows the last message until the run ends', async () => {
    await withProgress([request(), request()], (onWait) => {
      clock.tick(4000);
      onWait('deploy 1 InProgress', 4000);
      clock.tick(2000);
      return Promise.resolve();
    });
    assert.deepEqual(said, ['deploy 1 InProgress (4 s, for 2 resources)', 'waited 6 s for the org']);
  });

  it('reports it even if the work fails', async () => {
    await assert.rejects(
      withProgress([request()], (onWait) => {
        onWait('deploy 1 InProgress', 4000);
        return Promise.reject(new Error('lost'));
      }),
      /lost/,
    );
    assert.deepEqual(said, ['deploy 1 InProgress (4 s)', 'waited 0 s for the org']);
  });

  it('reports nothing for a short wait', async () => {
    await withProgress([request()], (onWait) => {
      onWait('deploy 1 InProgress', 2999);
      return Promise.resolve();
    });
    assert.deepEqual(said, []);
  });
});
