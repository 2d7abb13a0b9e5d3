import assert from 'node:assert/strict';
import {
  changedArguments,
  checkArguments,
  chooseSettings,
  describeUnknown,
  isDefaultProvider,
  secretArguments,
} from '../../../../provider/src/native/providerConfiguration.js';
import { unknownValue } from '../../../../provider/src/policy/fields.js';

describe('the settings of a native provider', () => {
  const args = { clientId: 'of the last up' };
  const today = JSON.stringify({ clientId: 'of today' });

  it('are the current ones, all of them, for the default provider', () => {
    for (const name of ['default', 'default_0_1_0'])
      assert.deepEqual(chooseSettings({ ...args, username: 'gone' }, name, today), {
        settings: { clientId: 'of today' },
        origin: 'today',
      });
  });

  it('are its arguments for an explicit provider', () => {
    for (const name of ['uat', 'defaults', 'my-default'])
      assert.deepEqual(chooseSettings(args, name, today), { settings: args, origin: 'explicitProvider' });
  });

  for (const unreadable of [undefined, '', '{}', 'null', '[]', '"text"', '{"clientId":']) {
    it(`are its arguments if the engine passes no current ones: ${String(unreadable)}`, () => {
      assert.deepEqual(chooseSettings(args, 'default', unreadable), { settings: args, origin: 'run' });
    });
  }

  it('are known by name, apart from options of the engine', () => {
    assert.deepEqual(
      checkArguments({ clientId: 'x', orgs: {}, version: '0.1.0', pluginDownloadURL: 'x' }, 'uat'),
      [],
    );
    for (const [name, reason] of [
      [
        'default',
        '[ECA1020] salesforce-eca:clientID is not a setting. Did you mean salesforce-eca:clientId?',
      ],
      ['uat', '[ECA1020] clientID is not a setting. Did you mean clientId?'],
    ] as const)
      assert.deepEqual(checkArguments({ clientID: 'x' }, name), [{ property: 'clientID', reason }]);
  });

  it('are secrets if they contain a credential', () => {
    assert.deepEqual([...secretArguments].sort(), [
      'accessToken',
      'clientSecret',
      'orgs',
      'privateKey',
      'sfdxAuthUrl',
    ]);
  });

  it('may be unknown in a preview, at any depth', () => {
    assert.equal(describeUnknown({ clientId: 'x' }), undefined);
    assert.match(describeUnknown({ clientId: unknownValue }) ?? '', /^clientId is not known yet/);
    assert.match(
      describeUnknown({ clientId: unknownValue, orgs: { uat: { accessToken: unknownValue } } }) ?? '',
      /^clientId, orgs are not known yet/,
    );
  });

  it('have changed if they differ, are gone, are new, or are not known yet', () => {
    const olds = { clientId: 'x', username: 'gone', orgs: { uat: { clientId: 'y' } }, audience: 'same' };
    const news = {
      clientId: unknownValue,
      orgs: { uat: { clientId: 'z' } },
      audience: 'same',
      preview: 'org',
    };
    assert.deepEqual(changedArguments(olds, news).sort(), ['clientId', 'orgs', 'preview', 'username']);
    assert.deepEqual(changedArguments(olds, olds), []);
  });

  it('belong to a default provider only by its full name', () => {
    assert.deepEqual(['default', 'default_1_2_3', 'defaulted', ''].map(isDefaultProvider), [
      true,
      true,
      false,
      false,
    ]);
  });
});
