import assert from 'node:assert/strict';
import {
  alwaysShownGlobalBooleans,
  schemas,
  elementSchema,
} from '../../../local-org/src/components/schema.js';
import { sessionTimeoutMinutes } from '../../../local-org/src/components/sessionTimeoutValues.js';
import { componentTypes as orgTypes } from '../../../local-org/src/components/types.js';
import { oauthErrors } from '../../../local-org/src/identity/oauthErrors.js';
import { knownScopes, oauthScope } from '../../../local-org/src/identity/scopes.js';
import { guides, type Guide } from '../../../provider/src/reports/doctor/guides.js';
import {
  fieldDefinitions,
  firstVersionOf,
  jwtFields,
  jwtSessionTimeoutTypes,
  jwtTimeouts,
  jwtTimeoutsBefore65,
} from '../../../provider/src/policy/fields.js';
import { hasNotEnded } from '../../../provider/src/reconcile/deploy/deployQueue.js';
import { readSessionTimeouts } from '../../../provider/src/reconcile/apps/sessionTimeouts.js';
import { componentTypes } from '../../../provider/src/components/componentTypes.js';
import { adviceForSignIn } from '../../../provider/src/signIn/signInAdvice.js';
import { policies, policiesType, problemsOf, withOrg, connect } from '../localOrg/support/client.js';
import {
  elementVersions,
  jwtMinutes,
  places,
  refusedDeploys,
  refusedSignIns,
  scopes,
  sessionTimeouts,
  trueByDefault,
} from './facts.js';
import { SalesforceTypes } from './salesforceTypes.js';

const salesforce = new SalesforceTypes();

