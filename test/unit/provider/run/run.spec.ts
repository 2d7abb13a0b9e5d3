import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sinon from 'sinon';
import { register } from 'tsx/esm/api';
import { formatOutputs } from '../../../../provider/src/resourceState.js';
import { freshProvider, withoutSalesforceEnvironment } from '../support/freshProvider.js';

const organizationId = '00D000000000062EAA';
const jwtOn = { externalClientApplication: 'portal', isNamedUserJwtEnabled: true };

/** A stack whose alias `uat` leads to the organization of an access token. */
const configurationFor = (token: string): Record<string, unknown> => ({
  'salesforce:orgs': {
    uat: { instanceUrl: 'https://acme.my.salesforce.com', accessToken: token, apiVersion: '66.0' },
  },
});
const here = configurationFor('00D000000000062!AQ.secret');
const elsewhere = configurationFor('00D000000000063!AQ.secret');

const declared = (name: string): Record<string, unknown> => ({
  ...jwtOn,
  org: 'uat',
  __dryRun: false,
  __urn: `urn:pulumi:dev::project::type::${name}`,
});

describe('two runs in one process', () => {
  let restoreEnvironment: () => void;
  let log: sinon.SinonStub;
  // The provider loads what talks to an org when it is needed.
  let unregister: () => Promise<void>;
  before(() => {
    unregister = register();
  });
  after(() => unregister());
  beforeEach(() => {
    restoreEnvironment = withoutSalesforceEnvironment();
    log = sinon.stub(console, 'log');
  });
  afterEach(() => {
    sinon.restore();
    restoreEnvironment();
  });

  it('do not see each other’s declarations', async () => {
    const [first, second] = [freshProvider(here), freshProvider(here)];
    await first.check({}, declared('one'));
    assert.equal((await first.check({}, declared('two'))).failures.length, 1);
    assert.deepEqual((await second.check({}, declared('two'))).failures, []);
  });

  it('each warn once about a key file that others can read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'run-'));
    try {
      const path = join(folder, 'server.key');
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }));
      chmodSync(path, 0o644);
      const jwtBearer = {
        'salesforce:orgs': {
          uat: {
            instanceUrl: 'https://acme.my.salesforce.com',
            clientId: 'a',
            username: 'b',
            privateKey: path,
          },
        },
      };
      const [first, second] = [freshProvider(jwtBearer), freshProvider(jwtBearer)];
      for (const provider of [first, second, first, second]) {
        await provider.check({}, { ...declared('one'), isNamedUserJwtEnabled: false });
      }
      const warning =
        '[ECA1103] salesforce:orgs.uat.privateKey is a file that other users of this machine can read or change. Restrict it to its ' +
        'owner (chmod 600)';
      assert.deepEqual(log.args, [[warning], [warning]]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('each sign in with the configuration that they got', async () => {
    const outputs = formatOutputs({
      inputs: { app: 'portal', org: 'before', settings: { isNamedUserJwtEnabled: true }, allow: [] },
      organizationId,
      apiVersion: 66,
      observed: { live: { isNamedUserJwtEnabled: true }, names: {}, tokenFormat: 'jwt' },
      valuesFound: {},
    });
    const [first, second] = [freshProvider(here), freshProvider(elsewhere)];
    const diffOf = (provider: typeof first): ReturnType<typeof first.diff> =>
      provider.diff(`${organizationId}/portal`, outputs, { ...jwtOn, org: 'uat' });
    assert.deepEqual(await Promise.all([first, second, first].map(diffOf)), [
      { changes: true },
      { changes: true, replaces: ['org'] },
      { changes: true },
    ]);
  });
});
