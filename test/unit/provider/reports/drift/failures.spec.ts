import assert from 'node:assert/strict';
import { failuresOf } from '../../../../../provider/src/reports/drift/failures.js';
import type { ResourceDrift } from '../../../../../provider/src/reports/drift/report.js';

const resourceOf = (app: string): ResourceDrift => ({
  urn: `urn:${app}`,
  name: app,
  app,
  org: undefined,
  organizationId: undefined,
  status: 'failed',
  statements: [],
  differences: [],
});
const refused = (app: string, cause: string): { urn: string; message: string } => ({
  urn: `urn:${app}`,
  message: `Preview failed: [ECA1301] External client app "${app}" in org "uat": ${cause}.`,
});
const of = (...errors: { urn: string; message: string }[]): string[] =>
  failuresOf(errors, ['Orders', 'Billing', 'Portal'].map(resourceOf));

describe('what went wrong in a preview', () => {
  const end = { urn: '', message: 'preview failed' };

  it('is reported once for all affected apps, without what the engine adds', () => {
    const cause = 'retrieve was refused';
    assert.deepEqual(of(refused('Portal', cause), refused('Orders', cause), refused('Billing', cause), end), [
      '[ECA1301] External client app "Portal" in org "uat": retrieve was refused. The same for Billing, Orders',
    ]);
  });

  it('is reported for each cause', () => {
    assert.deepEqual(of(refused('Orders', 'one'), refused('Billing', 'two'), end), [
      '[ECA1301] External client app "Orders" in org "uat": one',
      '[ECA1301] External client app "Billing" in org "uat": two',
    ]);
    assert.deepEqual(of({ urn: 'urn:other', message: 'another resource' }, end), ['another resource']);
  });

  it('is never empty', () => {
    assert.deepEqual(of(end), ['preview failed']);
    assert.deepEqual(of(), []);
  });
});
