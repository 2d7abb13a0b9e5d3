import assert from 'node:assert/strict';
import sinon from 'sinon';
import { timeLeft } from '../../../../provider/src/org/callLimit.js';
import { SalesforceApiError, TransportError } from '../../../../provider/src/org/errors.js';
import type { TransportErrorKind } from '../../../../provider/src/org/errors.js';
import { isTransient, retryTransient } from '../../../../provider/src/org/retryTransient.js';

const transportError = (kind: TransportErrorKind): TransportError =>
  new TransportError('no answer', { kind, method: 'GET', target: 'host/path', mayHaveBeenSent: true });
const apiError = (code: string): SalesforceApiError => new SalesforceApiError('refused', code, 'retrieve');

describe('isTransient', () => {
  const table: [unknown, boolean][] = [
    ...(['refused', 'reset', 'timeout', 'truncated', 'dns'] as const).map((kind): [unknown, boolean] => [
      transportError(kind),
      true,
    ]),
    ...(['tooLarge', 'redirected', 'tls', 'aborted', 'other'] as const).map((kind): [unknown, boolean] => [
      transportError(kind),
      false,
    ]),
    ...['SERVER_UNAVAILABLE', 'UNABLE_TO_LOCK_ROW', 'ERROR_HTTP_429', 'ERROR_HTTP_500', 'ERROR_HTTP_503'].map(
      (code): [unknown, boolean] => [apiError(code), true],
    ),
    ...['INVALID_SESSION_ID', 'INSUFFICIENT_ACCESS', 'ERROR_HTTP_401'].map((code): [unknown, boolean] => [
      apiError(code),
      false,
    ]),
    [new Error('fetch failed'), false],
    ['reset', false],
  ];
  for (const [thrown, expected] of table) {
    const name =
      thrown instanceof TransportError
        ? thrown.kind
        : thrown instanceof SalesforceApiError
          ? thrown.errorCode
          : String(thrown);
    it(`is ${String(expected)} for ${name}`, () => {
      assert.equal(isTransient(thrown), expected);
    });
  }
});

describe('retryTransient', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  });
  afterEach(() => {
    sinon.restore();
  });

  /** Runs the timers until a request has ended. */
  async function run<T>(request: () => Promise<T>, limitMs = 120_000): Promise<PromiseSettledResult<T>> {
    const settled = Promise.allSettled([retryTransient(request, limitMs)]);
    await clock.tickAsync(15_000);
    return (await settled)[0];
  }

  it('returns the first response and sends one request', async () => {
    const request = sinon.stub().resolves('answer');
    assert.deepEqual(await run(request), { status: 'fulfilled', value: 'answer' });
    assert.equal(request.callCount, 1);
  });

  it('repeats a request after temporary faults', async () => {
    const request = sinon.stub();
    request.rejects(transportError('reset')).onThirdCall().resolves('answer');
    assert.deepEqual(await run(request), { status: 'fulfilled', value: 'answer' });
    assert.equal(request.callCount, 3);
  });

  it('gives up after three more tries, with the last fault as it is', async () => {
    const faults = [1, 2, 3, 4].map(() => transportError('timeout'));
    const request = sinon.stub();
    faults.forEach((fault, call) => request.onCall(call).rejects(fault));
    const result = await run(request);
    assert.equal(request.callCount, 4);
    assert(result.status === 'rejected');
    assert.equal(result.reason, faults[3]);
  });

  it('does not repeat a request after a permanent fault', async () => {
    const fault = apiError('INSUFFICIENT_ACCESS');
    const request = sinon.stub().rejects(fault);
    const result = await run(request);
    assert.equal(request.callCount, 1);
    assert(result.status === 'rejected');
    assert.equal(result.reason, fault);
  });

  for (const [random, expected] of [
    [0, [0, 250, 1_000, 3_250]],
    [1, [0, 500, 2_000, 6_000]],
  ] as const) {
    it(`waits longer each time, at random up to twice as long and 4 s: ${expected.join(', ')} ms`, async () => {
      sinon.stub(Math, 'random').returns(random);
      const times: number[] = [];
      await run(() => {
        times.push(performance.now());
        return Promise.reject(transportError('reset'));
      });
      assert.deepEqual(times, expected);
    });
  }

  it('waits for as long as the org asks', async () => {
    const request = sinon.stub();
    request.onFirstCall().rejects(new SalesforceApiError('later', 'ERROR_HTTP_429', 'retrieve', 429, 9_000));
    request.onSecondCall().resolves('answer');
    const end = retryTransient(request, 120_000);
    await clock.tickAsync(8_900);
    assert.equal(request.callCount, 1);
    await clock.tickAsync(200);
    assert.equal(await end, 'answer');
  });

  it('applies one limit to a request and its repeats: a request that used it up is not repeated', async () => {
    const fault = transportError('timeout');
    const request = sinon.stub().callsFake(async () => {
      // What drips ends with the time that is left.
      await new Promise((resolve) => setTimeout(resolve, timeLeft()));
      throw fault;
    });
    const result = await run(request, 10_000);
    assert.equal(request.callCount, 1);
    assert(result.status === 'rejected');
    assert.equal(result.reason, fault);
  });

  it('gives a repeat the rest of the limit, and starts none after it', async () => {
    const left: number[] = [];
    const request = async (): Promise<never> => {
      left.push(timeLeft());
      await new Promise((resolve) => setTimeout(resolve, 4_000));
      throw transportError('reset');
    };
    await run(request, 6_000);
    assert.equal(left.length, 2);
    assert.ok((left[1] ?? Infinity) < 2_000, `${String(left[1])} ms are left to the second`);
  });

  it('does not wait for longer than the limit when the org asks for it', async () => {
    const fault = new SalesforceApiError('later', 'ERROR_HTTP_429', 'retrieve', 429, 9_000);
    const request = sinon.stub().rejects(fault);
    const settled = Promise.allSettled([retryTransient(request, 8_000)]);
    await clock.tickAsync(0);
    assert.deepEqual(await settled, [{ status: 'rejected', reason: fault }]);
    assert.equal(request.callCount, 1);
  });

  it('gives a nested call no more time than the outer one has left', async () => {
    await run(
      () =>
        retryTransient(() => {
          assert.equal(timeLeft(), 5_000);
          return Promise.resolve();
        }, 60_000),
      5_000,
    ).then(({ status }) => {
      assert.equal(status, 'fulfilled');
    });
  });

  it('does not repeat at all when the org asks for more than a minute', async () => {
    const fault = new SalesforceApiError('tomorrow', 'ERROR_HTTP_503', 'retrieve', 503, 86_400_000);
    const request = sinon.stub().rejects(fault);
    const result = await run(request);
    assert.equal(request.callCount, 1);
    assert(result.status === 'rejected');
    assert.equal(result.reason, fault);
  });
});
