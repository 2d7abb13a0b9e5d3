import assert from 'node:assert/strict';
import type { ChangedComponent } from '../../../../../provider/src/reconcile/deploy/changedComponents.js';
import { inTwoSteps } from '../../../../../provider/src/reconcile/deploy/deploySteps.js';
import { failuresByRequest } from '../../../../../provider/src/reconcile/outcome.js';
import type { ReconcileRequest } from '../../../../../provider/src/reconcile/request.js';
import type { ComponentFailure } from '../../../../../provider/src/org/metadataApi.js';
import { appComponents, request, pathOf } from '../../support/reconcile.js';

const global = 'ExtlClntAppGlobalOauthSettings';
const policies = 'ExtlClntAppOauthConfigurablePolicies';

function change(of: ReconcileRequest, type: typeof global | typeof policies): ChangedComponent {
  const component = appComponents(of.app)[type];
  assert(component?.xml !== undefined);
  return { request: of, component, xml: component.xml };
}

const failure = (changes: Partial<ComponentFailure>): ComponentFailure => ({
  componentType: '',
  fullName: '',
  fileName: '',
  problem: 'refused',
  problemType: 'Error',
  lineNumber: undefined,
  columnNumber: undefined,
  ...changes,
});

describe('failuresByRequest', () => {
  const portal = request('portal', {});
  const gateway = request('Agent_Gateway', {});
  const changed = [change(portal, global), change(portal, policies), change(gateway, policies)];

  it('assigns each job the messages about its own components', () => {
    const failures = [
      failure({ componentType: policies, fullName: 'portal_oauthPlcy', problem: 'first' }),
      failure({ componentType: global, fullName: 'portal_glbloauth', problem: 'second' }),
      failure({ componentType: policies, fullName: 'Agent_Gateway_oauthPlcy', problem: 'third' }),
    ];
    assert.deepEqual(
      failuresByRequest(failures, changed),
      new Map([
        [portal, ['first', 'second']],
        [gateway, ['third']],
      ]),
    );
  });

  it('identifies a component by the path of its file if the org omits its name', () => {
    const failures = [failure({ fileName: `unpackaged/${pathOf(policies, 'Agent_Gateway_oauthPlcy')}` })];
    assert.deepEqual(failuresByRequest(failures, changed), new Map([[gateway, ['refused']]]));
  });

  it('assigns a message about a shared component to every job that changes it', () => {
    const other = request('portal', {});
    const failures = [failure({ componentType: policies, fullName: 'portal_oauthPlcy' })];
    assert.deepEqual(
      failuresByRequest(failures, [...changed, change(other, policies)]),
      new Map([
        [portal, ['refused']],
        [other, ['refused']],
      ]),
    );
  });

  it('assigns a message about the package to no job', () => {
    assert.equal(failuresByRequest([failure({ fileName: 'package.xml' })], changed).size, 0);
  });
});

describe('inTwoSteps', () => {
  const turnsOn = request('portal', { isNamedUserJwtEnabled: true });
  const turnsOff = request('Agent_Gateway', { isNamedUserJwtEnabled: false });
  const types = (steps: ChangedComponent[][]) =>
    steps.map((step) => step.map(({ request: { app }, component }) => `${app} ${component.type}`));

  it('deploys the global settings first when JWT-based tokens are turned on', () => {
    assert.deepEqual(types(inTwoSteps([change(turnsOn, policies), change(turnsOn, global)])), [
      [`portal ${global}`],
      [`portal ${policies}`],
    ]);
  });

  it('deploys the policies first when they are turned off', () => {
    assert.deepEqual(types(inTwoSteps([change(turnsOff, global), change(turnsOff, policies)])), [
      [`Agent_Gateway ${policies}`],
      [`Agent_Gateway ${global}`],
    ]);
  });

  it('orders each app independently', () => {
    const changed = [turnsOn, turnsOff].flatMap((of) => [change(of, global), change(of, policies)]);
    assert.deepEqual(types(inTwoSteps(changed)), [
      [`portal ${global}`, `Agent_Gateway ${policies}`],
      [`portal ${policies}`, `Agent_Gateway ${global}`],
    ]);
  });

  it('considers the other resources of an app', () => {
    const lifetimes = request('portal', { namedUserJwtTimeout: 30 });
    assert.deepEqual(types(inTwoSteps([change(lifetimes, policies), change(turnsOn, global)])), [
      [`portal ${global}`],
      [`portal ${policies}`],
    ]);
  });

  it('remains one step if there is nothing to order', () => {
    const lifetimes = request('portal', { namedUserJwtTimeout: 30 });
    assert.equal(inTwoSteps([change(lifetimes, policies)]).length, 1);
    assert.equal(inTwoSteps([change(turnsOn, global)]).length, 1);
  });
});
