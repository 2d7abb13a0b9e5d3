import assert from 'node:assert/strict';
import { ProviderError } from '../../../../provider/src/errors.js';
import { failureOf, type Entry } from '../../../../provider/src/reconcile/batchEntry.js';
import { request } from '../support/reconcile.js';

const org = { label: '"dev"', organizationId: '00D000000000001AAA', signInWay: 'accessToken' } as const;
const subject = 'External client app "Portal" in org "dev" (00D000000000001AAA)';
/** An entry whose app had no JSON Web Tokens, and has them now unless `isChanged` is false. */
const entry = (wanted: Entry['request']['wanted'], more: Partial<Entry> & { isChanged?: boolean }): Entry => {
  const { isChanged = true, ...rest } = more;
  return {
    request: request('Portal', wanted),
    before: { isNamedUserJwtEnabled: false },
    after: {
      live: { isNamedUserJwtEnabled: isChanged },
      names: { ExternalClientApplication: 'Portal' },
      tokenFormat: isChanged ? 'jwt' : 'opaque',
    },
    ...rest,
  };
};

describe('the error of an entry', () => {
  const both = { isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 } as const;
  const timedOut = new ProviderError({
    code: 'ECA6002',
    subject: 'org "dev"',
    cause: 'deploy 0Af1 timed out',
  });

  for (const [what, given, orgState] of [
    ['has not changed', entry(both, { isChanged: false }), 'The org was not changed'],
    [
      'has not changed, and a deploy was waited for',
      entry(both, { isChanged: false, isUnread: true }),
      'The app was not changed, unless by the deploy that was waited for',
    ],
    ['is half done', entry(both, {}), 'namedUserJwtTimeout is absent, expected 30 minutes'],
    [
      'is half done, and a deploy was waited for',
      entry(both, { isUnread: true }),
      'Read before the wait: namedUserJwtTimeout is absent, expected 30 minutes',
    ],
    ['is done', entry({ isNamedUserJwtEnabled: true }, {}), 'Its values are set'],
  ] as const) {
    it(`says what is known if the app ${what}`, () => {
      assert.equal(
        failureOf(org, given, timedOut).message,
        `[ECA6002] ${subject}: deploy 0Af1 timed out. ${orgState}`,
      );
    });
  }
});
