import assert from 'node:assert/strict';
import fc from 'fast-check';
import { adviceOnName, nearestNames } from '../../../../provider/src/policy/nearestNames.js';

const names = ['portal', 'portal_uat', 'Agent_Gateway', 'acme__Billing_Sync', 'Partner_API'];

describe('nearestNames', () => {
  const table = [
    ['portl', 'portal'],
    ['agent_gateway', 'Agent_Gateway'],
    ['AgentGateway', 'Agent_Gateway'],
    ['portal_uta', 'portal_uat'],
    ['Billing_Sync', 'acme__Billing_Sync'],
    ['other__Billing_Sync', 'acme__Billing_Sync'],
  ] as const;
  for (const [wanted, nearest] of table) {
    it(`puts ${nearest} first for ${wanted}`, () => {
      assert.equal(nearestNames(wanted, names)[0], nearest);
    });
  }

  it('prefers the same name in a namespace to a similar one without', () => {
    assert.deepEqual(nearestNames('Ledger', ['Badger', 'acme__Ledger']), ['acme__Ledger', 'Badger']);
  });

  it('returns at most three names, the nearest first and equally near ones in alphabetical order', () => {
    assert.deepEqual(nearestNames('app', ['app_d', 'app_4', 'app_c', 'app_b']), ['app_4', 'app_b', 'app_c']);
  });

  it('returns no name that is not similar', () => {
    assert.deepEqual(nearestNames('portal', []), []);
    assert.deepEqual(nearestNames('Checkout', names), []);
    assert.deepEqual(nearestNames('Partner', names), ['Partner_API']);
    assert.equal(adviceOnName(['portal', 'portal_uat']), 'Did you mean "portal" or "portal_uat"?');
    assert.match(adviceOnName([]), /^No app has a similar name\. Write an app with a namespace as ns__Name$/);
  });

  it('always finds a name that is in the list', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[A-Za-z]{1,8}$/), { minLength: 1 }), (all) => {
        const [wanted = ''] = all;
        const nearest = nearestNames(wanted, all)[0] ?? '';
        assert.equal(nearest.toLowerCase(), wanted.toLowerCase());
      }),
    );
  });
});
