import assert from 'node:assert/strict';
import { strToU8, zipSync } from 'fflate';
import type { LocalOrg, LocalOrgServer } from '../../../local-org/src/index.js';
import { startLocalOrg } from '../../../local-org/src/index.js';
import {
  connect,
  deploy,
  globalType,
  packageXml,
  path,
  policies,
  policiesType,
  problemsOf,
} from './client.js';

const namespace = '{http://soap.sforce.com/2006/04/metadata}';
const readOnly = 'INSUFFICIENT_ACCESS_OR_READONLY: insufficient access rights on object id';

describe('the local org, refusing what an org refuses', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  afterEach(() => {
    org.faults.clear();
  });
  after(() => server.close());

  const portalPolicies = (elements: string) => ({
    type: policiesType,
    fullName: 'portal_defaultPolicy',
    xml: policies('portal', elements),
  });
  const type = (value: string, subject = 'namedUser') =>
    `    <${subject}JwtSessionTimeoutType>${value}</${subject}JwtSessionTimeoutType>\n`;
  const timeout = (value: string, subject = 'namedUser') =>
    `    <${subject}JwtTimeout>${value}</${subject}JwtTimeout>\n`;

  for (const [version, elements, problem] of [
    [
      '64.0',
      type('Custom') + timeout('30'),
      "Property 'namedUserJwtSessionTimeoutType' not valid in version 64.0",
    ],
    ['60.0', timeout('30'), "Property 'namedUserJwtTimeout' not valid in version 60.0"],
    ['64.0', timeout('60'), 'bad value for restricted picklist field: 60'],
    ['66.0', type('Custom') + timeout('07'), 'bad value for restricted picklist field: 07'],
    ['66.0', type('Forever'), "'Forever' is not a valid value for the enum 'JWTSessionTimeoutType'"],
    ['66.0', type('Custom'), 'namedUserJwtTimeout is required when namedUserJwtSessionTimeoutType is Custom'],
    [
      '66.0',
      type('UserSession', 'guest') + timeout('30', 'guest'),
      "guestJwtTimeout can't be set when guestJwtSessionTimeoutType is UserSession",
    ],
    [
      '66.0',
      '    <isNamedUserJwtEnabled>true</isNamedUserJwtEnabled>\n',
      "Property 'isNamedUserJwtEnabled' not valid in version 66.0",
    ],
    [
      '66.0',
      '    <permittedUsersPolicyType>AdminApproved</permittedUsersPolicyType>\n',
      "'AdminApproved' is not a valid value for the enum 'PermittedUsersPolicyType'",
    ],
    [
      '66.0',
      '    <isGuestCodeCredFlowEnabled>yes</isGuestCodeCredFlowEnabled>\n',
      "'yes' is not a valid value for the type xsd:boolean",
    ],
    [
      '66.0',
      '    <jwtTimeout>30</jwtTimeout>\n',
      `Error parsing file: Element ${namespace}jwtTimeout invalid at this location in type ${policiesType}`,
    ],
    [
      '66.0',
      timeout('30') + type('Custom'),
      `Error parsing file: Element ${namespace}namedUserJwtSessionTimeoutType invalid at this location in type ${policiesType}`,
    ],
    [
      '66.0',
      timeout('30') + timeout('15'),
      `Error parsing file: Element ${namespace}namedUserJwtTimeout duplicated at this location in type ${policiesType}`,
    ],
  ] as const) {
    it(`at ${version}: ${problem}`, async () => {
      assert.deepEqual(await problemsOf(connect(org, version), portalPolicies(elements)), [problem]);
    });
  }

  for (const [version, elements] of [
    ['61.0', '    <isNamedUserJwtEnabled>true</isNamedUserJwtEnabled>\n' + timeout('30')],
    ['64.0', timeout('1')],
    ['65.0', type('Custom') + timeout('720')],
    ['68.0', type('UserSession', 'guest') + type('UserSession')],
  ] as const) {
    it(`but takes at ${version}: ${elements.replace(/\s+/g, '')}`, async () => {
      assert.deepEqual(await problemsOf(connect(org, version), portalPolicies(elements)), []);
    });
  }

  it('a component of an app that does not exist', async () => {
    const xml = policies('Nobody', '');
    assert.deepEqual(
      await problemsOf(connect(org), { type: policiesType, fullName: 'Nobody_oauthPlcy', xml }),
      ['INVALID_CROSS_REFERENCE_KEY: no external client app named Nobody found'],
    );
  });

  it('a second component for one app', async () => {
    assert.deepEqual(await problemsOf(connect(org), { ...portalPolicies(''), fullName: 'portal_second' }), [
      'DUPLICATE_VALUE: duplicate key value violates unique constraint "ak3tl_setup_entity_data"',
    ]);
    const xml = org.component(globalType, 'portalGlblOAuth')!;
    assert.deepEqual(await problemsOf(connect(org), { type: globalType, fullName: 'portal_second', xml }), [
      'DUPLICATE_VALUE: ExtlClntAppOauthSettingsId duplicates value on portalGlblOAuth',
    ]);
  });

  it('new global settings of an app without OAuth settings', async () => {
    const xml = org.component(globalType, 'portalGlblOAuth')!.replace('>portal<', '>No_OAuth<');
    assert.deepEqual(
      await problemsOf(connect(org), { type: globalType, fullName: 'No_OAuth_glbloauth', xml }),
      [
        "The external client app configured in your global OAuth Settings doesn't have a valid OAuth settings configuration.",
      ],
    );
  });

  it('a file that is not well-formed, at its line, and one with a DOCTYPE', async () => {
    const broken = portalPolicies('    <label>x</lable>\n');
    assert.match((await problemsOf(connect(org), broken))[0]!, /^Error parsing file: /);
    const entity = {
      ...broken,
      xml: `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${policies('portal', '')}`,
    };
    assert.deepEqual(await problemsOf(connect(org), entity), ['Error parsing file: DOCTYPE is not allowed']);
  });

  it('a file that package.xml does not name, and a name without its file', async () => {
    const component = portalPolicies('');
    const archive = zipSync({
      'package.xml': strToU8(packageXml([{ type: policiesType, fullName: 'other' }], '66.0')),
      [path(component)]: strToU8(component.xml),
    });
    const { metadata } = connect(org);
    const { id } = await metadata.deploy(Buffer.from(archive), {
      singlePackage: true,
      rollbackOnError: true,
    });
    const result = await metadata.checkDeployStatus(id, true);
    assert.deepEqual(
      [result.details.componentFailures].flat().map(({ problem }) => problem),
      [
        `An object 'other' of type ${policiesType} was named in package.xml, but was not found in zipped directory`,
        'Not in package.xml',
      ],
    );
  });

  it('a package of a version that it does not offer', async () => {
    const { metadata } = connect(org);
    const archive = Buffer.from(zipSync({ 'package.xml': strToU8(packageXml([], '69.0')) }));
    const { id } = await metadata.deploy(archive, { singlePackage: true });
    const result = await metadata.checkDeployStatus(id);
    assert.equal(result.status, 'Failed');
    assert.match(result.errorMessage ?? '', /69\.0 .* up to 68\.0/);
  });

  for (const [role, fullType, fullName, allowed] of [
    ['developer', globalType, 'portalGlblOAuth', true],
    ['subscriberAdmin', globalType, 'portalGlblOAuth', false],
    ['subscriberAdmin', policiesType, 'acme__Billing_Sync_defaultPolicy', true],
    ['subscriberAdmin', policiesType, 'acme__Ledger_defaultPolicy', true],
    ['viewer', policiesType, 'portal_uat_defaultPolicy', false],
    ['developer', globalType, 'acme__Ledger_glbloauth', false],
    ['developer', 'ConnectedApp', 'Legacy_Connected', false],
  ] as const) {
    it(`${allowed ? 'nothing' : 'a change'} of ${fullName} (${fullType}) by ${role}`, async () => {
      const xml = org.component(fullType, fullName)!;
      const problems = await problemsOf(connect(org, '66.0', role), { type: fullType, fullName, xml });
      assert.deepEqual(problems, allowed ? [] : [readOnly]);
    });
  }

  it('the Metadata API to a user without its permission, over SOAP and REST', async () => {
    const connection = connect(org, '66.0', 'none');
    await assert.rejects(connection.metadata.list([{ type: 'ExternalClientApplication' }]), {
      name: 'sf:INSUFFICIENT_ACCESS',
    });
    await assert.rejects(connection.metadata.checkDeployStatus('0Af000000000000AAA', true, true), {
      name: 'INSUFFICIENT_ACCESS',
    });
  });

  it('plugin settings while JWT is off, only when asked to', async () => {
    const component = portalPolicies(type('UserSession'));
    assert.deepEqual(await problemsOf(connect(org), component), []);
    const global = org.component(globalType, 'portalGlblOAuth')!;
    const on = {
      type: globalType,
      fullName: 'portalGlblOAuth',
      xml: global.replace(/(JwtEnabled>)false/, '$1true'),
    };
    org.faults.refusePluginSettings = true;
    assert.deepEqual(await problemsOf(connect(org), component), ['Invalid plugin settings']);
    assert.equal((await deploy(connect(org), [on, component], { checkOnly: true })).status, 'Succeeded');
    org.faults.refusePluginSettings = 'strict';
    assert.equal((await deploy(connect(org), [on, component])).status, 'Failed');
    assert.equal((await deploy(connect(org), [on])).status, 'Succeeded');
    assert.equal((await deploy(connect(org), [component])).status, 'Succeeded');
  });

  it('a component, or all of an app, that a test asks it to fail', async () => {
    const remove = org.faults.failComponent('portal', 'No more portals');
    assert.deepEqual(await problemsOf(connect(org), portalPolicies('')), ['No more portals']);
    remove();
    assert.deepEqual(await problemsOf(connect(org), portalPolicies('')), []);
  });
});
