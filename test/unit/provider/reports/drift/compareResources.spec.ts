import assert from 'node:assert/strict';
import { compareResources } from '../../../../../provider/src/reports/drift/compareResources.js';
import type {
  StateResource,
  StepEvent,
  StepState,
} from '../../../../../provider/src/reports/drift/engineEvents.js';
import type { ResourceDrift } from '../../../../../provider/src/reports/drift/report.js';

const type = 'pulumi-nodejs:dynamic/salesforce:ExternalClientAppJwtPolicy';
const urn = `urn:pulumi:dev::project::${type}::gateway`;
const id = '00D000000000062EAA/Agent_Gateway';
const unknownValue = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

type Values = Record<string, unknown>;

const named = (values: Values): Values => ({ externalClientApplication: 'Agent_Gateway', ...values });
/** Outputs that manage the fields of some values; `absent` ones are without a value. */
const outputs = (values: Values): Values => ({
  ...named(Object.fromEntries(Object.entries(values).filter(([, value]) => value !== 'absent'))),
  managedFields: Object.keys(values),
});
const step = (op: string, before: StepState | undefined, after: StepState | undefined): StepEvent => ({
  op,
  urn,
  type,
  old: before,
  new: after,
});
const refresh = (stateValues: Values, live: Values | undefined): StepEvent =>
  step(
    'refresh',
    { id, urn, provider: '', inputs: named(stateValues), outputs: outputs(stateValues) },
    live === undefined ? undefined : { id, urn, provider: '', inputs: named(live), outputs: outputs(live) },
  );
/** Finds what the state remembers: the org kept a timeout. */
const keeping15 = (): StepEvent => {
  const values = { namedUserJwtSessionTimeoutType: 'UserSession', namedUserJwtTimeout: 15 };
  const found = {
    urn,
    id,
    provider: '',
    inputs: named(values),
    outputs: { ...outputs(values), valuesKept: { namedUserJwtTimeout: 15 } },
  };
  return step('refresh', found, found);
};
const plan = (op: string, declared: Values): StepEvent =>
  step(op, undefined, { id, urn, provider: '', inputs: named(declared), outputs: {} });
const inState = (changes: Partial<StateResource> = {}): StateResource => ({
  urn,
  type,
  id,
  provider: '',
  inputs: named({}),
  outputs: {},
  initErrors: [],
  isPendingDelete: false,
  ...changes,
});

/** The status, the statements, and each difference as `field live declared cause`. */
const briefly = (resources: readonly ResourceDrift[]): unknown =>
  resources.map(({ status, statements, differences }) => [
    status,
    ...statements,
    ...differences.map(
      ({ field, live, declared, cause }) => `${field} ${String(live)} ${String(declared)} ${cause}`,
    ),
  ]);

const custom30 = { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: 30 };
const custom720 = { ...custom30, namedUserJwtTimeout: 720 };

