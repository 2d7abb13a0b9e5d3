import assert from 'node:assert/strict';
import { Metadata, status } from '@grpc/grpc-js';
import { ConfigurationError, ProviderError } from '../../../../provider/src/errors.js';
import { ChangedOrgError } from '../../../../provider/src/lifecycle/change.js';
import { callError } from '../../../../provider/src/native/callErrors.js';
import { ProviderCallError, toProviderCallError } from '../../../support/providerCallError.js';

/** The error as the engine reads it. */
const asRead = (...args: Parameters<typeof callError>): ProviderCallError => {
  const { code, details = '', metadata = new Metadata() } = callError(...args);
  assert.equal(code, status.UNKNOWN);
  return toProviderCallError(Object.assign(new Error(details), { code, details, metadata }));
};

describe('the error of a call', () => {
  it('is the message, with the settings as this provider names them', () => {
    const error = new ConfigurationError({ code: 'ECA1017', cause: 'org must be a key of salesforce:orgs' });
    assert.deepEqual(
      asRead(error, 'salesforce-eca'),
      new ProviderCallError('[ECA1017] org must be a key of salesforce-eca:orgs', undefined),
    );
    assert.equal(
      asRead(error, { provider: 'uat' }).message,
      '[ECA1017] org must be a key of orgs of the provider "uat"',
    );
    assert.equal(
      asRead(new TypeError('not a function'), 'salesforce-eca').message,
      '[ECA9005] not a function',
    );
    assert.equal(
      asRead(new ProviderError({ code: 'ECA3001', cause: 'does not exist' }), 'salesforce-eca').initFailure,
      undefined,
    );
  });

  it('contains the resource if the org may have been changed, with its secrets marked', () => {
    const parts = { code: 'ECA6001', cause: 'timed out (salesforce:timeoutMinutes)' } as const;
    const properties = { externalClientApplication: 'portal', org: 'a secret', nothing: undefined };
    const { message, initFailure } = asRead(
      new ChangedOrgError(parts, '00D/portal', properties),
      { provider: 'uat' },
      new Set(['org']),
    );
    assert.equal(message, '[ECA6001] timed out (timeoutMinutes of the provider "uat")');
    assert.deepEqual(initFailure, {
      id: '00D/portal',
      reasons: [message],
      properties: {
        externalClientApplication: 'portal',
        org: { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', value: 'a secret' },
      },
    });
  });
});
