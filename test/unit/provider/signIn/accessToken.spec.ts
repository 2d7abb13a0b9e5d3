import assert from 'node:assert/strict';
import { inspectAccessToken } from '../../../../provider/src/signIn/accessToken.js';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('inspectAccessToken', () => {
  it('reads format, organization and app of a JWT-based token', () => {
    const header = { tnk: 'core/swe1/00D000000000062EAA', typ: 'JWT', alg: 'RS256' };
    assert.deepEqual(
      inspectAccessToken(`${encode(header)}.${encode({ client_id: 'consumer-key' })}.signature`),
      {
        format: 'jwt',
        organizationId: '00D000000000062EAA',
        consumerKey: 'consumer-key',
      },
    );
  });

  it('leaves out what a JWT-based token does not contain', () => {
    assert.deepEqual(inspectAccessToken(`${encode({ alg: 'RS256' })}.%%%.signature`), {
      format: 'jwt',
      organizationId: undefined,
      consumerKey: undefined,
    });
  });

  it('reads the organization of an opaque token', () => {
    assert.deepEqual(inspectAccessToken('00D000000000062!AQ.x_y'), {
      format: 'opaque',
      organizationId: '00D000000000062EAA',
      consumerKey: undefined,
    });
  });

  it('recognises an opaque token with two dots', () => {
    assert.equal(inspectAccessToken('00D000000000062!AQ.x.y').format, 'opaque');
  });

  for (const token of ['', 'a.b.c', '!!', `${encode('text')}.x.y`]) {
    it(`regards ${JSON.stringify(token)} as an opaque token of an unknown organization`, () => {
      assert.deepEqual(inspectAccessToken(token), {
        format: 'opaque',
        organizationId: undefined,
        consumerKey: undefined,
      });
    });
  }
});
