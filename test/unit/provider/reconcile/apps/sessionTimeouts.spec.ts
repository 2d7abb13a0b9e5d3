import assert from 'node:assert/strict';
import type { SessionTimeouts } from '../../../../../provider/src/policy/tokenLifetime.js';
import { readSessionTimeouts } from '../../../../../provider/src/reconcile/apps/sessionTimeouts.js';
import { SalesforceApiError } from '../../../../../provider/src/org/errors.js';
import type { FileProperties, MetadataApi } from '../../../../../provider/src/org/metadataApi.js';

const security = (timeout: string): [string, Buffer] => [
  'unpackaged/settings/Security.settings',
  Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?>\n<SecuritySettings xmlns="http://soap.sforce.com/2006/04/metadata">\n' +
      '    <passwordPolicies>\n        <expiration>Never</expiration>\n    </passwordPolicies>\n' +
      `    <sessionSettings>\n        <disableTimeoutWarning>false</disableTimeoutWarning>\n        ${timeout}\n    </sessionSettings>\n` +
      '</SecuritySettings>\n',
  ),
];
const profile = (name: string, profileName: string, timeout: string): [string, Buffer] => [
  `unpackaged/profileSessionSettings/${name}.profileSessionSetting`,
  Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?>\n<ProfileSessionSetting xmlns="http://soap.sforce.com/2006/04/metadata">\n' +
      `    <forceLogout>false</forceLogout>\n    <profile>${profileName}</profile>\n    ${timeout}\n</ProfileSessionSetting>\n`,
  ),
];
const twoHours = security('<sessionTimeout>TwoHours</sessionTimeout>');
const listedOne = [{ type: 'ProfileSessionSetting' }] as FileProperties[];

/** Reads files; `list` answers the question which profiles have settings of their own. */
async function read(
  files: readonly [string, Uint8Array][],
  { messages = [], list = [] }: { messages?: string[]; list?: FileProperties[] | Error } = {},
): Promise<SessionTimeouts & { lists: number }> {
  let lists = 0;
  const api = {
    listMetadata: async (types: readonly string[]) => {
      assert.deepEqual(types, ['ProfileSessionSetting']);
      lists += 1;
      return list instanceof Error ? Promise.reject(list) : Promise.resolve(list);
    },
  };
  const timeouts = await readSessionTimeouts(
    { files: new Map(files), messages },
    { read: (request) => request(api as unknown as MetadataApi) },
  );
  return { ...timeouts, lists };
}

describe('the session timeouts of an org', () => {
  it('are those of its profiles, by the name in the file, and its own', async () => {
    assert.deepEqual(
      await read([
        twoHours,
        profile('Admin_profileSessionSetting1700000000000', 'Admin', '<sessionTimeout>1440</sessionTimeout>'),
        profile('null_profileSessionSetting1700000000001', 'Partner', '<sessionTimeout>0</sessionTimeout>'),
        profile('Partner_second', 'Partner', '<sessionTimeout>30</sessionTimeout>'),
        profile('Guest', 'Guest', '<requiredSessionLevel>STANDARD</requiredSessionLevel>'),
      ]),
      {
        orgMinutes: 120,
        profileMinutes: { Admin: 1440, Partner: 120 },
        unknownReason: undefined,
        lists: 0,
      },
    );
  });

  for (const [value, minutes] of [
    ['FifteenMinutes', 15],
    ['ThirtyMinutes', 30],
    ['SixtyMinutes', 60],
    ['NinetyMinutes', 90],
    ['TwoHours', 120],
    ['FourHours', 240],
    ['EightHours', 480],
    ['TwelveHours', 720],
    ['TwentyFourHours', 1440],
  ] as const) {
    it(`of the org: ${value} is ${minutes} minutes`, async () => {
      const { orgMinutes } = await read([security(`<sessionTimeout>${value}</sessionTimeout>`)]);
      assert.equal(orgMinutes, minutes);
    });
  }

  it('of profiles are regarded as absent only if the org lists none', async () => {
    assert.deepEqual(await read([twoHours]), {
      orgMinutes: 120,
      profileMinutes: {},
      unknownReason: undefined,
      lists: 1,
    });
    for (const list of [
      listedOne,
      new SalesforceApiError('Unknown type name', 'INVALID_TYPE', 'listMetadata'),
    ]) {
      const { profileMinutes, unknownReason } = await read([twoHours], { list });
      assert.equal(profileMinutes, undefined);
      assert.match(unknownReason ?? '', /did not return ProfileSessionSetting|Unknown type name/);
    }
  });

  for (const [what, files, messages, expected] of [
    [
      'types that the org does not know',
      [],
      [
        "Entity type: 'ProfileSessionSetting' is unknown",
        "Entity of type 'Settings' named 'Security' cannot be found",
      ],
      "the org did not return Settings (Entity of type 'Settings' named 'Security' cannot be found); " +
        "the org did not return ProfileSessionSetting (Entity type: 'ProfileSessionSetting' is unknown)",
    ],
    [
      'a value that this release does not know',
      [
        security('<sessionTimeout>TwoDays</sessionTimeout>'),
        profile('a', 'A', '<sessionTimeout>1e3</sessionTimeout>'),
      ],
      [],
      'the sessionTimeout of the org is "TwoDays", which this release does not support; the sessionTimeout of the profile "A" is "1e3", ' +
        'which is not a number',
    ],
    [
      'a value that is the name of something else',
      [security('<sessionTimeout>constructor</sessionTimeout>'), profile('a', 'A', '<sessionTimeout/>')],
      [],
      'the sessionTimeout of the org is "constructor", which this release does not support; the sessionTimeout of the profile "A" is "", ' +
        'which is not a number',
    ],
    [
      'no value, and a file that is no component',
      [security(''), ['unpackaged/profileSessionSettings/a.profileSessionSetting', Buffer.from('<')]],
      [],
      "the Settings of the org contain no sessionTimeout; The component's XML is not well-formed (line 1, column 2)",
    ],
  ] as const) {
    it(`are unknown, and nothing fails: ${what}`, async () => {
      const timeouts = await read([...files] as [string, Uint8Array][], { messages: [...messages] });
      assert.deepEqual(timeouts, {
        orgMinutes: undefined,
        profileMinutes: undefined,
        unknownReason: expected,
        lists: 0,
      });
    });
  }
});
