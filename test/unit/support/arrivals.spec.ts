import assert from 'node:assert/strict';
import type { RequestKind } from 'salesforce-local-org';
import { inFixedOrder } from '../../support/arrivals.js';

describe('requests that go side by side', () => {
  const cases: readonly { arrived: RequestKind[]; ordered: RequestKind[] }[] = [
    { arrived: ['versions', 'token', 'retrieve'], ordered: ['token', 'versions', 'retrieve'] },
    {
      arrived: ['query', 'token', 'userinfo', 'listMetadata', 'deploy'],
      ordered: ['query', 'listMetadata', 'token', 'userinfo', 'deploy'],
    },
    {
      arrived: ['listMetadata', 'query', 'listMetadata', 'query'],
      ordered: ['query', 'listMetadata', 'query', 'listMetadata'],
    },
    {
      arrived: ['listMetadata', 'query', 'userinfo', 'listMetadata', 'query'],
      ordered: ['query', 'listMetadata', 'userinfo', 'query', 'listMetadata'],
    },
    { arrived: ['query', 'listMetadata', 'query'], ordered: ['query', 'listMetadata', 'query'] },
    { arrived: ['query', 'deploy', 'listMetadata'], ordered: ['query', 'deploy', 'listMetadata'] },
  ];
  for (const { arrived, ordered } of cases) {
    it(`have one order: ${arrived.join(', ')}`, () => {
      assert.deepEqual(inFixedOrder(arrived), ordered);
    });
  }
});
