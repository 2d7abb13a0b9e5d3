import assert from 'node:assert/strict';
import { cliReason, tidy } from '../../../../../provider/src/reports/stack/cliFailure.js';
import {
  isStateFromUp,
  parseDeployment,
  parsePreviewEvents,
} from '../../../../../provider/src/reports/drift/engineEvents.js';

describe('the output of the Pulumi CLI', () => {
  it('is read as steps, errors and a summary; other events and diagnostics are ignored', () => {
    const metadata = {
      op: 'same',
      urn: 'urn:a',
      type: 't',
      old: null,
      new: { urn: 'urn:a', id: 'i', provider: 'urn:p::id', inputs: { a: 1 }, outputs: null },
    };
    assert.deepEqual(
      parsePreviewEvents([
        { preludeEvent: { config: {} } },
        { resourcePreEvent: { metadata } },
        { resOutputsEvent: { metadata } },
        { diagnosticEvent: { severity: 'warning', message: 'careful' } },
        { diagnosticEvent: { severity: 'error', message: 'wrong\n' } },
        { diagnosticEvent: { severity: 'error', urn: 'urn:a', message: 'wrong' } },
        { summaryEvent: {} },
        'noise',
      ]),
      {
        steps: [
          {
            op: 'same',
            urn: 'urn:a',
            type: 't',
            old: undefined,
            new: { urn: 'urn:a', id: 'i', provider: 'urn:p::id', inputs: { a: 1 }, outputs: {} },
          },
        ],
        errors: [
          { message: 'wrong', urn: '' },
          { message: 'wrong', urn: 'urn:a' },
        ],
        hasSummary: true,
      },
    );
  });

  it('is refused if a step has no resource, or an export no resources', () => {
    assert.throws(() => parsePreviewEvents([{ resOutputsEvent: { metadata: { op: 'same' } } }]), {
      message: /does not support this version of the Pulumi CLI/,
    });
    assert.throws(() => parseDeployment('text'), {
      message: /does not support this version of the Pulumi CLI/,
    });
    assert.throws(() => parseDeployment({ resources: 1 }), {
      message: /does not support this version of the Pulumi CLI/,
    });
    assert.deepEqual(parseDeployment({}), [], 'an empty stack has no resources');
  });

  it('is read as resources, including interrupted operations and pending deletions', () => {
    assert.deepEqual(
      parseDeployment({
        resources: [
          { urn: 'u', type: 't', id: 'i', provider: 'p::id', initErrors: ['late'], delete: true },
          { urn: 'v', type: 't' },
        ],
      }),
      [
        {
          urn: 'u',
          type: 't',
          id: 'i',
          provider: 'p::id',
          inputs: {},
          outputs: {},
          initErrors: ['late'],
          isPendingDelete: true,
        },
        {
          urn: 'v',
          type: 't',
          id: '',
          provider: '',
          inputs: {},
          outputs: {},
          initErrors: [],
          isPendingDelete: false,
        },
      ],
    );
  });

  const up = { kind: 'update', result: 'succeeded', resourceChanges: { update: 1 } };
  const refresh = { kind: 'refresh', result: 'succeeded', resourceChanges: { same: 1, update: 1 } };
  const cases: [what: string, history: unknown[], expected: boolean][] = [
    ['an up', [up, refresh], true],
    ['an up that failed', [{ ...up, result: 'failed' }, up], false],
    ['a refresh that took something over', [refresh, up], false],
    ['a refresh that found nothing', [{ ...refresh, resourceChanges: { same: 2 } }, up], true],
    ['an import', [{ kind: 'import', result: 'succeeded' }, up], false],
    ['nothing', [], false],
  ];
  for (const [what, history, expected] of cases) {
    it(`shows whether the state is what the last up set: after ${what}`, () => {
      assert.equal(isStateFromUp(history), expected);
    });
  }

  it('is reduced to the reason of a failure', () => {
    assert.equal(
      cliReason(
        'code: -2\n stdout: \n stderr: Command failed\nerror: no stack named x found\n err?: Error\nerror: no stack named x found\n',
      ),
      'no stack named x found',
    );
    assert.equal(
      cliReason('Command failed with ENOENT: pulumi version'),
      'the Pulumi CLI was not found on PATH: install it from https://www.pulumi.com/docs/install',
    );
    assert.equal(cliReason('a\nb\n\nc\nd\ne\nf.\n'), 'b; c; d; e; f');
  });

  it('is shown without stack traces and tokens', () => {
    assert.equal(
      tidy(
        'Error: broken\n    at main (index.js:1:1)\n    at node:internal\nwith 00D000000000062!AQ.secret here.\n',
      ),
      'Error: broken\nwith [access token] here',
    );
  });
});
