import assert from 'node:assert/strict';
import type { LocalOrg } from '../../../../local-org/src/index.js';
import type { componentRules } from '../../../../local-org/src/rules/componentRules.js';
import {
  connect,
  deploy,
  failuresOf,
  globalType,
  policies,
  policiesType,
  problemsOf,
  type Component,
} from '../support/client.js';
import { trueByDefault } from '../../sharedFacts/facts.js';
import { checkRules } from './checkRules.js';

const namespace = '{http://soap.sforce.com/2006/04/metadata}';
const headerType = 'ExternalClientApplication';
const oauthType = 'ExtlClntAppOauthSettings';
const pluginType = 'ExtlClntAppConfigurablePolicies';
const noAccess = 'INSUFFICIENT_ACCESS_OR_READONLY: insufficient access rights on object id';

const agentGlobal = { type: globalType, fullName: 'Agent_Gateway_glbloauth' };
const portalGlobal = { type: globalType, fullName: 'portalGlblOAuth' };
const ledgerPolicies = { type: policiesType, fullName: 'acme__Ledger_defaultPolicy' };

const stored = (org: LocalOrg, { type, fullName }: Pick<Component, 'type' | 'fullName'>): string =>
  org.component(type, fullName)!;

const value = (xml: string, element: string): string | undefined =>
  new RegExp(`<${element}>([^<]*)</`).exec(xml)?.[1];

/** Policies of the app portal with these elements after the app's name, which stands in line 3. */
const portal = (elements: string): Component => ({
  type: policiesType,
  fullName: 'portal_defaultPolicy',
  xml: policies('portal', elements),
});

const element = (name: string, content: string): string => `    <${name}>${content}</${name}>\n`;

/** Deploys a stored component with a change of its text, and returns what is stored then. */
async function changed(
  org: LocalOrg,
  component: Pick<Component, 'type' | 'fullName'>,
  change: (xml: string) => string,
): Promise<string> {
  const xml = change(stored(org, component));
  assert.notEqual(xml, stored(org, component));
  assert.deepEqual(await problemsOf(connect(org), { ...component, xml }), []);
  return stored(org, component);
}

const without = (name: string) => (xml: string) =>
  xml.replace(new RegExp(` {4}<${name}>[^<]*</${name}>\\n`), '');

const withText = (name: string, text: string) => (xml: string) =>
  xml.replace(new RegExp(`<${name}>[^<]*<`), `<${name}>${text}<`);

const unordered = element('namedUserJwtTimeout', '30') + element('label', 'Portal');

const userSession = element('namedUserJwtSessionTimeoutType', 'UserSession');
const custom = (minutes: number): string =>
  element('namedUserJwtSessionTimeoutType', 'Custom') + element('namedUserJwtTimeout', String(minutes));

const newApp = (): Component[] => {
  const file = (type: string, elements: string) =>
    `<${type} xmlns="http://soap.sforce.com/2006/04/metadata">\n${elements}</${type}>\n`;
  return [
    {
      type: headerType,
      fullName: 'New_App',
      xml: file(headerType, element('distributionState', 'Local') + element('label', 'New')),
    },
    {
      type: oauthType,
      fullName: 'New_App_oauth',
      xml: file(
        oauthType,
        element('commaSeparatedOauthScopes', 'Api') +
          element('externalClientApplication', 'New_App') +
          element('label', 'New'),
      ),
    },
    {
      type: globalType,
      fullName: 'New_App_glbloauth',
      xml: file(globalType, element('externalClientApplication', 'New_App') + element('label', 'New')),
    },
  ];
};

