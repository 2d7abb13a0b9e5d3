import assert from 'node:assert/strict';
import { inspectToken } from '../../../../../provider/src/reports/token/inspectedToken.js';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (claims: unknown): string => `${encode({ alg: 'RS256' })}.${encode(claims)}.signature`;

describe('what a token contains', () => {
  it('is read without trusting it', () => {
    assert.deepEqual(inspectToken(token({ iat: 1_700_000_000, exp: 1_700_001_800 })), {
      format: 'jwt',
      organizationId: undefined,
      header: { alg: 'RS256' },
      claims: { iat: 1_700_000_000, exp: 1_700_001_800 },
      issuedAt: '2023-11-14T22:13:20.000Z',
      expiresAt: '2023-11-14T22:43:20.000Z',
      lifetimeMinutes: 30,
    });
  });

  for (const claims of [{ iat: '1', exp: null }, { iat: 1e300, exp: -1e300 }, [], 'text', {}]) {
    it(`leaves out what makes no sense: ${JSON.stringify(claims)}`, () => {
      const { format, issuedAt, expiresAt, lifetimeMinutes } = inspectToken(token(claims));
      assert.deepEqual(
        [format, issuedAt, expiresAt, lifetimeMinutes],
        ['jwt', undefined, undefined, undefined],
      );
    });
  }

  it('is only the organization for an opaque one', () => {
    assert.deepEqual(inspectToken('00D000000000062!AQ.x_y'), {
      format: 'opaque',
      organizationId: '00D000000000062EAA',
      header: undefined,
      claims: undefined,
      issuedAt: undefined,
      expiresAt: undefined,
      lifetimeMinutes: undefined,
    });
  });
});
