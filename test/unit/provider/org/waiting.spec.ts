import assert from 'node:assert/strict';
import timers from 'node:timers/promises';
import fc from 'fast-check';
import sinon from 'sinon';
import { SalesforceApiError, TransportError } from '../../../../provider/src/org/errors.js';
import { timeToNextLook, followJob, WaitTimeoutError } from '../../../../provider/src/org/waiting.js';

describe('timeToNextLook', () => {
  const table = [
    [0, 150],
    [300, 300],
    [3000, 400],
    [6400, 400],
    [16_000, 1000],
    [80_000, 5000],
    [3_600_000, 5000],
  ] as const;
  for (const [elapsed, delay] of table) {
    it(`is ${delay} ms after ${elapsed} ms`, () => {
      assert.equal(timeToNextLook(elapsed), delay);
    });
  }

  /** Follows a job of an org that answers each look after some milliseconds: the number of looks, and the time that passes after its end. */
  function follow(duration: number, latency: number): { looks: number; late: number } {
    let now = 0;
    for (let looks = 1; ; looks += 1) {
      const start = now;
      now += latency;
      if (start >= duration) return { looks, late: now - duration };
      now = Math.max(start + timeToNextLook(start), now + 50);
    }
  }

  it('notices the end of a job within a tenth of its time, or half a second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_600_000 }), fc.nat({ max: 50 }), (duration, latency) => {
        // The look that came too early took its time, too.
        assert(follow(duration, latency).late <= Math.max(500, duration / 10) + latency);
      }),
    );
  });

  it('asks for the status at most 35 times for an app: two retrieves of 2 s and a deploy of 6 s', () => {
    for (const latency of [0, 20, 50, 100, 200]) {
      const looks = [2000, 6000, 2000].map((duration) => follow(duration, latency).looks);
      assert(looks.reduce((sum, count) => sum + count) <= 35, `${latency} ms: ${looks.join(' + ')}`);
    }
  });
});

