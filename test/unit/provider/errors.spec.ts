import assert from 'node:assert/strict';
import {
  CodedError,
  formatMessage,
  messageOf,
  partsOf,
  ProviderError,
  reasonOf,
  withParts,
} from '../../../provider/src/errors.js';

describe('a message', () => {
  const parts = { code: 'ECA1001', subject: 'sign-in to org "uat"', cause: 'no way is complete' } as const;
  const error = new ProviderError(
    withParts(
      { ...parts, advice: 'Set one' },
      { subject: 'App "a"', advice: 'Try again', orgState: 'Unchanged' },
    ),
  );

  it('lists choices at the end, one per line', () => {
    const parts = { code: 'ECA1001', cause: 'nothing is set', choices: ['one', 'two'] } as const;
    assert.equal(
      formatMessage(withParts(parts, { subject: 'App "a"', hint: 'Or stop' })),
      '[ECA1001] App "a": nothing is set. Or stop\n  one\n  two',
    );
  });

  it('begins with its code, and has its parts in a fixed order', () => {
    assert.equal(
      formatMessage({ ...parts, hint: 'Last', orgState: 'Unchanged', advice: 'Set one' }),
      '[ECA1001] sign-in to org "uat": no way is complete. Set one. Unchanged. Last',
    );
    assert.equal(
      formatMessage({ code: 'ECA3001', subject: 'App "a"', isOneSentence: true, cause: 'does not exist' }),
      '[ECA3001] App "a" does not exist',
    );
  });

  it('can get a subject at the start and advice at the end', () => {
    assert.equal(
      error.message,
      '[ECA1001] App "a": sign-in to org "uat": no way is complete. Set one. Try again. Unchanged',
    );
    assert.deepEqual(withParts(parts, {}), {
      ...parts,
      advice: undefined,
      orgState: undefined,
      hint: undefined,
    });
  });

  it('has no code within another one', () => {
    assert.equal(`[ECA1001] ${reasonOf(error)}`, error.message);
    assert.equal(reasonOf(new Error('It broke.')), 'It broke');
  });

  it('has a code even if this package did not write it', () => {
    assert.equal(messageOf(new Error('It broke.')), '[ECA9005] It broke');
    assert.equal(messageOf('It broke'), '[ECA9005] It broke');
    assert.equal(messageOf(new CodedError('It broke', 'ECA1504')), '[ECA1504] It broke');
    assert.equal(messageOf(error), error.message);
    assert.equal(partsOf(error), error.parts);
  });

  it('has no control characters for a terminal or log', () => {
    const hostile = new ProviderError({ code: 'ECA5001', cause: 'a\u001b[2J##vso[b]' });
    assert.equal(hostile.message, '[ECA5001] a\uFFFD[2J# #vso[b]');
    assert.equal(reasonOf(hostile), 'a\uFFFD[2J# #vso[b]');
  });
});
