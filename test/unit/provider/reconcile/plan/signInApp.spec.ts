import assert from 'node:assert/strict';
import type { FieldValues } from '../../../../../provider/src/policy/fields.js';
import { isSignInApp } from '../../../../../provider/src/reconcile/plan/signInApp.js';
import { Snapshot } from '../../../../../provider/src/reconcile/snapshot/snapshot.js';
import { appComponents, request } from '../../support/reconcile.js';

const components = appComponents('portal', { ExternalClientApplication: { label: 'Customer portal' } });
const turnsOn = { isNamedUserJwtEnabled: true };

/** What the org says of the session's applications; `undefined`: it must not be asked. */
interface Session {
  consumerKey?: string;
  applications?: readonly string[];
  apiVersion?: number;
}

function isIt(
  { consumerKey, applications, apiVersion = 67 }: Session,
  changes: FieldValues = turnsOn,
  app = components,
): boolean | undefined {
  return isSignInApp(
    request('portal', changes),
    applications === undefined
      ? new Snapshot([])
      : new Snapshot([]).withAnswer('signInApplications', { value: applications }),
    { apiVersion, signInConsumerKey: consumerKey },
    app,
    changes,
  );
}

describe('isSignInApp', () => {
  it('compares consumer keys where the sign-in tells its own, and asks nobody', () => {
    assert.equal(isIt({ consumerKey: 'key-of-portal' }), true);
    assert.equal(isIt({ consumerKey: 'key-of-deployer' }), false);
  });

  it('takes the label or the developer name of the session’s application for a proof', () => {
    assert.equal(isIt({ applications: ['Customer portal'] }), true);
    assert.equal(isIt({ applications: ['CLI', 'portal'] }), true);
  });

  it('takes another name, or none, for no proof', () => {
    assert.equal(isIt({ applications: ['Customer'] }), undefined);
    assert.equal(isIt({ applications: [] }), undefined);
  });

  it('asks nobody where no guard depends on it', () => {
    assert.equal(isIt({}, { namedUserJwtTimeout: 30 }), undefined);
    assert.equal(isIt({ apiVersion: 68 }), undefined);
    const installed = appComponents('portal');
    delete installed.ExtlClntAppGlobalOauthSettings;
    assert.equal(isIt({}, turnsOn, installed), undefined);
  });

  it('asks at 68.0 too where the org returned no certificate', () => {
    const withoutCertificate = appComponents('portal', {
      ExtlClntAppGlobalOauthSettings: { certificate: '' },
    });
    assert.equal(isIt({ apiVersion: 68, applications: ['portal'] }, turnsOn, withoutCertificate), true);
  });
});
