import assert from 'node:assert/strict';
import timers from 'node:timers/promises';
import { startLocalOrg } from 'salesforce-local-org';
import type { LocalOrg, LocalOrgServer } from 'salesforce-local-org';
import sinon from 'sinon';
import { apiError, invalidCrossReference } from '../support/apiAnswers.js';
import { newProviderRun } from '../support/providerRun.js';
import { requestKinds } from '../support/arrivals.js';
import { putApp } from '../support/localApps.js';

/** In this process, so that its clock can be put forward. */
describe('a deploy of an earlier run that the org does not find', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;

  beforeEach(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    // The provider waits by a clock that runs as fast as it likes.
    let waited = 0;
    const now = performance.now.bind(performance);
    sinon.stub(performance, 'now').callsFake(() => now() + waited);
    sinon.stub(timers, 'setTimeout').callsFake((delay) => {
      waited += delay ?? 0;
      return Promise.resolve();
    });
  });
  afterEach(async () => {
    sinon.restore();
    await server.close();
  });

  it('counts as ended after a minute if the list of deploys may not be read', async () => {
    const provider = newProviderRun({
      'salesforce:instanceUrl': org.instanceUrl,
      'salesforce:accessToken': org.accessToken,
    });
    putApp(org, 'Portal');
    const { id, outs } = await provider.create({
      externalClientApplication: 'Portal',
      isNamedUserJwtEnabled: true,
    });
    org.clearRequests();
    org.faults.add({ on: 'checkDeployStatus', do: invalidCrossReference('checkDeployStatus') });
    org.faults.add({
      on: 'query',
      do: apiError(400, 'INVALID_TYPE', "sObject type 'DeployRequest' is not supported.")('query'),
    });
    const before = performance.now();
    const { props } = await provider.read(id, { ...outs, pendingDeploy: '0Af000000000042AAA' });
    const seconds = (performance.now() - before) / 1000;
    assert.equal(props?.['pendingDeploy'], undefined);
    assert.equal(props?.['isNamedUserJwtEnabled'], true);
    assert.ok(seconds >= 60, `it was over after ${seconds} seconds`);
    assert.equal(requestKinds(org).filter((kind) => kind === 'query').length, 1);
  });
});
