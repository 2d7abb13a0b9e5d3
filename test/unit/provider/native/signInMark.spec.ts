import assert from 'node:assert/strict';
import { ConfiguredProvider } from '../../../../provider/src/native/configuredProvider.js';
import { markIn, ownSignIn, type OwnSignIn } from '../../../../provider/src/native/signInMark.js';
import { EngineAddress } from '../../../../provider/src/run/engine/engineAddress.js';
import { withoutSalesforceEnvironment } from '../support/freshProvider.js';

const organizationId = '00D000000000062EAA';
const url = 'https://acme.my.salesforce.com';
const jwtBearer = { instanceUrl: url, clientId: 'app', username: 'deploy@acme.com', privateKey: 'a key' };

describe('the mark of a sign-in', () => {
  let restore: () => void;
  before(() => {
    restore = withoutSalesforceEnvironment();
  });
  after(() => {
    restore();
  });

  const signInOf = (settings: Readonly<Record<string, string>>, name = 'default'): OwnSignIn => {
    const provider = new ConfiguredProvider(new EngineAddress(''), name);
    provider.run.configure({ config: { get: (key) => settings[key.replace('salesforce:', '')] } });
    return ownSignIn(provider, undefined);
  };

  it('names the provider, and stays the same when a credential is renewed', () => {
    const { mark } = signInOf(jwtBearer, 'uat');
    assert.equal(mark.provider, 'uat');
    assert.deepEqual(signInOf({ ...jwtBearer, privateKey: 'another key' }, 'uat').mark, mark);
    const token = { instanceUrl: url, accessToken: `${organizationId.slice(0, 15)}!old` };
    assert.deepEqual(
      signInOf({ ...token, accessToken: `${organizationId.slice(0, 15)}!new` }).mark,
      signInOf(token).mark,
    );
  });

  for (const [what, change] of [
    ['address', { instanceUrl: 'https://other.my.salesforce.com' }],
    ['user', { username: 'other@acme.com' }],
    ['app', { clientId: 'another app' }],
  ] as const) {
    it(`differs for another ${what}`, () => {
      assert.notEqual(signInOf({ ...jwtBearer, ...change }).mark.account, signInOf(jwtBearer).mark.account);
    });
  }

  it('contains no credential and no user name', () => {
    assert.match(signInOf(jwtBearer).mark.account, /^[0-9a-f]{16}$/);
  });

  it('comes with the organization if an access token shows it', () => {
    const accessToken = `${organizationId.slice(0, 15)}!token`;
    assert.equal(signInOf({ instanceUrl: url, accessToken }).organizationId, organizationId);
    assert.equal(signInOf(jwtBearer).organizationId, undefined);
  });

  it('is read from outputs that have one', () => {
    const mark = { provider: 'default', account: '0123456789abcdef' };
    assert.deepEqual(markIn({ __signIn: { ...mark, more: true } }), mark);
    for (const none of [undefined, null, 'text', {}, { provider: 'default' }, { ...mark, account: 1 }])
      assert.equal(markIn({ __signIn: none }), undefined);
  });
});
