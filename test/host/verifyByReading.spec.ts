import assert from 'node:assert/strict';
import type { Fault, LocalOrg } from 'salesforce-local-org';
import { apiError, retrieveInProgress, soapAnswer } from '../support/apiAnswers.js';
import { changeSetting, settingsOf } from '../support/appSettings.js';
import { onArrival, requestKinds } from '../support/arrivals.js';
import type { Bag } from '../support/dynamicProviderProcess.js';
import { putApp } from '../support/localApps.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { accessToken, configuration, Stage } from '../support/stage.js';

/** A sign-in of its own for each test: what an org has not confirmed is remembered for the run. */
const aliases = Array.from({ length: 20 }, (_, index) => `run${index + 1}`);

const policies = 'ExtlClntAppOauthConfigurablePolicies';

describeForEachProgram('what a deploy wrote, in an org whose retrieves take time', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;
  let round = 0;
  let app: string;

  before(async () => {
    stage = await Stage.open({
      configuration: ([dev]) =>
        configuration({}, Object.fromEntries(aliases.map((alias) => [alias, accessToken(dev!)]))),
    });
    org = stage.org;
  });
  beforeEach(() => {
    org.faults.clear();
    takesTime();
    org.clearRequests();
    round += 1;
    app = `Written_${round}`;
    putApp(org, app);
  });
  after(() => stage.close());

  const lifetimes = (name = app): Bag => ({
    externalClientApplication: name,
    org: aliases[round - 1]!,
    namedUserJwtSessionTimeoutType: 'Custom',
    namedUserJwtTimeout: 30,
  });
  const wanted = (name = app): Bag => ({ ...lifetimes(name), isNamedUserJwtEnabled: true });
  /** The next retrieve is not done when it is first asked for. */
  const takesTime = (): void => {
    org.faults.add({ on: 'checkRetrieveStatus', times: 1, do: retrieveInProgress });
  };
  const reads = ['retrieve', 'readMetadata'];
  /** How the org was read, in order. */
  const asked = (): string[] => requestKinds(org).filter((kind) => reads.includes(kind));
  const assertWritten = (outs: Bag): void => {
    assert.deepEqual(
      [outs['isNamedUserJwtEnabled'], outs['namedUserJwtTimeout'], outs['tokenFormat']],
      [true, 30, 'jwt'],
    );
    assert.equal(settingsOf(org, app).isNamedUserJwtEnabled, 'true');
  };

  it('is confirmed without a second retrieve, by one request for each type', async () => {
    const { outs } = await stage.host.create(wanted());
    assertWritten(outs);
    assert.deepEqual(asked(), ['retrieve', 'readMetadata', 'readMetadata']);
  });

  it('is confirmed ten components of a type at a time', async () => {
    const apps = Array.from({ length: 11 }, (_, index) => `Eleven_${index + 1}`);
    for (const each of apps) putApp(org, each);
    await Promise.all(apps.map((each) => stage.host.create(wanted(each))));
    assert.deepEqual(asked(), ['retrieve', ...Array.from({ length: 4 }, () => 'readMetadata')]);
  });

  it('is retrieved if a value was removed', async () => {
    const { id, outs } = await stage.host.create(wanted());
    takesTime();
    org.clearRequests();
    await stage.host.delete(id, outs);
    assert.deepEqual(asked(), ['retrieve', 'retrieve']);
    assert.equal(settingsOf(org, app).namedUserJwtTimeout, undefined);
  });

  const refusals: readonly [name: string, fault: Fault][] = [
    ['refuses the request', { kind: 'status', status: 403 }],
    ['does not know the type', apiError(500, 'INVALID_TYPE', 'Unknown type name')('readMetadata')],
    ['answers with a page', { kind: 'malformed' }],
  ];
  for (const [name, fault] of refusals) {
    it(`is retrieved if the org ${name}, and readMetadata is not used again in the run`, async () => {
      org.faults.add({ on: 'readMetadata', do: fault });
      const { outs } = await stage.host.create(wanted());
      assertWritten(outs);
      assert.equal(asked().at(-1), 'retrieve');
      const other = `${app}_other`;
      putApp(org, other);
      takesTime();
      org.clearRequests();
      await stage.host.create(wanted(other));
      assert.deepEqual(asked(), ['retrieve', 'retrieve']);
    });
  }

  const answer = (elements: string): Fault => ({
    kind: 'status',
    status: 200,
    contentType: 'text/xml',
    body: soapAnswer('readMetadataResponse', elements),
  });
  const record = (elements: string): Fault =>
    answer(`<records xsi:type="${policies}"><fullName>${app}_oauthPlcy</fullName>${elements}</records>`);
  const doubtful: readonly [name: string, fault: () => Fault][] = [
    ['leaves an element out', () => record('<namedUserJwtTimeout>30</namedUserJwtTimeout>')],
    [
      'answers with the values of before the deploy',
      () =>
        record(
          '<namedUserJwtSessionTimeoutType>Custom</namedUserJwtSessionTimeoutType><namedUserJwtTimeout>15</namedUserJwtTimeout>',
        ),
    ],
    ['does not have the component', () => answer('<records xsi:nil="true"/>')],
    ['answers with nothing', () => answer('')],
  ];
  for (const [name, fault] of doubtful) {
    it(`is retrieved if the org ${name}`, async () => {
      org.faults.add({ on: 'readMetadata', do: fault() });
      const { outs } = await stage.host.create(lifetimes());
      assert.equal(outs['namedUserJwtTimeout'], 30);
      assert.deepEqual(asked(), ['retrieve', 'readMetadata', 'retrieve']);
    });
  }

  it('is an error if the org did not keep it, as a retrieve shows', async () => {
    onArrival(org, 'readMetadata', () => {
      changeSetting(org, app, 'namedUserJwtTimeout', '60');
    });
    await assert.rejects(
      stage.host.create(wanted()),
      /the org did not keep every value: namedUserJwtTimeout is 60 minutes, expected 30 minutes/,
    );
    assert.equal(asked().at(-1), 'retrieve');
  });

  it('is retrieved in an org whose retrieves are done at the first status request', async () => {
    const fast = await Stage.open({ configuration: ([dev]) => configuration(accessToken(dev!), {}) });
    try {
      putApp(fast.org, app);
      await fast.host.create({ externalClientApplication: app, isNamedUserJwtEnabled: true });
      assert.deepEqual(
        requestKinds(fast.org).filter((kind) => reads.includes(kind)),
        ['retrieve', 'retrieve'],
      );
    } finally {
      await fast.close();
    }
  });
});
