import assert from 'node:assert/strict';
import type { FieldValues } from '../../../../provider/src/policy/fields.js';
import { isSignInApp } from '../../../../provider/src/reconcile/signInApp.js';
import { appComponents, job } from '../support/reconcile.js';

const components = appComponents('portal', { ExternalClientApplication: { label: 'Customer portal' } });
const turnsOn = { isNamedUserJwtEnabled: true };

/** What the org says of the session's applications; `undefined`: it must not be asked. */
interface Session {
  consumerKey?: string;
  applications?: readonly string[];
  apiVersion?: number;
}

async function isIt(
  { consumerKey, applications, apiVersion = 67 }: Session,
  changes: FieldValues = turnsOn,
  app = components,
): Promise<boolean | undefined> {
  return isSignInApp(
    job('portal', changes),
    {
      apiVersion,
      signInConsumerKey: consumerKey,
      signInApplications: () =>
        applications === undefined
          ? Promise.reject(new Error('the org was asked'))
          : Promise.resolve(applications),
    },
    app,
    changes,
  );
}

describe('isSignInApp', () => {
  it('compares consumer keys where the sign-in tells its own, and asks nobody', async () => {
    assert.equal(await isIt({ consumerKey: 'key-of-portal' }), true);
    assert.equal(await isIt({ consumerKey: 'key-of-deployer' }), false);
  });

  it('takes the label or the developer name of the session’s application for a proof', async () => {
    assert.equal(await isIt({ applications: ['Customer portal'] }), true);
    assert.equal(await isIt({ applications: ['CLI', 'portal'] }), true);
  });

  it('takes another name, or none, for no proof', async () => {
    assert.equal(await isIt({ applications: ['Customer'] }), undefined);
    assert.equal(await isIt({ applications: [] }), undefined);
  });

  it('asks nobody where no guard depends on it', async () => {
    assert.equal(await isIt({}, { namedUserJwtTimeout: 30 }), undefined);
    assert.equal(await isIt({ apiVersion: 68 }), undefined);
    const installed = appComponents('portal');
    delete installed.ExtlClntAppGlobalOauthSettings;
    assert.equal(await isIt({}, turnsOn, installed), undefined);
  });

  it('asks at 68.0 too where the org returned no certificate', async () => {
    const withoutCertificate = appComponents('portal', {
      ExtlClntAppGlobalOauthSettings: { certificate: '' },
    });
    assert.equal(await isIt({ apiVersion: 68, applications: ['portal'] }, turnsOn, withoutCertificate), true);
  });
});
