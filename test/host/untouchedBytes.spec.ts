import assert from 'node:assert/strict';
import type { LocalOrg } from 'salesforce-local-org';
import { componentNamesOf, putApp } from '../support/localApps.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { Stage } from '../support/stage.js';

const globalType = 'ExtlClntAppGlobalOauthSettings';
const policiesType = 'ExtlClntAppOauthConfigurablePolicies';
const namespace = 'http://soap.sforce.com/2006/04/metadata';

const managed = [
  'isNamedUserJwtEnabled',
  'namedUserJwtSessionTimeoutType',
  'namedUserJwtTimeout',
  'guestJwtSessionTimeoutType',
  'guestJwtTimeout',
].join('|');

/** A file without the managed children of its root and the white space before them. */
function withoutManaged(xml: string): string {
  return xml.replace(new RegExp(`\\s*<((?:m:)?(?:${managed}))(?:\\s[^>]*)?>[^<]*</\\1>`, 'g'), '');
}

/** Base64 with line breaks inside the text, as retrieved certificates have it. */
const certificate = Buffer.from('no certificate, but as long as one '.repeat(12))
  .toString('base64')
  .replace(/(.{64})/g, '$1\n');

/** The files of one app, as an org may hold them. */
interface AppFiles {
  globalSettings: string;
  policies: string;
}

/** The files of the plain case, on which the others are variations. */
const plain = (app: string): AppFiles => ({
  globalSettings: [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<${globalType} xmlns="${namespace}">`,
    '    <callbackUrl>https://one.example.com/callback',
    'https://two.example.com/callback?a=1&amp;b=2</callbackUrl>',
    `    <certificate>${certificate}</certificate>`,
    `    <consumerKey>3MVG9.${app}</consumerKey>`,
    '    <consumerSecret>0123456789ABCDEF</consumerSecret>',
    `    <externalClientApplication>${app}</externalClientApplication>`,
    '    <idTokenConfig>',
    '        <idTokenIncludeAttributes>false</idTokenIncludeAttributes>',
    '        <idTokenValidityInMinutes>2</idTokenValidityInMinutes>',
    '    </idTokenConfig>',
    '    <isDPopEnabled>true</isDPopEnabled>',
    '    <isDeviceFlowEnabled>true</isDeviceFlowEnabled>',
    '    <isNamedUserJwtEnabled>false</isNamedUserJwtEnabled>',
    '    <isPkceRequired>true</isPkceRequired>',
    `    <label>${app}</label>`,
    '    <shouldRotateConsumerKey>false</shouldRotateConsumerKey>',
    '    <shouldRotateConsumerSecret>false</shouldRotateConsumerSecret>',
    `</${globalType}>`,
    '',
  ].join('\n'),
  policies: [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<${policiesType} xmlns="${namespace}">`,
    '    <commaSeparatedPermissionSet>Some_Access,Other_Access</commaSeparatedPermissionSet>',
    '    <customAttributes>',
    '        <formula>$User.Email</formula>',
    '        <key>mail</key>',
    '    </customAttributes>',
    '    <customAttributes>',
    '        <formula>&quot;x&quot; &amp; &apos;y&apos;</formula>',
    '        <key>both</key>',
    '    </customAttributes>',
    `    <externalClientApplication>${app}</externalClientApplication>`,
    `    <label>${app}</label>`,
    '    <permittedUsersPolicyType>AllSelfAuthorized</permittedUsersPolicyType>',
    '    <requiredSessionLevel>STANDARD</requiredSessionLevel>',
    '    <sessionTimeoutInMinutes>120</sessionTimeoutInMinutes>',
    `</${policiesType}>`,
    '',
  ].join('\n'),
});

/** Applies a change to the text of both files. */
const inBoth =
  (change: (xml: string) => string) =>
  (app: string): AppFiles => ({
    globalSettings: change(plain(app).globalSettings),
    policies: change(plain(app).policies),
  });

/** The children of the root in reverse order; each begins with four spaces. */
function reversed(xml: string): string {
  const children = xml.match(/\n {4}<(\w+)>[^]*?<\/\1>(?=\n(?: {4}<|<\/))/g) ?? [];
  const [start = ''] = xml.split('\n    <', 1);
  return `${start}${children.toReversed().join('')}${xml.slice(xml.lastIndexOf('\n</'))}`;
}