checkRules<keyof typeof componentRules>('rules of the local org on components', {
  typeVersions: async (org) => {
    const component = { type: pluginType, fullName: 'portal_defaultPolicy' };
    assert.deepEqual(await failuresOf(connect(org, '59.0'), { ...component, xml: stored(org, component) }), [
      [`Entity type: '${pluginType}' is not available in this api version`],
    ]);
  },
  fullNames: async (org) => {
    const xml = policies('portal', '');
    for (const fullName of ['1portal', 'por-tal', 'por tal'])
      assert.match(
        (await problemsOf(connect(org), { type: policiesType, fullName, xml }))[0]!,
        /^The name '/,
      );
    const upsert = connect(org).metadata.upsert(
      policiesType as never,
      {
        fullName: '../../portal',
        externalClientApplication: 'portal',
      } as never,
    );
    assert.equal([await upsert].flat()[0]?.success, false);
  },
  rootElement: async (org) => {
    const expected = `expected ${namespace}${policiesType}`;
    for (const [xml, root] of [
      ['<Package xmlns="http://soap.sforce.com/2006/04/metadata"/>', `${namespace}Package`],
      [`<${policiesType}/>`, `{}${policiesType}`],
    ] as const) {
      assert.deepEqual(await failuresOf(connect(org), { ...portal(''), xml }), [
        [`Error parsing file: Element ${root} invalid at this location; ${expected}`, 1, 1],
      ]);
    }
  },
  unknownElements: async (org) => {
    const custom = element('customAttributes', '<formula>f</formula><value>v</value>');
    for (const [component, name, type, line, column] of [
      [portal(element('jwtTimeout', '30')), `${namespace}jwtTimeout`, policiesType, 4, 5],
      [portal('    <label xmlns="urn:x">a</label>\n'), '{urn:x}label', policiesType, 4, 5],
      [
        { ...portal(''), xml: policies('portal', '').replace('    <ext', `${custom}    <ext`) },
        `${namespace}value`,
        'ExtlClntAppOauthPoliciesAttribute',
        3,
        43,
      ],
    ] as const) {
      assert.deepEqual(await failuresOf(connect(org), component), [
        [`Error parsing file: Element ${name} invalid at this location in type ${type}`, line, column],
      ]);
    }
  },
  storedUnknownElements: {
    on: async (org) => {
      org.putComponent(policiesType, 'portal_defaultPolicy', policies('portal', element('isZebra', 'true')));
      assert.deepEqual(await problemsOf(connect(org), portal(element('isZebra', 'false'))), []);
    },
    off: async (org) => {
      org.putComponent(policiesType, 'portal_defaultPolicy', policies('portal', element('isZebra', 'true')));
      assert.equal((await problemsOf(connect(org), portal(element('isZebra', 'false')))).length, 1);
    },
  },
  elementVersions: async (org) => {
    for (const [version, name] of [
      ['60.0', 'namedUserJwtTimeout'],
      ['64.0', 'namedUserJwtSessionTimeoutType'],
      ['64.0', 'isNamedUserJwtEnabled'],
      ['60.0', 'apexHandler'],
      ['61.0', 'commaSeparatedProfile'],
    ] as const) {
      assert.deepEqual(await failuresOf(connect(org, version), portal(element(name, '30'))), [
        [`Property '${name}' not valid in version ${version}`, 4, 5],
      ]);
    }
    const xml = stored(org, portalGlobal);
    for (const [version, name] of [
      ['60.0', 'isCodeCredFlowEnabled'],
      ['66.0', 'isEnforceRefreshTokenTTL'],
    ] as const) {
      assert.deepEqual(await problemsOf(connect(org, version), { ...portalGlobal, xml }), [
        `Property '${name}' not valid in version ${version}`,
      ]);
    }
    for (const version of ['61.0', '63.0'])
      assert.deepEqual(
        await problemsOf(connect(org, version), portal(element('isNamedUserJwtEnabled', 'true'))),
        [],
      );
  },
  repeatedElements: async (org) => {
    const timeouts = element('namedUserJwtTimeout', '30').repeat(2);
    assert.deepEqual(await failuresOf(connect(org), portal(timeouts)), [
      [
        `Error parsing file: Element namedUserJwtTimeout is duplicated at this location in type ${policiesType}`,
        5,
        5,
      ],
    ]);
    const attribute = element('customAttributes', '<formula>f</formula><key>k</key>');
    const xml = policies('portal', '').replace('    <ext', `${attribute.repeat(2)}    <ext`);
    assert.deepEqual(await problemsOf(connect(org), { ...portal(''), xml }), []);
  },
  elementOrder: {
    on: async (org) => {
      assert.deepEqual(await failuresOf(connect(org), portal(unordered)), [
        [
          `Error parsing file: Element ${namespace}label invalid at this location in type ${policiesType}`,
          5,
          5,
        ],
      ]);
    },
    off: async (org) => {
      assert.deepEqual(await failuresOf(connect(org), portal(unordered)), []);
    },
  },
  unorderedElementsDropped: {
    on: async (org) => {
      assert.deepEqual(await failuresOf(connect(org), portal(unordered)), []);
      assert.equal(stored(org, portal('')), policies('portal', element('namedUserJwtTimeout', '30')));
      const xml = policies('portal', '').replace('    <ext', `${element('label', 'Portal')}    <ext`);
      assert.deepEqual(await problemsOf(connect(org), { ...portal(''), xml }), [
        'Enter the name of the parent external client app',
      ]);
    },
    off: async (org) => {
      assert.equal((await problemsOf(connect(org), portal(unordered))).length, 1);
    },
  },
  storedOrder: {
    on: async (org) => {
      org.putComponent(policiesType, 'portal_defaultPolicy', policies('portal', unordered));
      assert.deepEqual(await problemsOf(connect(org), portal(unordered.replace('30', '15'))), []);
    },
    off: async (org) => {
      org.putComponent(policiesType, 'portal_defaultPolicy', policies('portal', unordered));
      assert.equal((await problemsOf(connect(org), portal(unordered.replace('30', '15')))).length, 1);
    },
  },
  valueTypes: async (org) => {
    for (const [name, content, problem, column] of [
      ['isGuestCodeCredFlowEnabled', 'yes', "'yes' is not a valid value for the type xsd:boolean", 5],
      ['isGuestCodeCredFlowEnabled', '', "'' is not a valid value for the type xsd:boolean", 5],
      ['sessionTimeoutInMinutes', '1.5', "'1.5' is not a valid value for the type xsd:int", 5],
      [
        'label',
        'a <b>c</b>',
        `Error parsing file: Unexpected element ${namespace}b during simple type deserialization`,
        14,
      ],
    ] as const) {
      assert.deepEqual(await failuresOf(connect(org), portal(element(name, content))), [
        [problem, 4, column],
      ]);
    }
    const token = element('idTokenConfig', '<idTokenValidityInMinutes>soon</idTokenValidityInMinutes>');
    const xml = stored(org, portalGlobal)
      .replace(/ {4}<idTokenConfig>.*<\/idTokenConfig>\n/s, '')
      .replace('    <is', `${token}    <is`);
    assert.deepEqual(await problemsOf(connect(org), { ...portalGlobal, xml }), [
      "'soon' is not a valid value for the type xsd:int",
    ]);
  },
  enumValues: async (org) => {
    for (const [name, content, enumName] of [
      ['namedUserJwtSessionTimeoutType', 'Forever', 'JWTSessionTimeoutType'],
      ['permittedUsersPolicyType', 'AdminApproved', 'PermittedUsersPolicyType'],
      ['permittedUsersPolicyType', '', 'PermittedUsersPolicyType'],
    ] as const) {
      assert.deepEqual(await failuresOf(connect(org), portal(element(name, content))), [
        [`'${content}' is not a valid value for the enum '${enumName}'`, 4, 5],
      ]);
    }
  },
  timeoutMinutes: async (org) => {
    for (const [version, minutes] of [
      ['61.0', '60'],
      ['64.0', '720'],
      ['66.0', '7'],
      ['66.0', '07'],
    ] as const) {
      assert.deepEqual(await failuresOf(connect(org, version), portal(element('guestJwtTimeout', minutes))), [
        [`bad value for restricted picklist field: ${minutes}`, 4, 5],
      ]);
    }
    for (const [version, ...accepted] of [
      ['61.0', '1', '5', '10', '15', '30'],
      ['65.0', '1', '5', '10', '15', '30', '60', '90', '120', '240', '480', '720'],
    ] as const) {
      for (const minutes of accepted)
        assert.deepEqual(
          await problemsOf(connect(org, version), portal(element('namedUserJwtTimeout', minutes))),
          [],
        );
    }
  },
  requiredElements: async (org) => {
    assert.deepEqual(await failuresOf(connect(org), { ...portal(''), xml: policies('', '') }), [
      ['Enter the name of the parent external client app', 2, 1],
    ]);
    const plugins = { type: pluginType, fullName: 'portal_defaultPolicy' };
    const xml = without('isEnabled')(stored(org, plugins));
    assert.deepEqual(await failuresOf(connect(org), { ...plugins, xml }), [
      ['Required fields are missing: [isEnabled]', 2, 1],
    ]);
    const attribute = element('customAttributes', '<key>k</key>');
    assert.deepEqual(
      await failuresOf(connect(org), {
        ...portal(''),
        xml: policies('portal', '').replace('    <ext', `${attribute}    <ext`),
      }),
      [['Required fields are missing: [formula]', 3, 5]],
    );
  },
  customNeedsTimeout: {
    on: async (org) => {
      assert.deepEqual(
        await failuresOf(connect(org), portal(element('guestJwtSessionTimeoutType', 'Custom'))),
        [['guestJwtTimeout is required when guestJwtSessionTimeoutType is Custom', 4, 5]],
      );
    },
    off: async (org) => {
      assert.deepEqual(
        await failuresOf(connect(org), portal(element('guestJwtSessionTimeoutType', 'Custom'))),
        [],
      );
    },
  },
  userSessionWithoutTimeout: {
    on: async (org) => {
      assert.deepEqual(
        await failuresOf(
          connect(org),
          portal(
            element('namedUserJwtSessionTimeoutType', 'UserSession') + element('namedUserJwtTimeout', '5'),
          ),
        ),
        [["namedUserJwtTimeout can't be set when namedUserJwtSessionTimeoutType is UserSession", 5, 5]],
      );
    },
    off: async (org) => {
      assert.deepEqual(
        await failuresOf(
          connect(org),
          portal(
            element('namedUserJwtSessionTimeoutType', 'UserSession') + element('namedUserJwtTimeout', '5'),
          ),
        ),
        [],
      );
    },
  },
  sessionSettings: async (org) => {
    const component = { type: 'Settings', fullName: 'Security' };
    const before = stored(org, component);
    const withTimeout = (text: string) => ({ ...component, xml: withText('sessionTimeout', text)(before) });
    const [[problem] = []] = await failuresOf(connect(org), withTimeout('TenMinutes'));
    assert.equal(problem, "'TenMinutes' is not a valid value for the enum 'SessionTimeout'");
    assert.equal((await problemsOf(connect(org, '57.0'), withTimeout('NinetyMinutes'))).length, 1);
    assert.deepEqual(await problemsOf(connect(org, '58.0'), withTimeout('NinetyMinutes')), []);
  },
  deployPermission: async (org) => {
    const problems = (role: 'subscriberAdmin' | 'viewer', component: Pick<Component, 'type' | 'fullName'>) =>
      problemsOf(connect(org, '66.0', role), { ...component, xml: stored(org, component) });
    assert.deepEqual(await problems('subscriberAdmin', portalGlobal), [noAccess]);
    assert.deepEqual(await problems('subscriberAdmin', portal('')), []);
    assert.deepEqual(await problems('viewer', portal('')), [noAccess]);
  },
  installedApps: async (org) => {
    for (const component of [
      { type: headerType, fullName: 'acme__Ledger' },
      { type: globalType, fullName: 'acme__Ledger_glbloauth' },
      { type: oauthType, fullName: 'acme__Ledger_oauth' },
    ]) {
      const xml = stored(org, component);
      assert.deepEqual(await problemsOf(connect(org), { ...component, xml }), [noAccess]);
    }
    await changed(org, ledgerPolicies, withText('label', 'Ours'));
  },
  installedAppNames: {
    on: async (org) => {
      for (const name of ['Ledger', 'acme__Ledger'])
        assert.deepEqual(await problemsOf(connect(org), { ...ledgerPolicies, xml: policies(name, '') }), []);
    },
    off: async (org) => {
      assert.deepEqual(
        await problemsOf(connect(org), { ...ledgerPolicies, xml: policies('acme__Ledger', '') }),
        [],
      );
      assert.deepEqual(await problemsOf(connect(org), { ...ledgerPolicies, xml: policies('Ledger', '') }), [
        'INVALID_CROSS_REFERENCE_KEY: no external client app named Ledger found',
      ]);
    },
  },
  missingApp: async (org) => {
    assert.deepEqual(
      await failuresOf(connect(org), {
        type: policiesType,
        fullName: 'Nobody_oauthPlcy',
        xml: policies('Nobody', ''),
      }),
      [['INVALID_CROSS_REFERENCE_KEY: no external client app named Nobody found', 3, 5]],
    );
  },
  oneComponentAnApp: async (org) => {
    assert.deepEqual(await problemsOf(connect(org), { ...portal(''), fullName: 'portal_second' }), [
      'DUPLICATE_VALUE: duplicate key value violates unique constraint "ak3tl_setup_entity_data"',
    ]);
    const xml = stored(org, portalGlobal);
    assert.deepEqual(await problemsOf(connect(org), { type: globalType, fullName: 'portal_second', xml }), [
      'DUPLICATE_VALUE: ExtlClntAppOauthSettingsId duplicates value on portalGlblOAuth',
    ]);
  },
  oauthSettingsBesideGlobal: {
    on: async (org) => {
      const xml = stored(org, portalGlobal).replace('>portal<', '>No_OAuth<');
      assert.deepEqual(
        await problemsOf(connect(org), { type: globalType, fullName: 'No_OAuth_glbloauth', xml }),
        [
          "The external client app configured in your global OAuth Settings doesn't have a valid OAuth settings configuration.",
        ],
      );
    },
    off: async (org) => {
      const xml = stored(org, portalGlobal).replace('>portal<', '>No_OAuth<');
      assert.deepEqual(
        await problemsOf(connect(org), { type: globalType, fullName: 'No_OAuth_glbloauth', xml }),
        [],
      );
    },
  },
  foreignOauthLink: {
    on: async (org) => {
      const component = { type: oauthType, fullName: 'portalOAuthSettings' };
      const foreign = withText('oauthLink', '00D000000000000:portal')(stored(org, component));
      assert.deepEqual(await problemsOf(connect(org), { ...component, xml: foreign }), [
        "We couldn't update your OAuth link because portal doesn't have distribution state PACKAGED.",
      ]);
      const packaged = { type: oauthType, fullName: 'Packaged_App_oauth' };
      await changed(org, packaged, withText('oauthLink', '00D000000000000:Packaged_App'));
      await changed(org, component, withText('label', 'With its own link'));
    },
    off: async (org) => {
      const component = { type: oauthType, fullName: 'portalOAuthSettings' };
      await changed(org, component, withText('oauthLink', '00D000000000000:portal'));
    },
  },
  pluginSettings: async (org) => {
    const component = portal(element('namedUserJwtSessionTimeoutType', 'UserSession'));
    assert.deepEqual(await problemsOf(connect(org), component), []);
    org.faults.refusePluginSettings = true;
    assert.deepEqual(await failuresOf(connect(org), component), [['Invalid plugin settings', 4, 5]]);
    const on = {
      ...portalGlobal,
      xml: withText('isNamedUserJwtEnabled', 'true')(stored(org, portalGlobal)),
    };
    assert.equal((await deploy(connect(org), [on, component], { checkOnly: true })).status, 'Succeeded');
    org.faults.refusePluginSettings = 'strict';
    assert.equal((await deploy(connect(org), [on, component])).status, 'Failed');
    assert.equal((await deploy(connect(org), [on])).status, 'Succeeded');
    assert.equal((await deploy(connect(org), [component])).status, 'Succeeded');
  },
  guestFlowNeedsJwt: {
    on: async (org) => {
      const component = portal(element('isGuestCodeCredFlowEnabled', 'true'));
      assert.deepEqual(await failuresOf(connect(org), component), [
        ['isGuestCodeCredFlowEnabled needs isNamedUserJwtEnabled', 4, 5],
      ]);
      await changed(org, portalGlobal, withText('isNamedUserJwtEnabled', 'true'));
      assert.deepEqual(await problemsOf(connect(org), component), []);
    },
    off: async (org) => {
      assert.deepEqual(
        await problemsOf(connect(org), portal(element('isGuestCodeCredFlowEnabled', 'true'))),
        [],
      );
    },
  },
  omittedElementsReset: {
    on: async (org) => {
      const xml = await changed(org, ledgerPolicies, without('permittedUsersPolicyType'));
      assert.equal(value(xml, 'permittedUsersPolicyType'), undefined);
      const global = await changed(org, agentGlobal, without('isClientCredentialsFlowEnabled'));
      assert.equal(value(global, 'isClientCredentialsFlowEnabled'), 'false');
    },
    off: async (org) => {
      for (const [component, name] of [
        [ledgerPolicies, 'permittedUsersPolicyType'],
        [agentGlobal, 'isClientCredentialsFlowEnabled'],
      ] as const) {
        const before = stored(org, component);
        assert.equal(await changed(org, component, without(name)), before);
      }
    },
  },
  otherVersionsKept: {
    on: async (org) => {
      const component = { type: policiesType, fullName: 'Partner_API' };
      const before = stored(org, component);
      const xml = without('guestJwtSessionTimeoutType')(without('namedUserJwtSessionTimeoutType')(before));
      assert.deepEqual(await problemsOf(connect(org, '64.0'), { ...component, xml }), []);
      assert.equal(stored(org, component), before);
    },
    off: async (org) => {
      const component = { type: policiesType, fullName: 'Partner_API' };
      const xml = without('guestJwtSessionTimeoutType')(
        without('namedUserJwtSessionTimeoutType')(stored(org, component)),
      );
      assert.deepEqual(await problemsOf(connect(org, '64.0'), { ...component, xml }), []);
      assert.equal(stored(org, component), xml);
    },
  },
  booleansShown: async (org) => {
    assert.equal((await deploy(connect(org), newApp())).status, 'Succeeded');
    const xml = stored(org, { type: globalType, fullName: 'New_App_glbloauth' });
    for (const name of ['isNamedUserJwtEnabled', 'isConsumerSecretOptional', 'shouldRotateConsumerKey'])
      assert.equal(value(xml, name), 'false');
    for (const name of trueByDefault) assert.equal(value(xml, name), 'true');
    assert.equal(value(xml, 'isDPopEnabled'), undefined);
  },
  omittedCertificateCleared: {
    on: async (org) => {
      const xml = await changed(org, agentGlobal, without('certificate'));
      assert.equal(value(xml, 'certificate'), undefined);
    },
    off: async (org) => {
      const before = stored(org, agentGlobal);
      assert.equal(await changed(org, agentGlobal, without('certificate')), before);
    },
  },
  certificateNotReturned: async (org) => {
    const before = stored(org, agentGlobal);
    org.faults.returnCertificate = false;
    assert.equal(await changed(org, agentGlobal, without('certificate')), before);
  },
  consumerKeyKept: {
    on: async (org) => {
      const before = stored(org, agentGlobal);
      assert.equal(await changed(org, agentGlobal, without('consumerKey')), before);
    },
    off: async (org) => {
      const before = value(stored(org, agentGlobal), 'consumerKey');
      const after = value(await changed(org, agentGlobal, without('consumerKey')), 'consumerKey');
      assert.match(after!, /^3MVG9/);
      assert.notEqual(after, before);
    },
  },
  consumerKeyMade: {
    on: async (org) => {
      assert.equal((await deploy(connect(org), newApp())).status, 'Succeeded');
      const xml = stored(org, { type: globalType, fullName: 'New_App_glbloauth' });
      assert.match(value(xml, 'consumerKey')!, /^3MVG9/);
    },
    off: async (org) => {
      assert.equal((await deploy(connect(org), newApp())).status, 'Succeeded');
      const xml = stored(org, { type: globalType, fullName: 'New_App_glbloauth' });
      assert.equal(value(xml, 'consumerKey'), undefined);
    },
  },
  otherConsumerKeyIgnored: {
    on: async (org) => {
      const before = stored(org, agentGlobal);
      assert.equal(await changed(org, agentGlobal, withText('consumerKey', '3MVG9other')), before);
    },
    off: async (org) => {
      const xml = await changed(org, agentGlobal, withText('consumerKey', '3MVG9other'));
      assert.equal(value(xml, 'consumerKey'), '3MVG9other');
    },
  },
  rotation: async (org) => {
    const before = stored(org, agentGlobal);
    const after = await changed(org, agentGlobal, (xml) =>
      withText('shouldRotateConsumerKey', 'true')(withText('shouldRotateConsumerSecret', '1')(xml)),
    );
    for (const name of ['consumerKey', 'consumerSecret'])
      assert.notEqual(value(after, name), value(before, name));
    for (const name of ['shouldRotateConsumerKey', 'shouldRotateConsumerSecret'])
      assert.equal(value(after, name), 'false');
  },
  shownSecretStays: {
    on: async (org) => {
      const before = stored(org, agentGlobal);
      assert.equal(await changed(org, agentGlobal, withText('consumerSecret', 'ABC')), before);
    },
    off: async (org) => {
      const xml = await changed(org, agentGlobal, withText('consumerSecret', 'ABC'));
      assert.equal(value(xml, 'consumerSecret'), 'ABC');
    },
  },
  pkceStays: {
    on: async (org) => {
      const xml = await changed(org, agentGlobal, withText('isPkceRequired', 'false'));
      assert.equal(value(xml, 'isPkceRequired'), 'true');
    },
    off: async (org) => {
      const xml = await changed(org, agentGlobal, withText('isPkceRequired', 'false'));
      assert.equal(value(xml, 'isPkceRequired'), 'false');
    },
  },
  removedTypeIsUserSession: {
    on: async (org) => {
      await changed(org, portal(custom(15)), () => portal(custom(15)).xml);
      const xml = await changed(org, portal(''), () => portal('').xml);
      assert.equal(value(xml, 'namedUserJwtSessionTimeoutType'), 'UserSession');
      assert.equal(value(xml, 'namedUserJwtTimeout'), undefined);
      assert.equal(value(xml, 'guestJwtSessionTimeoutType'), undefined);
    },
    off: async (org) => {
      await changed(org, portal(custom(15)), () => portal(custom(15)).xml);
      const xml = await changed(org, portal(''), () => portal('').xml);
      assert.equal(xml, portal('').xml);
    },
  },
  timeoutKeptBesideUserSession: {
    on: async (org) => {
      await changed(org, portal(custom(15)), () => portal(custom(15)).xml);
      const kept = await changed(org, portal(userSession), () => portal(userSession).xml);
      assert.equal(value(kept, 'namedUserJwtTimeout'), '15');
      // What was retrieved is taken back; another timeout is not.
      assert.deepEqual(await failuresOf(connect(org), { ...portal(''), xml: kept }), []);
      const another = portal(userSession + element('namedUserJwtTimeout', '30'));
      assert.equal((await failuresOf(connect(org), another)).length, 1);
      assert.equal(await changed(org, portal(''), () => portal('').xml), portal('').xml);
    },
    off: async (org) => {
      await changed(org, portal(custom(15)), () => portal(custom(15)).xml);
      const xml = await changed(org, portal(userSession), () => portal(userSession).xml);
      assert.equal(xml, portal(userSession).xml);
    },
  },
  defaultPolicies: {
    on: async (org) => {
      assert.equal((await deploy(connect(org), newApp(), { checkOnly: true })).status, 'Succeeded');
      assert.equal(org.component(policiesType, 'New_App_defaultPolicy'), undefined);
      assert.equal((await deploy(connect(org), newApp())).status, 'Succeeded');
      for (const type of [policiesType, pluginType]) {
        const component = { type, fullName: 'New_App_defaultPolicy' };
        await changed(org, component, withText('label', 'Renamed'));
      }
    },
    off: async (org) => {
      assert.equal((await deploy(connect(org), newApp())).status, 'Succeeded');
      assert.equal(org.component(policiesType, 'New_App_defaultPolicy'), undefined);
    },
  },
});
