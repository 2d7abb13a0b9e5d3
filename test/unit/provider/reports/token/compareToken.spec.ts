import assert from 'node:assert/strict';
import type { TokenLifetime } from '../../../../../provider/src/policy/tokenLifetime.js';
import { compareToken } from '../../../../../provider/src/reports/token/compareToken.js';

type App = Parameters<typeof compareToken>[1];
const life = (possibleMinutes: number[]): TokenLifetime => ({
  kind: 'fixed',
  maximumMinutes: possibleMinutes.at(-1) ?? 1440,
  possibleMinutes,
  source: possibleMinutes.length === 0 ? 'unknown' : 'app',
  reason: 'why',
});
const app = (possibleMinutes: number[], changes: Partial<App> = {}): App => ({
  isOauthEnabled: true,
  oauthDisabledReason: undefined,
  tokenFormat: 'jwt',
  tokenFormatReason: undefined,
  namedUserTokenLifetime: life(possibleMinutes),
  problem: undefined,
  ...changes,
});

describe('a token compared with the settings of its app', () => {
  const cases: [what: string, token: Parameters<typeof compareToken>[0], settings: App, status: string[]][] =
    [
      ['as set', { format: 'jwt', lifetimeMinutes: 30 }, app([30]), ['ok', 'ok']],
      [
        'an app that was not read',
        { format: 'jwt', lifetimeMinutes: 30 },
        app([], {
          isOauthEnabled: false,
          namedUserTokenLifetime: undefined,
          problem: 'the org did not return it',
        }),
        ['unknown', 'unknown'],
      ],
      ['a second off is as set', { format: 'jwt', lifetimeMinutes: 29.99 }, app([30]), ['ok', 'ok']],
      ['a minute off is not', { format: 'jwt', lifetimeMinutes: 29 }, app([30]), ['ok', 'differs']],
      ['one of several lives', { format: 'jwt', lifetimeMinutes: 120 }, app([30, 120, 720]), ['ok', 'ok']],
      [
        'none of several lives',
        { format: 'jwt', lifetimeMinutes: 60 },
        app([30, 120, 720]),
        ['ok', 'differs'],
      ],
      [
        'a life that the org does not tell',
        { format: 'jwt', lifetimeMinutes: 60 },
        app([]),
        ['ok', 'unknown'],
      ],
      ['a life that no session has', { format: 'jwt', lifetimeMinutes: 1500 }, app([]), ['ok', 'differs']],
      ['no dates', { format: 'jwt', lifetimeMinutes: undefined }, app([30]), ['ok', 'unknown']],
      [
        'opaque against JWT',
        { format: 'opaque', lifetimeMinutes: undefined },
        app([30]),
        ['differs', 'unknown'],
      ],
      [
        'JWT against opaque',
        { format: 'jwt', lifetimeMinutes: 30 },
        app([30], { tokenFormat: 'opaque', namedUserTokenLifetime: { ...life([30]), kind: 'inactivity' } }),
        ['differs', 'unknown'],
      ],
      [
        'opaque as set',
        { format: 'opaque', lifetimeMinutes: 120 },
        app([], { tokenFormat: 'opaque', namedUserTokenLifetime: { ...life([120]), kind: 'inactivity' } }),
        ['ok', 'ok'],
      ],
      [
        'opaque with another life',
        { format: 'opaque', lifetimeMinutes: 60 },
        app([], { tokenFormat: 'opaque', namedUserTokenLifetime: { ...life([120]), kind: 'inactivity' } }),
        ['ok', 'differs'],
      ],
      [
        'a format that the org does not show',
        { format: 'jwt', lifetimeMinutes: 30 },
        app([30], { tokenFormat: 'unknown' }),
        ['unknown', 'ok'],
      ],
      [
        'an app without OAuth',
        { format: 'opaque', lifetimeMinutes: undefined },
        app([], { isOauthEnabled: false, oauthDisabledReason: 'off', namedUserTokenLifetime: undefined }),
        ['differs', 'unknown'],
      ],
    ];
  for (const [what, token, settings, status] of cases) {
    it(`${what}: ${status.join(', ')}`, () => {
      assert.deepEqual(
        compareToken(token, settings, false).map((comparison) => comparison.status),
        status,
      );
    });
  }
});
