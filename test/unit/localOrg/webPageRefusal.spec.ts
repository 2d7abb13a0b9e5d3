import assert from 'node:assert/strict';
import { webPageRefusal } from '../../../local-org/src/control/webPageRefusal.js';

describe('who may drive the local org', () => {
  for (const headers of [
    { host: '127.0.0.1:8080' },
    { host: '127.0.0.1' },
    { host: 'localhost:8080' },
    { host: 'LOCALHOST:8080' },
    { host: '[::1]:8080' },
    { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' },
  ]) {
    it(`takes a request with ${JSON.stringify(headers)}`, () => {
      assert.equal(webPageRefusal(headers), undefined);
    });
  }

  for (const host of [
    undefined,
    '',
    'attacker.example:8080',
    '127.0.0.1.attacker.example',
    'localhost.attacker.example:8080',
    '127.0.0.1@attacker.example',
    '127.0.0.1:8080, attacker.example',
    '0.0.0.0:8080',
  ]) {
    it(`refuses the host ${String(host)}`, () => {
      const found = host === undefined ? 'missing' : `'${host}'`;
      assert.equal(
        webPageRefusal({ host }),
        `The Host header is ${found}; the control API answers to 127.0.0.1 and localhost only.`,
      );
    });
  }

  for (const origin of [
    'https://attacker.example',
    'http://attacker.example:8080',
    'http://127.0.0.1:3000',
    'https://127.0.0.1:8080',
    'http://localhost:8080',
    'null',
    '',
  ]) {
    it(`refuses the origin '${origin}'`, () => {
      assert.equal(
        webPageRefusal({ host: '127.0.0.1:8080', origin }),
        `The Origin header is '${origin}'; the control API does not answer pages of other sites.`,
      );
    });
  }

  it('takes the own pages of an org that speaks https, and no others', () => {
    const host = '127.0.0.1:8080';
    assert.equal(webPageRefusal({ host, origin: `https://${host}` }, undefined, 'https'), undefined);
    assert.match(
      webPageRefusal({ host, origin: `http://${host}` }, undefined, 'https') ?? '',
      /The Origin header is/,
    );
  });
});
