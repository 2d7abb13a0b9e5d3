import assert from 'node:assert/strict';
import { Sessions, type Session } from '../../../../local-org/src/identity/sessions.js';
import { notKept } from '../../../../local-org/src/state/keptState.js';

const session = (token: string, changes: Partial<Session> = {}): Session => ({
  token,
  format: 'opaque',
  userId: '005000000000001AAA',
  consumerKey: undefined,
  scopes: [],
  issuedAt: 0,
  renewedAt: 0,
  lifetimeMs: 1000,
  expiresAt: 1000,
  uvid: undefined,
  grantId: undefined,
  ...changes,
});

describe('the sessions of an org', () => {
  it('are limited in number: those of guests are dropped first, then those that end first', () => {
    const sessions = new Sessions(() => 0, notKept);
    sessions.add(session('comes with the org', { expiresAt: 10_000_000 }));
    for (let count = 0; count < 15_000; count += 1) sessions.add(session(`user ${count}`));
    for (let count = 0; count < 100_000; count += 1) {
      sessions.add(session(`guest ${count}`, { uvid: 'x', expiresAt: 5000 }));
    }
    const live = sessions.live();
    assert.ok(live.length <= 20_000, `${live.length} sessions`);
    assert.ok(sessions.peek('comes with the org') !== undefined);
    assert.ok(sessions.peek('guest 99999') !== undefined, 'the newest one');
    const users = live.filter(({ token }) => token.startsWith('user'));
    assert.ok(users.length >= 9_000, `${users.length} sessions of users`);
  });
});