describe('what provider and local org both assume about Salesforce', () => {
  describe('elements and the API versions that have them', () => {
    it('local org: each element has the versions of the WSDLs', () => {
      for (const [type, late] of Object.entries(elementVersions)) {
        const held = Object.entries(schemas[type as keyof typeof schemas])
          .filter(([, { since, until }]) => since !== undefined || until !== undefined)
          .map(([name, { since, until }]) => [name, until === undefined ? [since] : [since, until]]);
        assert.deepEqual(Object.fromEntries(held), late, type);
      }
    });

    it('provider: each field is an element of its type, since the same version', () => {
      for (const field of jwtFields) {
        const { componentType, since, kind } = fieldDefinitions[field];
        assert.deepEqual(elementVersions[componentType]?.[field], [since], field);
        const text = {
          boolean: 'boolean',
          timeout: 'integer',
          timeoutType: 'JWTSessionTimeoutType UserSession|Custom',
        };
        assert.equal(salesforce.elements(componentType)[field], text[kind], field);
      }
    });
  });

  describe('JWT timeouts', () => {
    const all = [...jwtMinutes[61], ...jwtMinutes[65]];

    it('provider: the minutes, the types, and the version of each', () => {
      assert.deepEqual(jwtTimeouts, all);
      assert.deepEqual(jwtTimeoutsBefore65, jwtMinutes[61]);
      assert.deepEqual(jwtSessionTimeoutTypes, salesforce.values('JWTSessionTimeoutType'));
      for (const since of [61, 65] as const) {
        for (const minutes of jwtMinutes[since])
          assert.equal(firstVersionOf('namedUserJwtTimeout', minutes), since);
      }
    });

    it('local org: the minutes, and the version of each', () => {
      for (const element of ['namedUserJwtTimeout', 'guestJwtTimeout']) {
        const schema = elementSchema(policiesType, element);
        assert.ok(schema?.kind === 'picklistNumber');
        const expected = ([61, 65] as const).flatMap((since) =>
          jwtMinutes[since].map((minutes) => [String(minutes), since] as const),
        );
        assert.deepEqual([...schema.values], expected);
      }
    });
  });

  it('local org: defaults of booleans', () => {
    const shown = [...alwaysShownGlobalBooleans].filter(([, value]) => value).map(([name]) => name);
    assert.deepEqual(shown, trueByDefault);
  });

  describe('places of components in a zip', () => {
    it('provider', () => {
      const expected = Object.entries(places).map(([type, [folder, suffix]]) => [type, { folder, suffix }]);
      assert.deepEqual(componentTypes, Object.fromEntries(expected));
    });

    it('local org, with the first version of each type', () => {
      for (const [type, place] of Object.entries(places)) {
        const found = orgTypes.find(({ name }) => name === type);
        assert.deepEqual([found?.folder, found?.suffix, found?.since], place, type);
      }
    });
  });

  describe("the org's session timeouts", () => {
    it("are named as in Salesforce's enum", () => {
      assert.deepEqual(Object.keys(sessionTimeouts).sort(), salesforce.values('SessionTimeout').sort());
    });

    it('local org', () => {
      assert.deepEqual(Object.fromEntries(sessionTimeoutMinutes), sessionTimeouts);
    });

    for (const [value, minutes] of Object.entries(sessionTimeouts)) {
      it(`provider: ${value} is ${minutes} minutes`, async () => {
        const xml = `<SecuritySettings xmlns="http://soap.sforce.com/2006/04/metadata"><sessionSettings><sessionTimeout>${value}</sessionTimeout></sessionSettings></SecuritySettings>`;
        const files = new Map([['settings/Security.settings', Buffer.from(xml)]]);
        const api = { read: () => Promise.resolve([] as never) };
        assert.equal((await readSessionTimeouts({ files, messages: [] }, api)).orgMinutes, minutes);
      });
    }
  });

  describe('scopes of external client apps', () => {
    it('local org: each name in the Metadata API has its name in OAuth, and all are supported', () => {
      assert.deepEqual(
        Object.fromEntries(Object.keys(scopes).map((name) => [name, oauthScope(name)])),
        scopes,
      );
      assert.deepEqual(knownScopes, Object.values(scopes).sort());
    });

    it('provider: the names that doctor looks for match the scope that a guide requires', () => {
      for (const guide of Object.values<Guide>(guides)) {
        for (const { scope, metadataNames } of guide.scopes) {
          // Asking for offline_access is asking for a refresh token, too (documented).
          const granted = metadataNames.map((name) =>
            scopes[name]?.replace('offline_access', 'refresh_token'),
          );
          assert.deepEqual(new Set(granted), new Set([scope]));
        }
      }
    });
  });

  describe('deploys', () => {
    it('provider: the statuses of deploys that have not ended are in the WSDL, except for one in the reference', () => {
      const asked = [...hasNotEnded.matchAll(/'(\w+)'/g)].map(([, status = '']) => status);
      const ended = ['Succeeded', 'SucceededPartial', 'Failed', 'Canceled', 'FinalizingFailed'];
      assert.deepEqual(
        new Set(asked.filter((status) => status !== 'FinalizingDeploy')),
        new Set(salesforce.values('DeployStatus').filter((status) => !ended.includes(status))),
      );
    });

    it('local org: refuses with the messages of real orgs', () =>
      withOrg(async (org) => {
        const component = (app: string, elements: string, fullName = 'portal_defaultPolicy') => ({
          type: policiesType,
          fullName,
          xml: policies(app, elements),
        });
        const type = '    <namedUserJwtSessionTimeoutType>UserSession</namedUserJwtSessionTimeoutType>\n';
        const permitted = '    <permittedUsersPolicyType>AdminApproved</permittedUsersPolicyType>\n';
        const developer = connect(org);
        for (const [words, connection, what] of [
          [refusedDeploys.elementVersion, connect(org, '64.0'), component('portal', type)],
          [refusedDeploys.enumValue, developer, component('portal', permitted)],
          [refusedDeploys.missingApp, developer, component('Not_There', '', 'Not_There')],
          [refusedDeploys.secondComponent, developer, component('portal', '', 'second')],
          [refusedDeploys.noAccess, connect(org, '68.0', 'viewer'), component('portal', '')],
        ] as const) {
          const [problem = ''] = await problemsOf(connection, what);
          assert.match(problem, words);
        }
        org.faults.change({ refusePluginSettings: true });
        const [problem = ''] = await problemsOf(developer, component('portal', type));
        assert.match(problem, refusedDeploys.pluginSettings);
      }));
  });

  describe('refused sign-ins', () => {
    const ofTheOrg = Object.values(oauthErrors).map((make) => make());

    for (const [error, description, cure] of refusedSignIns) {
      it(`local org: ${error} · ${description}`, () => {
        assert.ok(ofTheOrg.some((each) => each.error === error && each.description === description));
      });

      it(`provider: ${error} · ${description}`, () => {
        assert.match(
          adviceForSignIn(error, description, 'https://acme.my.salesforce.com', 'jwtBearer').advice,
          cure,
        );
      });
    }
  });
});
