import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { moveSettings, settingsIn } from '../../../../provider/src/commandLine/movedSettings.js';
import { settingNames } from '../../../../provider/src/signIn/configuration.js';

const file = 'Pulumi.dev.yaml';
const move = (text: string): string => moveSettings(file, text, 'salesforce', 'salesforce-eca').text;
const moveBack = (text: string): string => moveSettings(file, text, 'salesforce-eca', 'salesforce').text;

const written = `# the dev sandbox
encryptionsalt: v1:saltsalt=:v1:nonce:cipher  # salesforce:clientId: in a comment
config:
  # salesforce:instanceUrl: the address
  salesforce:instanceUrl: https://dev.my.salesforce.com # salesforce:clientId: here
  "salesforce:accessToken":
    secure: v1:abc:def==
  'salesforce:username' : "salesforce:username: quoted"
  salesforce:preview: |
    salesforce:preview: a line of a text

  salesforce:orgs:
    uat:
      salesforce:clientId: not a key of the configuration
      privateKey:
        secure: v1:ghi:jkl==
  salesforce:someOtherPackage: stays
  other:salesforce:clientId: stays
  aws:region: eu-central-1
salesforce:clientId: outside
`;
const renamed = ['instanceUrl', 'accessToken', 'username', 'preview', 'orgs'];

describe('moving the settings of a stack to another namespace', () => {
  it('renames the settings and nothing else', () => {
    const { text, moved, inBoth } = moveSettings(file, written, 'salesforce', 'salesforce-eca');
    assert.deepEqual([moved, inBoth], [renamed, []]);
    const lines = written
      .split('\n')
      .map((line) =>
        /^ {2}["']?salesforce:(?!someOther)/.test(line)
          ? line.replace('salesforce:', 'salesforce-eca:')
          : line,
      );
    assert.equal(text, lines.join('\n'));
    assert.deepEqual(settingsIn(file, text, 'salesforce'), []);
    assert.deepEqual(new Set(settingsIn(file, text, 'salesforce-eca')), new Set(renamed));
  });

  it('keeps line ends, a byte order mark, and JSON or flow style', () => {
    for (const text of [
      written.replaceAll('\n', '\r\n'),
      `\u{FEFF}${written}`,
      '{"config": {"salesforce:clientId": "a", "salesforce:username": "ä\u{1F600}"}}',
      'config: { salesforce:clientId: a, ? salesforce:username : b }',
      'config:\n  ? salesforce:clientId\n  : a\n  &anchor salesforce:username: b\n',
    ]) {
      const moved = move(text);
      assert.notEqual(moved, text);
      assert.equal(moved.replaceAll('salesforce-eca:', 'salesforce:'), text);
      assert.equal(moveBack(moved), text);
    }
  });

  it('leaves a file without such settings as it is', () => {
    for (const text of [
      '',
      '# nothing\n',
      'config:\n',
      'config: {}\n',
      'config:\n  aws:region: eu\n',
      move(written),
    ]) {
      assert.deepEqual(moveSettings(file, text, 'salesforce', 'salesforce-eca'), {
        text,
        moved: [],
        inBoth: [],
      });
    }
  });

  it('restores the file by moving back, for any values', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.record({ secure: fc.base64String() }),
      fc.dictionary(fc.string(), fc.constantFrom('salesforce:clientId: x\nsalesforce:orgs: y', '', ' - # ')),
    );
    const key = fc.oneof(
      fc.constantFrom(...settingNames.map((name) => `salesforce:${name}`)),
      fc.string().map((name) => `other:${name}`),
    );
    fc.assert(
      fc.property(fc.dictionary(key, value), fc.constantFrom(20, 80, 0), (config, lineWidth) => {
        const text = stringify({ before: 'salesforce:clientId: x', config, after: 1 }, { lineWidth });
        const moved = move(text);
        assert.deepEqual(settingsIn(file, moved, 'salesforce'), []);
        assert.equal(moveBack(moved), text);
      }),
    );
  });

  it('refuses a setting that has different values in the two namespaces, without showing them', () => {
    const both = `config:
  salesforce:clientId: one
  salesforce-eca:clientId: other
  salesforce:accessToken:
    secure: v1:abc:def==
  salesforce-eca:accessToken:
    secure: v1:ghi:jkl==
  salesforce:username: the same
  salesforce-eca:username: the same
`;
    assert.throws(() => move(both), {
      message:
        '[ECA8403] Pulumi.dev.yaml sets salesforce:clientId and salesforce-eca:clientId, salesforce:accessToken and salesforce-eca:accessToken, ' +
        'and not to the same value (encrypted values count as different), so nothing was changed. Remove one of each, such as with ' +
        'pulumi config rm salesforce:clientId',
    });
    const same =
      'config:\n  salesforce:username: a\n  salesforce-eca:username: a\n  salesforce:clientId: b\n';
    assert.deepEqual(moveSettings(file, same, 'salesforce', 'salesforce-eca'), {
      text: same.replace('salesforce:clientId', 'salesforce-eca:clientId'),
      moved: ['clientId'],
      inBoth: ['username'],
    });
  });

  for (const [what, text, message] of [
    [
      'no YAML',
      'config:\n  salesforce:accessToken: "secret',
      /^\[ECA8402\] Pulumi\.dev\.yaml: line 2 is not valid YAML \(MISSING_CHAR\), so nothing was changed$/,
    ],
    [
      'the same key twice',
      'config:\n  salesforce:clientId: a\n  salesforce:clientId: b\n',
      /line 3 is not valid YAML \(DUPLICATE_KEY\)/,
    ],
    [
      'a configuration that is a text',
      'config: text\n',
      /its "config" is not a mapping, so nothing was changed$/,
    ],
    [
      'a value that is a key by an alias',
      'config:\n  &anchor salesforce:clientId: *anchor\n',
      /it is written in a form that this command cannot change/,
    ],
    [
      'a key with an escape',
      'config:\n  "\\u0073alesforce:clientId": a\n',
      /it is written in a form that this command cannot change/,
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => move(text), { message });
    });
  }
});
