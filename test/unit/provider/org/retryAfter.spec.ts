import assert from 'node:assert/strict';
import sinon from 'sinon';
import { SalesforceApiError } from '../../../../provider/src/org/errors.js';
import { salesforceErrorOf } from '../../../../provider/src/org/salesforceFailure.js';

const now = new Date('2026-01-02T03:04:05Z');

describe('the Retry-After of a refused request', () => {
  beforeEach(() => {
    sinon.useFakeTimers({ now, toFake: ['Date'] });
  });
  afterEach(() => {
    sinon.restore();
  });

  const table: [string, string | undefined, number | undefined][] = [
    ['a number of seconds', '7', 7_000],
    ['a date to come', 'Fri, 02 Jan 2026 03:04:15 GMT', 10_000],
    ['a date that has passed', 'Fri, 02 Jan 2026 03:04:00 GMT', 0],
    ['nothing', undefined, undefined],
    ['something else', 'soon', undefined],
  ];
  for (const [what, header, expected] of table) {
    it(`is read from ${what}`, () => {
      const error = salesforceErrorOf(new Error('refused'), {
        operation: 'retrieve',
        secrets: [],
        response: {
          statusCode: 429,
          headers: header === undefined ? {} : { 'retry-after': header },
          body: '',
        },
      });
      assert(error instanceof SalesforceApiError);
      assert.equal(error.errorCode, 'ERROR_HTTP_429');
      assert.equal(error.retryAfterMs, expected);
    });
  }
});
