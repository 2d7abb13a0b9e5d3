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
  it('compares consumer keys if the sign-in contains one, without a request', () => {
    assert.equal(isIt({ consumerKey: 'key-of-portal' }), true);
    assert.equal(isIt({ consumerKey: 'key-of-deployer' }), false);
  });

  it('accepts the label or the developer name of the session’s application as proof', () => {
    assert.equal(isIt({ applications: ['Customer portal'] }), true);
    assert.equal(isIt({ applications: ['CLI', 'portal'] }), true);
  });

  it('does not accept another name, or none, as proof', () => {
    assert.equal(isIt({ applications: ['Customer'] }), undefined);
    assert.equal(isIt({ applications: [] }), undefined);
  });

  it('sends no request if no guard depends on it', () => {
    assert.equal(isIt({}, { namedUserJwtTimeout: 30 }), undefined);
    assert.equal(isIt({ apiVersion: 68 }), undefined);
    const installed = appComponents('portal');
    delete installed.ExtlClntAppGlobalOauthSettings;
    assert.equal(isIt({}, turnsOn, installed), undefined);
  });

  it('also asks at 68.0 if the org returned no certificate', () => {
    const withoutCertificate = appComponents('portal', {
      ExtlClntAppGlobalOauthSettings: { certificate: '' },
    });
    assert.equal(isIt({ apiVersion: 68, applications: ['portal'] }, turnsOn, withoutCertificate), true);
  });
});
