import assert from 'node:assert/strict';
import { absent } from '../../../../../provider/src/policy/fields.js';
import {
  membersOf,
  patchComponents,
} from '../../../../../provider/src/reconcile/deploy/changedComponents.js';
import { appComponents, componentXml, request } from '../../support/reconcile.js';

const global = 'ExtlClntAppGlobalOauthSettings';
const policies = 'ExtlClntAppOauthConfigurablePolicies';
const plainGlobal = {
  certificate: 'MIIC',
  consumerKey: 'key-of-portal',
  externalClientApplication: 'portal',
};
const plainPolicies = { externalClientApplication: 'portal', isGuestCodeCredFlowEnabled: 'false' };

describe('patchComponents', () => {
  const all = request('portal', {});

  it('patches each component that contains a changed field, and no other', () => {
    const changed = patchComponents(all, appComponents('portal'), {
      isNamedUserJwtEnabled: true,
      namedUserJwtSessionTimeoutType: 'Custom',
      namedUserJwtTimeout: 30,
    });
    assert.deepEqual(
      changed.map(({ component, xml }) => [component.type, xml]),
      [
        [
          global,
          componentXml(global, {
            ...plainGlobal,
            isNamedUserJwtEnabled: 'true',
            shouldRotateConsumerKey: 'false',
            shouldRotateConsumerSecret: 'false',
          }),
        ],
        [
          policies,
          componentXml(policies, {
            ...plainPolicies,
            namedUserJwtSessionTimeoutType: 'Custom',
            namedUserJwtTimeout: '30',
          }),
        ],
      ],
    );
    assert(changed.every((change) => change.request === all));
  });

  it('does not change the global settings when only lifetimes change', () => {
    const changed = patchComponents(all, appComponents('portal'), { guestJwtTimeout: 5 });
    assert.deepEqual(
      changed.map(({ component }) => component.type),
      [policies],
    );
  });

  it('removes the element of a value that becomes absent', () => {
    const components = appComponents('portal', {
      [policies]: { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: '30' },
    });
    const [changed] = patchComponents(all, components, {
      namedUserJwtSessionTimeoutType: absent,
      namedUserJwtTimeout: absent,
    });
    assert.equal(changed?.xml, componentXml(policies, plainPolicies));
  });

  it('never sends a rotation of the credentials, even if the retrieved file has one', () => {
    const components = appComponents('portal', {
      [global]: { shouldRotateConsumerKey: 'true', shouldRotateConsumerSecret: 'true' },
    });
    const [changed] = patchComponents(all, components, { isNamedUserJwtEnabled: true });
    assert.equal(
      changed?.xml,
      componentXml(global, {
        ...plainGlobal,
        isNamedUserJwtEnabled: 'true',
        shouldRotateConsumerKey: 'false',
        shouldRotateConsumerSecret: 'false',
      }),
    );
  });

  it('adds to what another job changes in the same component', () => {
    const components = appComponents('portal');
    const first = patchComponents(all, components, { namedUserJwtTimeout: 30 });
    const [second] = patchComponents(request('portal', {}), components, { guestJwtTimeout: 5 }, first);
    assert.equal(
      second?.xml,
      componentXml(policies, { ...plainPolicies, namedUserJwtTimeout: '30', guestJwtTimeout: '5' }),
    );
  });

  it('does not mix up the components of different apps', () => {
    const first = patchComponents(request('other', {}), appComponents('other'), { namedUserJwtTimeout: 30 });
    const [second] = patchComponents(all, appComponents('portal'), { guestJwtTimeout: 5 }, first);
    assert.equal(second?.xml, componentXml(policies, { ...plainPolicies, guestJwtTimeout: '5' }));
  });

  it('changes nothing if nothing differs', () => {
    assert.deepEqual(patchComponents(all, appComponents('portal'), {}), []);
  });
});

describe('membersOf', () => {
  it('lists each component once, by type, even if two jobs change it', () => {
    const [portal, gateway] = [request('portal', {}), request('Agent_Gateway', {})];
    const lifetime = { guestJwtTimeout: 5 };
    const changed = [
      ...patchComponents(portal, appComponents('portal'), { isNamedUserJwtEnabled: true, ...lifetime }),
      ...patchComponents(request('portal', {}), appComponents('portal'), { namedUserJwtTimeout: 5 }),
      ...patchComponents(gateway, appComponents('Agent_Gateway'), lifetime),
    ];
    assert.deepEqual(
      membersOf(changed),
      new Map([
        [global, ['portal_glbloauth']],
        [policies, ['portal_oauthPlcy', 'Agent_Gateway_oauthPlcy']],
      ]),
    );
  });
});
