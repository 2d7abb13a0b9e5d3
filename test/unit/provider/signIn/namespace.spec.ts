import assert from 'node:assert/strict';
import { ConfigurationError, ProviderError } from '../../../../provider/src/errors.js';
import { errorInNamespace, inNamespace } from '../../../../provider/src/signIn/namespace.js';

describe('the names of settings in messages', () => {
  it('have the namespace, also in commands', () => {
    assert.equal(
      inNamespace(
        "set salesforce:apiVersion, or pulumi config set --path 'salesforce:orgs.uat.clientId'",
        'salesforce-eca',
      ),
      "set salesforce-eca:apiVersion, or pulumi config set --path 'salesforce-eca:orgs.uat.clientId'",
    );
  });

  it('are only settings, not types or other names', () => {
    for (const text of [
      'pulumi-nodejs:dynamic/salesforce:ExternalClientAppJwtPolicy',
      'salesforce:other',
      'salesforce: no',
      'salesforce:orgsOfOthers',
    ])
      assert.equal(inNamespace(text, 'salesforce-eca'), text);
  });

  it('have the namespace in every part of an error', () => {
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

  describe('of an explicit provider', () => {
    const explicit = (message: string): string => inNamespace(message, { provider: 'uat' });

    it('are its properties', () => {
      assert.equal(
        explicit('salesforce:apiVersion is 61.0. Set salesforce:apiVersion to 65.0'),
        'apiVersion of the provider "uat" is 61.0. Set apiVersion of the provider "uat" to 65.0',
      );
      assert.equal(
        explicit('org "qa" was not found in salesforce:orgs. salesforce:orgs.qa.clientId is not set'),
        'org "qa" was not found in orgs of the provider "uat". orgs.qa.clientId of the provider "uat" is not set',
      );
    });

    it('name the provider once in a list', () => {
      assert.equal(
        explicit('found salesforce:clientId, salesforce:username, SF_TARGET_ORG'),
        'found clientId, username of the provider "uat", SF_TARGET_ORG',
      );
    });

    it('are set in the program and not by a command', () => {
      assert.equal(
        explicit(
          'JWT bearer: pulumi config set salesforce:clientId <consumer key>; pulumi config set salesforce:privateKey --secret < <file>',
        ),
        'JWT bearer: set clientId of the provider "uat" to <consumer key>, privateKey to the content of <file>',
      );
      assert.equal(
        explicit("Add it: pulumi config set --path 'salesforce:orgs.qa.instanceUrl' https://..."),
        'Add it: set orgs.qa.instanceUrl of the provider "uat" to https://...',
      );
    });

    it('are those of the provider where others are those of the stack', () => {
      assert.equal(
        explicit('sign-in to org of the top-level settings'),
        'sign-in to org of the provider "uat"',
      );
    });

    it('show nothing of the name of the provider that a terminal acts on', () => {
      assert.equal(
        inNamespace('salesforce:orgs', { provider: '\u001b[31mred$&' }),
        'orgs of the provider "\uFFFD[31mred$&"',
      );
    });
  });

  it('leave an error of the dynamic provider as it is', () => {
    const error = new ConfigurationError({ code: 'ECA1001', cause: 'salesforce:clientId' });
    assert.equal(errorInNamespace(error, 'salesforce'), error);
    assert.equal(errorInNamespace(error, undefined), error);
  });
});
