import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import type { LocalOrg } from 'salesforce-local-org';
import { componentNamesOf, componentXml, putApp } from '../support/localApps.js';
import type { Bag } from '../support/dynamicProviderProcess.js';
import { ProviderCallError } from '../support/providerCallError.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { accessToken, configuration, jwtBearer, Stage } from '../support/stage.js';

const pem = (bits: number): string =>
  generateKeyPairSync('rsa', {
    modulusLength: bits,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;

/** Texts that no key, token or secret of another kind can be mistaken for. */
const marks = {
  consumerSecret: 'CONSUMERSECRETOFTHEAPP0123456789',
  certificate: 'CERTIFICATEOFTHEAPP0123456789',
  notAKey: 'this-is-not-a-key-but-a-secret-all-the-same',
  session: 'SESSIONSECRET.0123456789',
};

describeForEachProgram('secrets', function (program) {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;
  let secrets: string[];
  /** Everything that calls returned or threw. */
  let answers: string;

  before(async () => {
    const otherKey = pem(2048);
    const shortKey = pem(1024);
    const otherToken = (of: LocalOrg): string => `${of.organizationId.slice(0, 15)}!${marks.session}`;
    stage = await Stage.open({
      configuration: ([dev]) =>
        configuration(jwtBearer(dev!), {
          token: accessToken(dev!),
          otherKey: { ...jwtBearer(dev!), privateKey: otherKey },
          shortKey: { ...jwtBearer(dev!), privateKey: shortKey },
          cutKey: { ...jwtBearer(dev!), privateKey: otherKey.slice(0, 900) },
          noKey: { ...jwtBearer(dev!), privateKey: marks.notAKey },
          expired: { instanceUrl: dev!.instanceUrl, accessToken: otherToken(dev!) },
          brokenToken: { instanceUrl: dev!.instanceUrl, accessToken: `${otherToken(dev!)}\nsecond line` },
          inAddress: {
            ...accessToken(dev!),
            instanceUrl: `https://user:${marks.session}@example.com/?sid=${marks.session}`,
          },
          both: { ...jwtBearer(dev!), ...accessToken(dev!) },
        }),
    });
    org = stage.org;
    const keyLines = [org.privateKey, otherKey, shortKey].flatMap((key) =>
      key.split('\n').filter((line) => line !== '' && !line.startsWith('-----')),
    );
    // The first line of every key of one size is the same: the header of the format.
    const ownLines = keyLines.filter((line) => line.length > 20 && !line.startsWith('MII'));
    secrets = [
      ...ownLines,
      ...org.users.map(({ accessToken: token }) => token.split('!')[1] ?? token),
      ...Object.values(marks),
    ];
    assert.ok(ownLines.length > 40);
  });
  beforeEach(() => {
    org.faults.clear();
    answers = '';
  });
  afterEach(() => {
    const said = JSON.stringify([answers, stage.host.output, stage.host.logs]);
    for (const secret of secrets) {
      assert.ok(!said.includes(secret), `a secret was told: ${secret.slice(0, 10)}… in ${said}`);
    }
  });
  after(() => stage.close());

  const jwtOn = (app: string, alias?: string): Bag => ({
    externalClientApplication: app,
    isNamedUserJwtEnabled: true,
    ...(alias === undefined ? {} : { org: alias }),
  });

  function putSecretApp(app: string): void {
    putApp(org, app, {
      globalSettings: { consumerSecret: marks.consumerSecret, certificate: marks.certificate },
    });
  }

  /** Keeps what a call returns, or what it throws with everything in it; tells whether it succeeded. */
  async function heard(call: Promise<unknown>): Promise<boolean> {
    try {
      answers += JSON.stringify((await call) ?? {});
      return true;
    } catch (error) {
      assert.ok(error instanceof ProviderCallError, String(error));
      answers += JSON.stringify([error.message, error.initFailure]);
      return false;
    }
  }

  it('are in no response during the lifecycle of a resource', async () => {
    putSecretApp('Secretive');
    const { id, inputs, outs } = await stage.create('secretive', jwtOn('Secretive'));
    await heard(Promise.resolve({ id, inputs, outs }));
    await heard(stage.host.read(id, outs));
    await heard(stage.host.update(id, outs, { ...inputs, isNamedUserJwtEnabled: false }));
    await heard(stage.host.delete(id, outs));
  });

  for (const alias of ['otherKey', 'expired']) {
    it(`are in no message of a refused sign-in: ${alias}`, async () => {
      assert.equal(await heard(stage.host.create(jwtOn('Agent_Gateway', alias))), false);
    });
  }

  for (const alias of ['shortKey', 'cutKey', 'noKey', 'brokenToken', 'inAddress', 'both']) {
    it(`are in no message about an invalid setting: ${alias}`, async () => {
      const checked = await stage.check('refused', jwtOn('Agent_Gateway', alias));
      assert.equal(checked.failures.length, 1);
      answers += JSON.stringify(checked);
      assert.equal(await heard(stage.host.create(jwtOn('Agent_Gateway', alias))), false);
    });
  }

  it('are in no message that quotes the org, even if it repeats the token', async () => {
    putSecretApp('Echoing');
    const { accessToken: token } = accessToken(org);
    org.faults.failComponent('Echoing', `The session ${token ?? ''} may not do this`);
    assert.equal(await heard(stage.host.create(jwtOn('Echoing', 'token'))), false);
    assert.match(answers, /may not do this/);
  });

  it('are in no message about a response that repeats the request', async () => {
    const { accessToken: token } = accessToken(org);
    org.faults.add({
      on: 'retrieve',
      do: { kind: 'status', status: 403, body: `Authorization: Bearer ${token ?? ''} is not allowed here` },
    });
    assert.equal(await heard(stage.host.create(jwtOn('Agent_Gateway', 'token'))), false);
    assert.match(answers, /403/);
  });

  it('are in no error that contains the resource', async () => {
    putSecretApp('Half_Done');
    org.faults.add({ on: 'retrieve', skip: 1, do: { kind: 'sessionExpired' } });
    assert.equal(await heard(stage.host.create(jwtOn('Half_Done', 'token'))), false);
    assert.match(answers, program === 'dynamic' ? /Half_Done.*__provider/ : /Half_Done.*valuesFound/);
  });

  it('are in no message about a file that cannot be patched', async () => {
    putSecretApp('Odd');
    const { globalSettings } = componentNamesOf('Odd');
    const xml = componentXml('ExtlClntAppGlobalOauthSettings', {
      certificate: marks.certificate,
      consumerSecret: marks.consumerSecret,
      externalClientApplication: 'Odd',
      isNamedUserJwtEnabled: `<inner>${marks.consumerSecret}</inner>`,
    });
    org.putComponent('ExtlClntAppGlobalOauthSettings', globalSettings, xml);
    assert.equal(await heard(stage.host.create(jwtOn('Odd'))), false);
  });
});
