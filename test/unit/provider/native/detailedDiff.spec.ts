import assert from 'node:assert/strict';
import { detailedDiff } from '../../../../provider/src/native/detailedDiff.js';
import { unknownValue } from '../../../../provider/src/policy/fields.js';
import { parseState, type Properties } from '../../../../provider/src/resourceState.js';

const app = { externalClientApplication: 'Agent_Gateway' };
const olds = {
  ...app,
  isNamedUserJwtEnabled: true,
  namedUserJwtTimeout: 30,
  managedFields: ['isNamedUserJwtEnabled', 'namedUserJwtTimeout'],
};
const changes = (news: Properties, state: Properties = olds): unknown =>
  Object.fromEntries(detailedDiff(parseState('00D/Agent_Gateway', state), state, { ...app, ...news }));

describe('what changes, property by property', () => {
  const same = { isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 };
  const table: readonly (readonly [what: string, news: Properties, expected: object])[] = [
    ['nothing', same, {}],
    ['another value', { ...same, namedUserJwtTimeout: 15 }, { namedUserJwtTimeout: 'update' }],
    [
      'a value that is not known yet',
      { ...same, namedUserJwtTimeout: unknownValue },
      { namedUserJwtTimeout: 'update' },
    ],
    [
      'a field that was not managed',
      { ...same, namedUserJwtSessionTimeoutType: 'Custom' },
      { namedUserJwtSessionTimeoutType: 'add' },
    ],
    ['a field that is no longer managed', { isNamedUserJwtEnabled: true }, { namedUserJwtTimeout: 'delete' }],
    ['options of the resource', { ...same, org: 'uat', allow: ['lockOut'] }, { org: 'add', allow: 'add' }],
    [
      'another app',
      { ...same, externalClientApplication: 'portal' },
      { externalClientApplication: 'update' },
    ],
  ];
  for (const [what, news, expected] of table) {
    it(what, () => {
      assert.deepEqual(changes(news), expected);
    });
  }

  it('a managed field that the org does not have', () => {
    assert.deepEqual(changes(same, { ...olds, namedUserJwtTimeout: undefined }), {
      namedUserJwtTimeout: 'add',
    });
  });

  it('an option that is gone', () => {
    assert.deepEqual(changes(same, { ...olds, org: 'uat' }), { org: 'delete' });
  });
});
