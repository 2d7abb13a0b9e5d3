import assert from 'node:assert/strict';
import { ProviderError } from '../../../../../provider/src/errors.js';
import type { Component } from '../../../../../provider/src/components/components.js';
import type { FileProperties } from '../../../../../provider/src/org/metadataApi.js';
import { planFor } from '../../../../../provider/src/reconcile/plan/plan.js';
import { Snapshot } from '../../../../../provider/src/reconcile/snapshot/snapshot.js';
import { appComponents, request } from '../../support/reconcile.js';
import type { AppElements } from '../../support/reconcile.js';

const org = {
  label: '"uat"',
  organizationId: '00D000000000062EAA',
  apiVersion: 68,
  signInConsumerKey: 'key-of-deployer',
};

/** An org with one app, as a retrieve shows it. */
function snapshotOf(elements: AppElements = {}, without: readonly Component['type'][] = []): Snapshot {
  const components = Object.values(appComponents('portal', elements));
  return new Snapshot(components.filter(({ type }) => !without.includes(type)));
}

/** What an org lists of the components of some types. */
const listed = (snapshot: Snapshot, types: readonly Component['type'][]): FileProperties[] =>
  snapshot.components
    .filter(({ type }) => types.includes(type))
    .map((component) => ({ ...component, fileName: component.path }));

describe('planFor', () => {
  it('settles an app that is as wanted, and returns what was found', () => {
    const plan = planFor(request('portal', { isNamedUserJwtEnabled: false }), snapshotOf(), org);
    assert(plan.kind === 'settled' && plan.result.isPresent);
    assert.deepEqual(plan.result.before, { isNamedUserJwtEnabled: false });
    assert.equal(plan.result.after.tokenFormat, 'opaque');
  });

  it('plans to change what differs, and nothing else', () => {
    const wanted = { isNamedUserJwtEnabled: false, namedUserJwtTimeout: 30 };
    const plan = planFor(request('portal', wanted), snapshotOf(), org);
    assert(plan.kind === 'change');
    assert.deepEqual(plan.changes, { namedUserJwtTimeout: 30 });
  });

  it('keeps the values that were found first', () => {
    const earlier = { before: { isNamedUserJwtEnabled: true } };
    const plan = planFor(request('portal', { isNamedUserJwtEnabled: false }), snapshotOf(), org, earlier);
    assert(plan.kind === 'settled' && plan.result.isPresent);
    assert.deepEqual(plan.result.before, { isNamedUserJwtEnabled: true });
  });

  it('refuses what a guard refuses, and still returns the values', () => {
    const isOn = { ExtlClntAppOauthConfigurablePolicies: { isGuestCodeCredFlowEnabled: 'true' } };
    const on = { ...isOn, ExtlClntAppGlobalOauthSettings: { isNamedUserJwtEnabled: 'true' } };
    const plan = planFor(request('portal', { isNamedUserJwtEnabled: false }), snapshotOf(on), org);
    assert(plan.kind === 'refused' && plan.error instanceof ProviderError);
    assert.match(plan.error.message, /refused by the guard guestFlow/);
    assert.deepEqual(plan.live, { isNamedUserJwtEnabled: true });
  });

  it('refuses what the program itself forbids, right before a change', () => {
    const conflict = new ProviderError({ code: 'ECA2012', cause: 'another resource declares it' });
    const plan = planFor(
      request(
        'portal',
        { isNamedUserJwtEnabled: true },
        {
          beforeChange: () => {
            throw conflict;
          },
        },
      ),
      snapshotOf(),
      org,
    );
    assert(plan.kind === 'refused');
    assert.equal(plan.error, conflict);
  });

  describe('if the snapshot lacks something', () => {
    const wanted = { isNamedUserJwtEnabled: true };

    it('needs the list of apps if no app of this name was returned', () => {
      const plan = planFor(request('gateway', wanted), snapshotOf(), org);
      assert(plan.kind === 'needs');
      assert.deepEqual(plan.needs, ['appList']);
    });

    it('accepts a list of other apps as proof that the app does not exist', () => {
      const snapshot = snapshotOf();
      const value = listed(snapshot, ['ExternalClientApplication']);
      const plan = planFor(request('portals', wanted), snapshot.withAnswer('appList', { value }), org);
      assert(plan.kind === 'settled' && !plan.result.isPresent);
      assert.deepEqual(plan.result.nearestNames, ['portal']);
    });

    it('does not accept an empty list as proof', () => {
      const snapshot = new Snapshot([]).withAnswer('appList', { value: [] });
      const plan = planFor(request('portal', wanted), snapshot, org);
      assert(plan.kind === 'refused' && plan.error instanceof ProviderError);
      assert.match(plan.error.message, /returned no external client apps/);
    });

    it('needs both lists, then the components that they name, if a component was not returned', () => {
      const without = snapshotOf({}, ['ExtlClntAppGlobalOauthSettings']);
      const first = planFor(request('portal', wanted), without, org);
      assert(first.kind === 'needs');
      assert.deepEqual(first.needs, ['appList', 'componentList']);
      const asked = without
        .withAnswer('appList', { value: listed(without, ['ExternalClientApplication']) })
        .withAnswer('componentList', { value: [] });
      const second = planFor(request('portal', wanted), asked, org);
      assert(second.kind === 'needs');
      assert.deepEqual(second.needs, ['listedComponents']);
    });

    it('fails with the response of the org', () => {
      const error = new Error('refused');
      const plan = planFor(request('gateway', wanted), snapshotOf().withAnswer('appList', { error }), org);
      assert(plan.kind === 'refused');
      assert.equal(plan.error, error);
    });
  });

  it('asks which application the session belongs to only if a guard depends on it', () => {
    const below68 = { ...org, apiVersion: 67, signInConsumerKey: undefined };
    const wanted = request('portal', { isNamedUserJwtEnabled: true });
    const plan = planFor(wanted, snapshotOf(), below68);
    assert(plan.kind === 'needs');
    assert.deepEqual(plan.needs, ['signInApplications']);
    const asked = snapshotOf().withAnswer('signInApplications', { value: ['portal'] });
    const refused = planFor(wanted, asked, below68);
    assert(refused.kind === 'refused' && refused.error instanceof ProviderError);
    assert.match(refused.error.message, /refused by the guard lockOut/);
  });
});
