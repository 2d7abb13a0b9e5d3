import assert from 'node:assert/strict';
import * as jsforce from '@jsforce/jsforce-node';
import { CleanUp } from '../../tools/cleanUp.js';
import { checkClient } from './checkClient.js';
import type { Outcome } from './cell.js';
import { openJsforce, type JsforceModule } from './clients/jsforce.js';
import { operations } from './operations.js';

/** What jsforce or the local org does not do. */
const notOffered = ['browser', 'quickDeploy'];

/** The part of `npm run conformance` that needs nothing to be got: Salesforce's own build of jsforce, which this repository has. */
describe('the local org, to jsforce', function () {
  this.timeout(60_000);
  const cleanUp = new CleanUp();
  const outcomes = new Map<string, Outcome>();

  before(() =>
    checkClient({
      release: {
        name: 'jsforce-node',
        label: '@jsforce/jsforce-node',
        needsHttps: false,
        install: () => Promise.resolve(openJsforce(jsforce as unknown as JsforceModule)),
      },
      operations,
      cleanUp,
      onCell: ({ operation, outcome }) => outcomes.set(operation, outcome),
    }),
  );
  after(() => cleanUp.run());

  for (const { name, group, label } of operations) {
    it(`${group}: ${label}`, () => {
      const outcome = outcomes.get(name);
      assert.equal(
        outcome?.kind,
        notOffered.includes(name) ? 'notOffered' : 'passed',
        JSON.stringify(outcome),
      );
    });
  }
});
