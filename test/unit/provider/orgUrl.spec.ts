import assert from 'node:assert/strict';
import { parseOrgUrl } from '../../../provider/src/salesforce/orgUrl.js';

describe('parseOrgUrl', () => {
  const table: [string, string | undefined][] = [
    [' https://acme.my.salesforce.com/lightning/setup?x=y ', 'https://acme.my.salesforce.com'],
    ['https://acme.my.salesforce.mil', 'https://acme.my.salesforce.mil'],
    ['https://acme.example.com:8443/', 'https://acme.example.com:8443'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1:1/', 'http://127.0.0.1:1'],
    ['http://[::1]:1', 'http://[::1]:1'],
    ['http://127.0.0.1.example.com', undefined],
    ['http://localhost.example.com', undefined],
    ['http://acme.my.salesforce.com', undefined],
    ['https://user@acme.my.salesforce.com', undefined],
    ['ws://127.0.0.1', undefined],
    ['acme', undefined],
    ['', undefined],
  ];
  for (const [text, origin] of table) {
    it(`takes ${JSON.stringify(text)} as ${origin ?? 'no address'}`, () => {
      assert.equal(parseOrgUrl(text), origin);
    });
  }
});
