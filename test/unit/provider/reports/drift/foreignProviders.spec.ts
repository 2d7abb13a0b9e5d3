import assert from 'node:assert/strict';
import type { StateResource } from '../../../../../provider/src/reports/drift/engineEvents.js';
import { scopeOfLook } from '../../../../../provider/src/reports/drift/foreignProviders.js';

const own = 'pulumi-nodejs:dynamic/salesforce:ExternalClientAppJwtPolicy';
const native = 'salesforce-eca:index:ExternalClientAppJwtPolicy';
const other = 'pulumi-nodejs:dynamic:Resource';
const ours = 'exports.handler = () => require("pulumi-salesforce-eca/provider");';
const planted = `require("child_process").execSync("id"); ${ours}`;
// As the engine writes secrets into a state: sdk/go/common/resource/sig, apitype.SecretV1.
const secret = (content: Record<string, unknown>): Record<string, unknown> => ({
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
  ...content,
});

const resource = (type: string, changes: Partial<StateResource> = {}): StateResource => ({
  urn: `urn:pulumi:dev::project::${type}::one`,
  type,
  id: 'one',
  provider: '',
  inputs: { __provider: ours },
  outputs: { __provider: ours },
  initErrors: [],
  isPendingDelete: false,
  ...changes,
});
const inOutputs = (text: unknown): Partial<StateResource> => ({ outputs: { __provider: text } });

describe('scopeOfLook', () => {
  const wholeStack = { targets: undefined, notes: [] };

  for (const [what, changes] of [
    ['our text', {}],
    ['no text', { inputs: {}, outputs: {} }],
    ['our text as a secret, in clear', inOutputs(secret({ plaintext: JSON.stringify(ours) }))],
    ['our text as a secret of the engine', inOutputs(secret({ value: ours }))],
  ] as const) {
    it(`is the whole stack for ${what}`, () => {
      assert.deepEqual(
        scopeOfLook('dev', [resource(own, changes), resource(native, changes), resource(other, changes)], []),
        wholeStack,
      );
    });
  }

  const foreignTexts: readonly (readonly [string, Partial<StateResource>])[] = [
    ['another text in the outputs', inOutputs(planted)],
    ['another text in the inputs', { inputs: { __provider: planted } }],
    ['our text with something after it', inOutputs(`${ours} `)],
    ['another text as a secret', inOutputs(secret({ plaintext: JSON.stringify(planted) }))],
    ['a secret that is not shown', inOutputs(secret({ ciphertext: 'v1:abc' }))],
    ['a secret that holds both', inOutputs(secret({ plaintext: JSON.stringify(ours), value: planted }))],
    ['an object that is no secret', inOutputs({ plaintext: JSON.stringify(ours) })],
    ['a list', inOutputs([ours])],
    ['nothing in the place of a text', inOutputs(null)],
  ];
  for (const [what, changes] of foreignTexts) {
    it(`refuses a resource of ours with ${what}`, () => {
      assert.throws(() => scopeOfLook('dev', [resource(other), resource(own, changes)], [other]), {
        message:
          `[ECA8009] stack dev: in the state, __provider of urn:pulumi:dev::project::${own}::one is not the code that this package ` +
          'writes. Reading the resource would run it, so nothing was read. Find out who changed the state and restore an ' +
          `earlier version; --trust-dynamic ${own} would run this code`,
      });
    });

    // Nothing in the type shows which provider reads the resource: the state names it, too.
    it(`refuses a resource of the native provider with ${what}`, () => {
      assert.throws(() => scopeOfLook('dev', [resource(native, changes)], []), {
        message: new RegExp(`__provider of urn:pulumi:dev::project::${native}::one is not the code`),
      });
    });

    it(`is only our resources if another type has ${what}`, () => {
      assert.deepEqual(scopeOfLook('dev', [resource(own), resource('any:other:Type', changes)], []), {
        targets: [`urn:pulumi:**${own}::**`, `urn:pulumi:**${native}::**`],
        notes: [
          '[ECA8010] only the ExternalClientAppJwtPolicy resources were compared: the state contains code of other resources (any:other:Type), ' +
            'and reading those would run it. --trust-dynamic <type> allows that',
        ],
      });
    });

    it(`is the whole stack if the type with ${what} is trusted`, () => {
      assert.deepEqual(scopeOfLook('dev', [resource(own, changes)], [other, own]), wholeStack);
    });
  }

  it('refuses a resource with our URN and any type, and one with a pending deletion', () => {
    const urn = `urn:pulumi:dev::project::my:app:Component$${own}::one`;
    assert.throws(() => scopeOfLook('dev', [resource(other, { ...inOutputs(planted), urn })], []), {
      message: /__provider of urn/,
    });
    const waits = resource(own, { ...inOutputs(planted), isPendingDelete: true });
    assert.throws(() => scopeOfLook('dev', [resource(own), waits], []), { message: /__provider of urn/ });
  });
});
