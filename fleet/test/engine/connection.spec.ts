import assert from 'node:assert/strict';
import { ServiceError } from '@temporalio/client';
import { inWords, noAnswer } from '../../src/engine/connection.js';

/** An error as gRPC's client throws it. */
const grpcError = (code: number, details: string): Error =>
  Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: {} });

describe('a failure of the server', () => {
  for (const [what, code, details, message] of [
    [
      'that is gone',
      14,
      'connect ECONNREFUSED',
      'the Temporal server at host:1 does not answer any more (connect ECONNREFUSED): what it has begun goes on when it is back',
    ],
    [
      'that refuses',
      7,
      'Request unauthorized',
      'Failed to describe: the Temporal server at host:1 says: Request unauthorized',
    ],
  ] as const) {
    it(`${what} is reported with its reason`, () => {
      const thrown = new ServiceError('Failed to describe', { cause: grpcError(code, details) });
      const told = inWords(thrown, 'host:1');
      assert.ok(told instanceof Error);
      assert.equal(told.message, message);
    });
  }

  it('that a worker cannot reach is reported without the words of the native core', () => {
    const core =
      'Failed to connect: tonic::transport::Error(Transport, ConnectError(Os { code: 111, kind: ConnectionRefused, message: "Connection refused" }))';
    assert.equal(
      noAnswer(new Error(core), 'host:1').message,
      'the Temporal server at host:1 does not answer (Connection refused): start one with "eca-fleet dev", or set TEMPORAL_ADDRESS',
    );
  });

  it('is not made of any other error', () => {
    const thrown = new Error('no roll-out');
    assert.equal(inWords(thrown, 'host:1'), thrown);
  });
});