describe('followJob', () => {
  let clock: sinon.SinonFakeTimers;
  let delays: number[];
  beforeEach(() => {
    delays = [];
    clock = sinon.useFakeTimers({ toFake: ['performance'] });
    sinon.stub(timers, 'setTimeout').callsFake((delay) => {
      delays.push(delay ?? 0);
      clock.tick(delay ?? 0);
      return Promise.resolve();
    });
  });
  afterEach(() => {
    sinon.restore();
  });

  const options = {
    timeoutMinutes: 1,
    org: 'org uat',
    job: 'deploy 0Af',
    code: 'ECA6001',
    beforeLook: () => undefined,
  } as const;

  it('looks at once, and does not wait when the job is done', async () => {
    assert.equal(await followJob(() => Promise.resolve('seen'), options), 'seen');
    assert.deepEqual(delays, []);
  });

  it('looks again after growing pauses, and reports before each look how long it has waited', async () => {
    const told: number[] = [];
    let looks = 0;
    await followJob(
      () => {
        looks += 1;
        return Promise.resolve(looks === 40 ? true : undefined);
      },
      {
        ...options,
        beforeLook: (elapsed) => {
          told.push(Math.round(elapsed));
        },
      },
    );
    assert.equal(delays.length, 39);
    assert.deepEqual(told.slice(0, 4), [0, 150, 300, 600]);
    assert.equal(told.length, 40);
    assert((delays.at(-1) ?? 0) > 400);
  });

  it('accepts a false or empty value', async () => {
    assert.equal(await followJob(() => Promise.resolve(false), options), false);
  });

  it('reports the org, the job, the limit and its setting when the limit is reached', async () => {
    await assert.rejects(
      followJob(() => Promise.resolve(undefined), options),
      (error) => {
        assert(error instanceof WaitTimeoutError);
        assert.equal(
          error.message,
          '[ECA6001] org uat: deploy 0Af timed out after 1 minutes (salesforce:timeoutMinutes)',
        );
        return true;
      },
    );
    assert(performance.now() > 60_000 && performance.now() <= 65_000);
  });

  it('starts the limit again with each phase', async () => {
    let phase = 'Pending';
    const end = followJob(
      () => {
        if (performance.now() > 50_000) {
          phase = 'InProgress';
        }
        return Promise.resolve(performance.now() > 100_000 ? 'seen' : undefined);
      },
      { ...options, phase: () => phase },
    );
    assert.equal(await end, 'seen');
  });

  it('names the phase in which the limit was reached', async () => {
    await assert.rejects(
      followJob(() => Promise.resolve(undefined), { ...options, phase: () => "in the org's queue" }),
      {
        message:
          "[ECA6001] org uat: deploy 0Af timed out after 1 minutes in the org's queue (salesforce:timeoutMinutes)",
      },
    );
  });

  const unavailable = (retryAfterMs?: number): SalesforceApiError =>
    new SalesforceApiError('HTTP 503.', 'ERROR_HTTP_503', 'checkDeployStatus', 503, retryAfterMs);
  const reset = new TransportError('GET org: reset', {
    kind: 'reset',
    method: 'GET',
    target: 'org',
    mayHaveBeenSent: true,
  });

  it('looks again after temporary failures, for as long as they last', async () => {
    let looks = 0;
    const look = (): Promise<string> => {
      looks += 1;
      return performance.now() > 50_000
        ? Promise.resolve('seen')
        : Promise.reject(looks % 2 === 0 ? unavailable() : reset);
    };
    assert.equal(await followJob(look, options), 'seen');
    assert.ok(Math.min(...delays) >= 250);
  });

  it('counts the time of a status request towards the time to the next one, except for a shortest pause', async () => {
    const told: number[] = [];
    let looks = 0;
    await followJob(
      () => {
        looks += 1;
        clock.tick(looks <= 8 ? 100 : 1000);
        return Promise.resolve(looks === 10 ? true : undefined);
      },
      {
        ...options,
        beforeLook: (elapsed) => {
          told.push(Math.round(elapsed));
        },
      },
    );
    assert.deepEqual(told, [0, 150, 300, 600, 1000, 1400, 1800, 2200, 2600, 3650]);
  });

  it('looks once more if one look took all the time', async () => {
    let looks = 0;
    const look = (): Promise<string> => {
      looks += 1;
      clock.tick(61_000);
      return looks === 2 ? Promise.resolve('seen') : Promise.reject(reset);
    };
    assert.equal(await followJob(look, options), 'seen');
  });

  it('waits as long as the org asks before it looks again', async () => {
    let looks = 0;
    const look = (): Promise<string> => {
      looks += 1;
      return looks > 1 ? Promise.resolve('seen') : Promise.reject(unavailable(40_000));
    };
    assert.equal(await followJob(look, options), 'seen');
    assert.deepEqual(delays, [40_000]);
  });

  it('ends at once if the org asks to wait beyond the limit', async () => {
    const failure = unavailable(61_000);
    await assert.rejects(
      followJob(() => Promise.reject(failure), options),
      failure,
    );
    assert.deepEqual(delays, []);
  });

  it('reports the last failure at the limit', async () => {
    await assert.rejects(
      followJob(() => Promise.reject(unavailable()), options),
      (error) => {
        assert(error instanceof WaitTimeoutError);
        assert.equal(
          error.message,
          '[ECA6003] org uat: deploy 0Af did not report its end within 1 minutes (salesforce:timeoutMinutes); the last status request ' +
            'failed: ERROR_HTTP_503: HTTP 503',
        );
        return true;
      },
    );
    assert(performance.now() > 60_000 && performance.now() <= 65_000);
  });

  it('passes on what a look throws', async () => {
    await assert.rejects(
      followJob(() => Promise.reject(new Error('refused')), options),
      { message: 'refused' },
    );
  });
});
