import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import { requestKinds } from '../support/arrivals.js';
import { unknownValue, type Bag } from '../support/dynamicProviderProcess.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { Stage } from '../support/stage.js';

describeForEachProgram('values that a preview does not know yet', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;

  before(async () => {
    stage = await Stage.open();
    org = stage.org;
  });
  beforeEach(() => {
    org.clearRequests();
  });
  afterEach(() => {
    assert.deepEqual(requestKinds(org), []);
  });
  after(() => stage.close());

  const known: Bag = {
    externalClientApplication: 'Agent_Gateway',
    isNamedUserJwtEnabled: true,
    namedUserJwtSessionTimeoutType: 'Custom',
    namedUserJwtTimeout: 30,
    guestJwtSessionTimeoutType: 'Custom',
    guestJwtTimeout: 5,
    allow: ['lockOut'],
  };
  const inputs = [...Object.keys(known), 'org'];
  const state: Bag = {
    ...known,
    managedFields: [
      'isNamedUserJwtEnabled',
      'namedUserJwtSessionTimeoutType',
      'namedUserJwtTimeout',
      'guestJwtSessionTimeoutType',
      'guestJwtTimeout',
    ],
  };

  for (const input of inputs) {
    it(`pass check unchanged: ${input}`, async () => {
      const news = { ...known, [input]: unknownValue };
      const { inputs: checked, failures } = await stage.check('unknown', news);
      assert.deepEqual(failures, []);
      assert.deepEqual(checked, news);
    });

    it(`are a change for diff: ${input}`, async () => {
      const replaces = input === 'externalClientApplication' ? [input] : [];
      assert.deepEqual(
        await stage.host.diff(`${org.organizationId}/Agent_Gateway`, state, {
          ...known,
          [input]: unknownValue,
        }),
        { changes: true, replaces, deleteBeforeReplace: false },
      );
    });
  }

  it('pass check and are a change, even inside a list', async () => {
    const news = { ...known, allow: ['lockOut', unknownValue] };
    const { inputs: checked, failures } = await stage.check('unknown', news);
    assert.deepEqual(failures, []);
    assert.deepEqual(checked, news);
    const difference = await stage.host.diff(`${org.organizationId}/Agent_Gateway`, state, news);
    assert.equal(difference.changes, true);
  });

  it('pass check all at once', async () => {
    const news = Object.fromEntries(inputs.map((input) => [input, unknownValue]));
    const { inputs: checked, failures } = await stage.check('all-unknown', news);
    assert.deepEqual(failures, []);
    assert.deepEqual(checked, news);
  });

  it('give a timeout its type', async () => {
    const { inputs: checked } = await stage.check('unknown-timeout', {
      externalClientApplication: 'portal',
      namedUserJwtTimeout: unknownValue,
    });
    assert.deepEqual(checked, {
      externalClientApplication: 'portal',
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: unknownValue,
    });
  });

  it('do not hide what is wrong with the known ones', async () => {
    const { failures } = await stage.check('half-wrong', {
      externalClientApplication: unknownValue,
      isNamedUserJwtEnabled: unknownValue,
      namedUserJwtTimeout: 7,
    });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ['namedUserJwtTimeout'],
    );
  });

  it('leave hidden inputs out of the comparison', async () => {
    assert.deepEqual(
      await stage.host.diff(`${org.organizationId}/Agent_Gateway`, state, { ...known, __urn: unknownValue }),
      { changes: false, replaces: [], deleteBeforeReplace: false },
    );
  });
});
