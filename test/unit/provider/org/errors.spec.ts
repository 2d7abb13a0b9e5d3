import assert from 'node:assert/strict';
import { redactSecrets } from '../../../../provider/src/org/errors.js';

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('redactSecrets', () => {
  const jwt = `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url({ sub: 'uid:005' })}.c2lnbmF0dXJl`;
  const table: [string, string, string][] = [
    ['an opaque access token', 'Bearer 00D000000000062!AQ.x_y-z is bad', 'Bearer [access token] is bad'],
    [
      'an access token in markup',
      '<sessionId>00D000000000062EAA!AQ.x</sessionId>',
      '<sessionId>[access token]</sessionId>',
    ],
    ['a percent-encoded access token', 'token=00D000000000062%21AQ.x&a=b', 'token=[access token]&a=b'],
    ['a JSON Web Token', `assertion=${jwt}&x`, 'assertion=[JSON Web Token]&x'],
    [
      'a private key',
      'key -----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY----- end',
      'key [private key] end',
    ],
    ['the start of a private key', '-----BEGIN RSA PRIVATE KEY-----\nabc', '[private key]'],
    ['a known secret, wherever it stands', 'a tok-123 b tok-123', 'a [secret] b [secret]'],
  ];
  for (const [what, text, redacted] of table) {
    it(`removes ${what}`, () => {
      assert.equal(redactSecrets(text, ['tok-123', '']), redacted);
    });
  }

  it('keeps a message that names the first line of a key', () => {
    for (const text of [
      'expected it to start with -----BEGIN PRIVATE KEY-----',
      'expected it to start with -----BEGIN PRIVATE KEY----- (external client app "a"). Repeat',
      'it begins with -----BEGIN RSA PRIVATE KEY-----, in lines of their own',
    ]) {
      assert.equal(redactSecrets(text), text);
    }
  });

  it('removes a private key however its lines are separated', () => {
    for (const separator of ['\n', '\r\n', '\\n', ' ', '']) {
      const key = ['-----BEGIN PRIVATE KEY-----', 'MIIEvQIBADANBgkq', 'x==', '-----END PRIVATE KEY-----'];
      assert.equal(redactSecrets(`a ${key.join(separator)} b`), 'a [private key] b', separator);
    }
  });

  it('keeps ids, hosts and names', () => {
    const text =
      '00D000000000062EAA on everyday.example-company.my.salesforce.com: Entity of type T named ns__N';
    assert.equal(redactSecrets(text), text);
  });
});
