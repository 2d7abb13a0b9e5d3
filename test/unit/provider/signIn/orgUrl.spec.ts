import assert from 'node:assert/strict';
import {
  isOwnAddress,
  isSalesforceHost,
  isSameOrigin,
  parseOrgUrl,
} from '../../../../provider/src/signIn/orgUrl.js';

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
    it(`parses ${JSON.stringify(text)} as ${origin ?? 'invalid'}`, () => {
      assert.equal(parseOrgUrl(text), origin);
    });
  }
});

describe('isSalesforceHost', () => {
  for (const host of [
    'login.salesforce.com',
    'acme--uat.sandbox.my.salesforce.com',
    'acme.my.salesforce.mil',
    'acme.my.sfcrmproducts.cn',
    'acme.my.site.com',
    'acme.secure.force.com',
  ]) {
    it(`accepts ${host}`, () => {
      assert.equal(isSalesforceHost(host), true);
    });
  }
  for (const host of [
    'evilsalesforce.com',
    'acme.my.salesforce.com.example.com',
    'acme.my.salesforce.com.',
    'site.com',
    'acme.site.com',
    'acme.my.salesforce-sites.com',
    '127.0.0.1',
  ]) {
    it(`rejects ${host}`, () => {
      assert.equal(isSalesforceHost(host), false);
    });
  }
});

describe('isSameOrigin', () => {
  const table: [string, string, boolean][] = [
    ['https://acme.my.salesforce.com', 'https://ACME.my.salesforce.com:443/', true],
    ['http://localhost:8080', 'http://127.0.0.1:8080', true],
    ['http://[::1]:8080', 'http://127.0.0.1:8080', true],
    ['http://localhost:8080', 'http://127.0.0.1:8081', false],
    ['http://localhost:8080', 'https://localhost:8080', false],
    ['https://acme.my.salesforce.com', 'https://acme--uat.sandbox.my.salesforce.com', false],
  ];
  for (const [one, other, expected] of table) {
    it(`regards ${one} and ${other} as ${expected ? 'the same' : 'different'}`, () => {
      assert.equal(isSameOrigin(one, other), expected);
    });
  }
});

describe('isOwnAddress', () => {
  const table: [string, boolean][] = [
    ['https://acme.my.salesforce.com', true],
    ['https://acme--uat.sandbox.my.salesforce.com', true],
    ['https://acme.my.salesforce.mil', true],
    ['https://acme.my.sfcrmproducts.cn', true],
    ['http://localhost:8080', true],
    ['https://login.salesforce.com', false],
    ['https://test.salesforce.com', false],
    ['https://acme.my.site.com', false],
    ['https://partners.example.com', false],
  ];
  for (const [url, expected] of table) {
    it(`says ${String(expected)} for ${url}`, () => {
      assert.equal(isOwnAddress(url), expected);
    });
  }
});
