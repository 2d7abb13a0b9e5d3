import assert from 'node:assert/strict';
import { ConfigurationError, ProviderError } from '../../../../provider/src/errors.js';
import { errorInNamespace, inNamespace } from '../../../../provider/src/signIn/namespace.js';

describe('the names of settings in messages', () => {
  it('are in the namespace, also in commands', () => {
    assert.equal(
      inNamespace(
        "set salesforce:apiVersion, or pulumi config set --path 'salesforce:orgs.uat.clientId'",
        'salesforce-eca',
      ),
      "set salesforce-eca:apiVersion, or pulumi config set --path 'salesforce-eca:orgs.uat.clientId'",
    );
  });

  it('are nothing else: not a type, nor a name that is no setting', () => {
    for (const text of [
      'pulumi-nodejs:dynamic/salesforce:ExternalClientAppJwtPolicy',
      'salesforce:other',
      'salesforce: no',
      'salesforce:orgsOfOthers',
    ])
      assert.equal(inNamespace(text, 'salesforce-eca'), text);
  });

  it('are in the namespace in every part of an error', () => {
    const renamed = errorInNamespace(
      new ProviderError({
        code: 'ECA1001',
        subject: 'salesforce:orgs',
        cause: 'salesforce:clientId',
        advice: 'salesforce:username',
        orgState: 'salesforce:preview',
        hint: 'salesforce:audience',
        choices: ['salesforce:targetOrg'],
      }),
      'salesforce-eca',
    );
    assert.ok(renamed instanceof ProviderError);
    assert.equal(
      renamed.message,
      '[ECA1001] salesforce-eca:orgs: salesforce-eca:clientId. salesforce-eca:username. salesforce-eca:preview. ' +
        'salesforce-eca:audience\n  salesforce-eca:targetOrg',
    );
  });

  it('leave an error of the dynamic provider as it is', () => {
    const error = new ConfigurationError({ code: 'ECA1001', cause: 'salesforce:clientId' });
    assert.equal(errorInNamespace(error, 'salesforce'), error);
    assert.equal(errorInNamespace(error, undefined), error);
  });
});
