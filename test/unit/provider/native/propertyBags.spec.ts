import assert from 'node:assert/strict';
import { receive, send } from '../../../../provider/src/native/propertyBags.js';
import { unknownValue } from '../../../../provider/src/policy/fields.js';
import { Struct } from '../../../support/sdkProtobuf.js';

/** How the engine marks a secret, and writes what is not known yet (sdk/go/common/resource/sig and plugin/rpc.go of Pulumi). */
const secret = <T>(value: T): Record<string, T | string> => ({
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
  value,
});
const unknownOfEachType = [
  '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7',
  '3eeb2bf0-c639-47a8-9e75-3b44932eb421',
  '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
  '6a19a0b0-7e62-4c92-b797-7f8e31da9cc2',
  'dd056dcd-154b-4c76-9bd3-c8f88648b5ff',
];

describe('a bag of properties from the engine', () => {
  it('has plain values, and the names of those that hold a secret, at any depth', () => {
    const { values, secrets } = receive(
      Struct.fromJavaScript({
        minutes: 30,
        token: secret('a token'),
        orgs: { uat: { accessToken: secret('another') } },
        list: [secret(1), 2],
      }),
    );
    assert.deepEqual(values, {
      minutes: 30,
      token: 'a token',
      orgs: { uat: { accessToken: 'another' } },
      list: [1, 2],
    });
    assert.deepEqual([...secrets].sort(), ['list', 'orgs', 'token']);
  });

  it('has no null, and is empty if no bag was sent', () => {
    assert.deepEqual(receive(Struct.fromJavaScript({ org: null, orgs: { uat: null } })).values, { orgs: {} });
    assert.deepEqual(receive(undefined), { values: {}, secrets: new Set() });
  });

  for (const value of unknownOfEachType) {
    it(`has one value for everything that is unknown: ${value}`, () => {
      assert.deepEqual(receive(Struct.fromJavaScript({ org: value, allow: [value] })).values, {
        org: unknownValue,
        allow: [unknownValue],
      });
    });
  }
});

describe('a bag of properties for the engine', () => {
  const sent = (...args: Parameters<typeof send>): unknown => send(...args).toJavaScript();

  it('leaves out what has no value, at any depth, and keeps lists of lists', () => {
    assert.deepEqual(sent({ a: undefined, b: { c: undefined, d: false }, e: [[1, undefined], [2]], f: '' }), {
      b: { d: false },
      e: [[1], [2]],
      f: '',
    });
  });

  it('marks the properties that are secrets, and no others', () => {
    assert.deepEqual(sent({ token: 'a token', minutes: 30 }, new Set(['token', 'other'])), {
      token: secret('a token'),
      minutes: 30,
    });
  });
});