const shapes: Readonly<Record<string, (app: string) => AppFiles>> = {
  'as orgs write them': plain,
  'with CRLF': inBoth((xml) => xml.replaceAll('\n', '\r\n')),
  'without a final newline': inBoth((xml) => xml.trimEnd()),
  'with a byte order mark': inBoth((xml) => `\uFEFF${xml}`),
  'with tabs': inBoth((xml) => xml.replaceAll('    ', '\t')),
  'on one line': inBoth((xml) =>
    xml
      .replace(/\?>\n/, '?>')
      .replace(/>\n\s*</g, '><')
      .trimEnd(),
  ),
  'without a declaration': inBoth((xml) => xml.replace(/^<\?xml.*\?>\n/, '')),
  'with blank lines and trailing white space': inBoth((xml) =>
    xml.replaceAll('\n    <', '  \n\n    <').concat('\n\n'),
  ),
  'with comments and instructions': inBoth((xml) =>
    xml
      .replace('?>\n<', '?>\n<!-- Owner: the portal team -->\n<')
      .replace(
        '    <label>',
        '    <!-- <namedUserJwtTimeout>15</namedUserJwtTimeout> -->\n    <?keep this?>\n    <label>',
      )
      .concat('<!-- the end -->\n'),
  ),
  'with CDATA': inBoth((xml) =>
    xml.replace(/<label>.*<\/label>/, '<label><![CDATA[A & B <c> ]] >]]></label>'),
  ),
  'with entities and character references': inBoth((xml) =>
    xml.replace(
      /<label>.*<\/label>/,
      '<label>A &amp; B &lt;c&gt; &quot;&apos; &#233;&#xE9;&#x1F600; é😀</label>',
    ),
  ),
  'with unknown elements': inBoth((xml) =>
    xml.replace(
      '    <label>',
      '    <isMadeUpEnabled since="99">true</isMadeUpEnabled>\n    <knowsMore><isNamedUserJwtEnabled>maybe</isNamedUserJwtEnabled></knowsMore>\n    <label>',
    ),
  ),
  'with attributes and odd tags': inBoth((xml) =>
    xml
      .replace('<label>', "<label  note = 'a > b' >")
      .replace('</label>', '</label >')
      .replace('<requiredSessionLevel>STANDARD</requiredSessionLevel>', '<startUrl />'),
  ),
  'in another order': inBoth(reversed),
  'with a prefix': inBoth((xml) => xml.replaceAll(/<(\/?)(\w)/g, '<$1m:$2').replace('xmlns=', 'xmlns:m=')),
};

describeForEachProgram('a change keeps every byte except those of managed elements', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;

  before(async () => {
    stage = await Stage.open();
    org = stage.org;
  });
  after(() => stage.close());

  const read = (app: string): AppFiles => ({
    globalSettings: org.component(globalType, componentNamesOf(app).globalSettings) ?? '',
    policies: org.component(policiesType, componentNamesOf(app).policies) ?? '',
  });

  function putFiles(app: string, files: AppFiles): void {
    putApp(org, app);
    org.putComponent(globalType, componentNamesOf(app).globalSettings, files.globalSettings);
    org.putComponent(policiesType, componentNamesOf(app).policies, files.policies);
  }

  /** The files of one app through its life. */
  interface Life {
    before: AppFiles;
    created: AppFiles;
    updated: AppFiles;
    deleted: AppFiles;
  }

  async function liveThrough(app: string, before: AppFiles): Promise<Life> {
    const inputs = {
      externalClientApplication: app,
      isNamedUserJwtEnabled: true,
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: 30,
      guestJwtSessionTimeoutType: 'UserSession',
    };
    putFiles(app, before);
    const { id, outs: firstOuts } = await stage.host.create(inputs);
    const created = read(app);
    const { outs } = await stage.host.update(id, firstOuts, {
      ...inputs,
      namedUserJwtTimeout: 15,
      guestJwtSessionTimeoutType: 'Custom',
      guestJwtTimeout: 5,
    });
    const updated = read(app);
    await stage.host.delete(id, outs);
    return { before, created, updated, deleted: read(app) };
  }

  describe('in files', () => {
    const lives = new Map<string, Promise<Life>>();

    before(async () => {
      // All apps live through it at the same time: three walks in all.
      for (const [index, [shape, filesOf]] of Object.entries(shapes).entries()) {
        const app = `Shape_${index + 1}`;
        lives.set(shape, liveThrough(app, filesOf(app)));
      }
      await Promise.allSettled(lives.values());
    });

    Object.entries(shapes).forEach(([shape, filesOf], index) => {
      it(shape, async () => {
        const life = await lives.get(shape);
        assert.ok(life);
        const { before, created, updated, deleted } = life;
        const [given, usual] = [Object.values(before), Object.values(plain(`Shape_${index + 1}`))];
        assert.ok(filesOf === plain || given.every((xml) => !usual.includes(xml)));
        for (const after of [created, updated]) {
          assert.equal(withoutManaged(after.globalSettings), withoutManaged(before.globalSettings));
          assert.equal(withoutManaged(after.policies), withoutManaged(before.policies));
        }
        assert.notEqual(created.globalSettings, before.globalSettings);
        assert.match(created.policies, /Timeout>30</);
        assert.match(updated.policies, /Timeout>15</);
        assert.deepEqual(deleted, before);
      });
    });
  });

  it('puts a new element in alphabetical order, formatted like its neighbours', async () => {
    const app = 'Placed';
    const files = plain(app);
    putFiles(app, files);
    await stage.host.create({
      externalClientApplication: app,
      isNamedUserJwtEnabled: true,
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: 30,
    });
    assert.deepEqual(read(app), {
      globalSettings: files.globalSettings.replace(
        '<isNamedUserJwtEnabled>false<',
        '<isNamedUserJwtEnabled>true<',
      ),
      policies: files.policies.replace(
        '    <permittedUsersPolicyType>',
        '    <namedUserJwtSessionTimeoutType>Custom</namedUserJwtSessionTimeoutType>\n' +
          '    <namedUserJwtTimeout>30</namedUserJwtTimeout>\n' +
          '    <permittedUsersPolicyType>',
      ),
    });
  });
});
