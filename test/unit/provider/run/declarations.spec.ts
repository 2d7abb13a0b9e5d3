import assert from 'node:assert/strict';
import { Declarations } from '../../../../provider/src/run/declarations.js';
import type { Declaration } from '../../../../provider/src/run/declarations.js';
import type { JwtField } from '../../../../provider/src/policy/fields.js';

const id = '00D000000000062EAA/portal';

const declaration = (name: string, fields: JwtField[], changes: Partial<Declaration> = {}): Declaration => ({
  urn: `urn:pulumi:dev::project::type::${name}`,
  org: undefined,
  app: 'portal',
  fields: new Set(fields),
  ...changes,
});

describe('Declarations', () => {
  let declarations: Declarations;
  beforeEach(() => {
    declarations = new Declarations();
  });

  it('know of no program at first', () => {
    assert.equal(declarations.isProgramRunning, false);
  });

  it('know of a program from its first declaration on', () => {
    declarations.declare(declaration('a', ['guestJwtTimeout']));
    assert.equal(declarations.isProgramRunning, true);
  });

  it('can note that a program runs before it declares anything', () => {
    declarations.noteProgram();
    assert.equal(declarations.isProgramRunning, true);
    assert.deepEqual(declarations.of('portal'), []);
  });

  it('list what is declared for an app in any org', () => {
    const [here, there] = [
      declaration('a', ['guestJwtTimeout']),
      declaration('b', ['guestJwtTimeout'], { org: 'uat' }),
    ];
    declarations.declare(here);
    declarations.declare(there);
    declarations.declare(declaration('c', ['guestJwtTimeout'], { app: 'other' }));
    assert.deepEqual(declarations.of('portal'), [here, there]);
  });

  it('replace an earlier declaration of the same resource', () => {
    declarations.declare(declaration('a', ['guestJwtTimeout']));
    const later = declaration('a', ['namedUserJwtTimeout']);
    declarations.declare(later);
    assert.deepEqual(declarations.of('portal'), [later]);
  });

  it('replace an earlier declaration for another app', () => {
    declarations.declare(declaration('a', ['guestJwtTimeout']));
    const later = declaration('a', ['guestJwtTimeout'], { app: 'other' });
    declarations.declare(later);
    assert.deepEqual([declarations.of('portal'), declarations.of('other')], [[], [later]]);
  });

  describe('conflictOf', () => {
    beforeEach(() => {
      declarations.declare(declaration('a', ['isNamedUserJwtEnabled', 'namedUserJwtTimeout']));
    });

    it('returns a field that another resource already manages', () => {
      assert.deepEqual(
        declarations.conflictOf(declaration('b', ['guestJwtTimeout', 'namedUserJwtTimeout'])),
        {
          field: 'namedUserJwtTimeout',
          other: declaration('a', ['isNamedUserJwtEnabled', 'namedUserJwtTimeout']),
          organizationId: undefined,
        },
      );
    });

    for (const [what, other] of [
      ['the same resource', declaration('a', ['namedUserJwtTimeout'])],
      ['other fields of the app', declaration('b', ['guestJwtTimeout'])],
      ['the same field of another app', declaration('b', ['namedUserJwtTimeout'], { app: 'portal_uat' })],
      ['the same field in another org', declaration('b', ['namedUserJwtTimeout'], { org: 'uat' })],
    ] as const) {
      it(`allows ${what}`, () => {
        assert.equal(declarations.conflictOf(other), undefined);
      });
    }
  });

  describe('urnOf', () => {
    it('finds the resource by app, org and exactly its fields', () => {
      declarations.declare(declaration('a', ['namedUserJwtSessionTimeoutType', 'namedUserJwtTimeout']));
      declarations.declare(declaration('b', ['isNamedUserJwtEnabled']));
      declarations.declare(declaration('c', ['isNamedUserJwtEnabled'], { org: 'uat' }));
      const urnOf = (org: string | undefined, values: Record<string, string | number | boolean>) =>
        declarations.urnOf('portal', org, values)?.split('::').at(-1);
      assert.equal(urnOf(undefined, { isNamedUserJwtEnabled: true }), 'b');
      assert.equal(urnOf('uat', { isNamedUserJwtEnabled: true }), 'c');
      assert.equal(
        urnOf(undefined, { namedUserJwtTimeout: 5, namedUserJwtSessionTimeoutType: 'Custom' }),
        'a',
      );
      assert.equal(urnOf(undefined, { namedUserJwtTimeout: 5 }), undefined);
    });
  });

  describe('handOver', () => {
    it('keeps values for the resource that replaces it, by id', () => {
      declarations.handOver(id, { isNamedUserJwtEnabled: false });
      declarations.handOver(id, { namedUserJwtTimeout: 'absent' });
      assert.deepEqual(declarations.takenOver(id), {
        isNamedUserJwtEnabled: false,
        namedUserJwtTimeout: 'absent',
      });
      assert.deepEqual(declarations.takenOver(`${id}_uat`), {});
    });
  });
});