describe('comparing what an org has with what a program declares', () => {
  const cases: [
    what: string,
    steps: StepEvent[],
    expected: unknown,
    state?: StateResource[],
    isFromUp?: boolean,
  ][] = [
    ['equal values', [refresh(custom30, custom30), plan('same', custom30)], [['clean']]],
    [
      'an update that changes nothing in the org',
      [refresh(custom30, custom30), plan('update', custom30)],
      [['clean']],
    ],
    [
      'a value that the org changed',
      [refresh(custom30, custom720), plan('update', custom30)],
      [['drifted', 'namedUserJwtTimeout 720 30 changedInOrg']],
    ],
    [
      'a value that the org changed and the program too',
      [refresh(custom30, custom720), plan('update', { ...custom30, namedUserJwtTimeout: 15 })],
      [['drifted', 'namedUserJwtTimeout 720 15 changedInOrg']],
    ],
    [
      'a value that both changed to the same',
      [refresh(custom30, custom720), plan('update', custom720)],
      [['clean']],
    ],
    [
      'a value that only the program changed',
      [refresh(custom30, custom30), plan('update', custom720)],
      [['pending', 'namedUserJwtTimeout 30 720 notApplied']],
    ],
    [
      'the same after a refresh, which may have taken over the org’s value',
      [refresh(custom720, custom720), plan('update', custom30)],
      [['drifted', 'namedUserJwtTimeout 720 30 undetermined']],
      [inState()],
      false,
    ],
    [
      'an element that is gone',
      [
        refresh(custom30, { namedUserJwtSessionTimeoutType: 'absent', namedUserJwtTimeout: 'absent' }),
        plan('update', custom30),
      ],
      [
        [
          'drifted',
          'namedUserJwtSessionTimeoutType absent Custom changedInOrg',
          'namedUserJwtTimeout absent 30 changedInOrg',
        ],
      ],
    ],
    [
      'a timeout beside UserSession, which asks for none',
      [
        refresh(
          { namedUserJwtSessionTimeoutType: 'UserSession', namedUserJwtTimeout: 'absent' },
          { namedUserJwtSessionTimeoutType: 'UserSession', namedUserJwtTimeout: 15 },
        ),
        plan('update', { namedUserJwtSessionTimeoutType: 'UserSession' }),
      ],
      [['drifted', 'namedUserJwtTimeout 15 absent changedInOrg']],
    ],
    [
      'a timeout beside UserSession that the org kept when it was removed',
      [keeping15(), plan('same', { namedUserJwtSessionTimeoutType: 'UserSession' })],
      [['clean']],
    ],
    [
      'an absent token format, which is the default',
      [
        refresh({ isNamedUserJwtEnabled: false }, { isNamedUserJwtEnabled: 'absent' }),
        plan('same', { isNamedUserJwtEnabled: false }),
      ],
      [['clean']],
    ],
    [
      'a field that the program manages from now on',
      [refresh(custom30, custom30), plan('update', { ...custom30, isNamedUserJwtEnabled: true })],
      [['pending', 'isNamedUserJwtEnabled undefined true notApplied']],
    ],
    [
      'a field that left the program',
      [
        refresh({ ...custom30, isNamedUserJwtEnabled: true }, { ...custom30, isNamedUserJwtEnabled: true }),
        plan('update', custom30),
      ],
      [['clean']],
    ],
    [
      'a value that is known only after up',
      [refresh(custom30, custom30), plan('update', { ...custom30, namedUserJwtTimeout: unknownValue })],
      [['pending', 'namedUserJwtTimeout 30 undefined notApplied']],
    ],
    [
      'a secret that the engine says is the same',
      [
        refresh(custom30, { ...custom30, namedUserJwtTimeout: { ciphertext: '[secret]' } }),
        plan('same', { ...custom30, namedUserJwtTimeout: '[secret]' }),
      ],
      [['clean']],
    ],
    [
      'a secret that the engine says differs',
      [
        refresh(custom30, { ...custom30, namedUserJwtTimeout: '[secret]' }),
        plan('update', { ...custom30, namedUserJwtTimeout: '[secret]' }),
      ],
      [['drifted', 'namedUserJwtTimeout undefined undefined undetermined']],
    ],
    [
      'an app that is gone',
      [refresh(custom30, undefined), plan('create', custom30)],
      [['drifted', 'the org no longer has the app']],
    ],
    [
      'a resource that the last up did not finish',
      [refresh(custom30, custom30), plan('update', custom30)],
      [['pending', 'the last up did not finish it: the answer was lost']],
      [inState({ initErrors: ['the answer was lost'] })],
    ],
    [
      'a resource that is not in the stack',
      [plan('create', custom30)],
      [['pending', 'the state does not contain it yet: up would create it']],
      [],
    ],
    [
      'a resource that left the program',
      [
        step(
          'delete',
          { id, urn, provider: '', inputs: named(custom30), outputs: outputs(custom30) },
          undefined,
        ),
      ],
      [
        [
          'pending',
          'the program no longer declares it: up would delete it and restore the values found before the first change',
        ],
      ],
    ],
    [
      'a resource that is to be replaced',
      [
        refresh(custom30, custom30),
        plan('create-replacement', custom30),
        plan('replace', custom30),
        step('delete-replaced', { id, urn, provider: '', inputs: {}, outputs: {} }, undefined),
      ],
      [['pending', 'the program specifies another app or org: up would replace it (replace)']],
    ],
    ['a resource that was not read', [], [['failed', 'not read: the preview ended first']]],
    [
      'a resource that was read, in a preview that went no further',
      [refresh(custom30, custom720)],
      [['failed', 'read but not compared with the program: the preview ended first']],
    ],
    [
      'a leftover of a replacement beside its successor',
      [
        step('delete', { id, urn, provider: '', inputs: {}, outputs: {} }, undefined),
        refresh(custom30, custom30),
        plan('same', custom30),
      ],
      [['clean']],
      [inState({ isPendingDelete: true, initErrors: ['old'] }), inState()],
    ],
    [
      'resources of other types',
      [{ ...plan('update', {}), type: 'other', urn: 'urn:other' }],
      [],
      [inState({ type: 'other' })],
    ],
  ];
  for (const [what, steps, expected, state = [inState()], isFromUp = true] of cases) {
    it(what, () => {
      assert.deepEqual(briefly(compareResources(state, { steps }, isFromUp)), expected);
    });
  }

  it('lists the resource, its app and its org, ordered by URN', () => {
    const second = `urn:pulumi:dev::project::a:b:C$${type}::after`;
    const resources = compareResources(
      [inState()],
      {
        steps: [
          { ...plan('create', { ...custom30, org: 'uat' }), urn: second },
          refresh(custom30, custom30),
          plan('same', custom30),
        ],
      },
      true,
    );
    assert.deepEqual(
      resources.map(({ name, app, org, organizationId }) => [name, app, org, organizationId]),
      [
        ['after', 'Agent_Gateway', 'uat', undefined],
        ['gateway', 'Agent_Gateway', undefined, '00D000000000062EAA'],
      ],
    );
  });

  it('finds a resource that moves to the native provider by its alias, beside a new one with its old name', () => {
    const native = 'salesforce-eca:index:ExternalClientAppJwtPolicy';
    const moved = urn.replace(type, native);
    const read = refresh(custom30, custom720);
    const resources = compareResources(
      [inState()],
      {
        steps: [
          { ...read, urn: moved, type: native },
          { ...plan('update', custom30), urn: moved, type: native },
          plan('create', { ...custom30, org: 'uat' }),
        ],
      },
      true,
    );
    assert.deepEqual(
      resources.map((resource) => [resource.urn, resource.status]),
      [
        [urn, 'pending'],
        [moved, 'drifted'],
      ],
    );
  });
});
