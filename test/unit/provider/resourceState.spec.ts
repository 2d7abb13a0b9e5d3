import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fieldsOf, wantedValues } from '../../../provider/src/policy/difference.js';
import { absent, unknownValue } from '../../../provider/src/policy/fields.js';
import { guards } from '../../../provider/src/policy/guards.js';
import {
  formatId,
  formatInputs,
  formatOutputs,
  parseInputs,
  parseState,
} from '../../../provider/src/resourceState.js';
import type { OutputParts } from '../../../provider/src/resourceState.js';
import { componentTypeNames } from '../../../provider/src/components/componentTypes.js';
import { arbitraryOrgValues, arbitrarySettings } from './support/arbitraries.js';

const organizationId = '00D000000000062EAA';
const id = `${organizationId}/acme__Ledger`;

describe('formatId', () => {
  it('is the organization and the app', () => {
    assert.equal(formatId(organizationId, 'acme__Ledger'), id);
  });
});

describe('parseInputs', () => {
  it('reads checked inputs and ignores the rest', () => {
    assert.deepEqual(
      parseInputs({
        externalClientApplication: 'portal',
        org: 'uat',
        namedUserJwtTimeout: 30,
        guestJwtTimeout: unknownValue,
        allow: ['later', 'lockOut'],
        __provider: 'text',
      }),
      { app: 'portal', org: 'uat', settings: { namedUserJwtTimeout: 30 }, allow: ['lockOut'] },
    );
  });
});

describe('parseState', () => {
  it('reads the outputs of this release', () => {
    const outputs = {
      externalClientApplication: 'acme__Ledger',
      org: 'uat',
      namedUserJwtSessionTimeoutType: 'UserSession',
      allow: ['packagedApp'],
      orgId: organizationId,
      apiVersion: '66.0',
      tokenFormat: 'unknown',
      components: { ExtlClntAppOauthConfigurablePolicies: 'Ledger_defaultPolicy', LaterType: 'x' },
      managedFields: ['namedUserJwtSessionTimeoutType', 'namedUserJwtTimeout'],
      valuesFound: { namedUserJwtSessionTimeoutType: absent, namedUserJwtTimeout: 30 },
      pendingDeploy: '0Af000000000001AAA',
      __provider: 'text',
    };
    assert.deepEqual(parseState(id, outputs), {
      id,
      organizationId,
      app: 'acme__Ledger',
      org: 'uat',
      settings: { namedUserJwtSessionTimeoutType: 'UserSession' },
      allow: ['packagedApp'],
      managedFields: ['namedUserJwtSessionTimeoutType', 'namedUserJwtTimeout'],
      live: { namedUserJwtSessionTimeoutType: 'UserSession', namedUserJwtTimeout: absent },
      valuesFound: { namedUserJwtSessionTimeoutType: absent, namedUserJwtTimeout: 30 },
      names: { ExtlClntAppOauthConfigurablePolicies: 'Ledger_defaultPolicy' },
      pendingDeploy: '0Af000000000001AAA',
    });
  });

  it('reads a state without the outputs of later releases, as an import writes it', () => {
    const state = parseState(id, {
      externalClientApplication: 'acme__Ledger',
      guestJwtSessionTimeoutType: 'UserSession',
      isNamedUserJwtEnabled: true,
    });
    assert.deepEqual(state.managedFields, [
      'isNamedUserJwtEnabled',
      'guestJwtSessionTimeoutType',
      'guestJwtTimeout',
    ]);
    assert.deepEqual(state.live, {
      isNamedUserJwtEnabled: true,
      guestJwtSessionTimeoutType: 'UserSession',
      guestJwtTimeout: absent,
    });
    assert.deepEqual([state.valuesFound, state.names, state.pendingDeploy], [{}, {}, undefined]);
  });

  it('reads each output independently of those that are missing or have another form', () => {
    const forms = fc.constantFrom<unknown>(undefined, null, '', [], {}, 7, ['later'], { later: 'x' });
    fc.assert(
      fc.property(
        fc.record({ managedFields: forms, valuesFound: forms, components: forms, allow: forms, org: forms }),
        (outputs) => {
          const state = parseState(id, { isNamedUserJwtEnabled: false, ...outputs });
          assert.deepEqual([state.organizationId, state.app], [organizationId, 'acme__Ledger']);
          assert.deepEqual(state.settings, { isNamedUserJwtEnabled: false });
          assert.deepEqual([state.valuesFound, state.names, state.allow], [{}, {}, []]);
        },
      ),
    );
  });

  it('reads the app from the outputs if the id has none', () => {
    const state = parseState('portal', { externalClientApplication: 'portal', isNamedUserJwtEnabled: true });
    assert.deepEqual([state.organizationId, state.app], ['', 'portal']);
  });
});

describe('formatInputs', () => {
  it('has the shape of checked inputs: no value for an absent field, no empty list', () => {
    assert.deepEqual(
      formatInputs(
        { app: 'portal', org: undefined, settings: {}, allow: [] },
        { namedUserJwtSessionTimeoutType: 'UserSession', namedUserJwtTimeout: absent },
      ),
      { externalClientApplication: 'portal', namedUserJwtSessionTimeoutType: 'UserSession' },
    );
  });
});

describe('formatOutputs', () => {
  const parts = (changes: Partial<OutputParts> = {}): OutputParts => ({
    inputs: { app: 'acme__Ledger', org: 'uat', settings: {}, allow: ['lockOut'] },
    organizationId,
    apiVersion: 66,
    observed: {
      live: { isNamedUserJwtEnabled: true, guestJwtTimeout: absent },
      names: {},
      tokenFormat: 'jwt',
    },
    valuesFound: { isNamedUserJwtEnabled: absent, guestJwtTimeout: 5 },
    ...changes,
  });

  it('returns inputs with live values, and what was observed', () => {
    assert.deepEqual(formatOutputs(parts()), {
      externalClientApplication: 'acme__Ledger',
      org: 'uat',
      isNamedUserJwtEnabled: true,
      allow: ['lockOut'],
      orgId: organizationId,
      apiVersion: '66.0',
      tokenFormat: 'jwt',
      components: {},
      managedFields: ['isNamedUserJwtEnabled', 'guestJwtTimeout'],
      valuesFound: { isNamedUserJwtEnabled: absent, guestJwtTimeout: 5 },
    });
  });

  const arbitraryParts: fc.Arbitrary<OutputParts> = fc.record({
    inputs: fc.record({
      app: fc.constant('acme__Ledger'),
      org: fc.constantFrom(undefined, 'uat'),
      settings: arbitrarySettings,
      allow: fc.subarray([...guards]),
    }),
    organizationId: fc.constant(organizationId),
    apiVersion: fc.constantFrom(61, 68, '66.0'),
    observed: fc.record({
      live: arbitraryOrgValues,
      names: fc.dictionary(fc.constantFrom(...componentTypeNames), fc.constantFrom('a', 'b')),
      tokenFormat: fc.constantFrom('jwt' as const, 'opaque' as const, 'unknown' as const),
    }),
    valuesFound: arbitraryOrgValues,
    valuesKept: arbitraryOrgValues,
  });

  it('is read back as it was written, also as JSON', () => {
    fc.assert(
      fc.property(arbitraryParts, (written) => {
        const { inputs, observed, valuesFound, valuesKept } = written;
        const outputs: unknown = JSON.parse(JSON.stringify(formatOutputs(written)));
        const state = parseState(id, outputs as Record<string, unknown>);
        assert.deepEqual(state.live, { ...observed.live });
        assert.deepEqual(state.managedFields, fieldsOf(observed.live));
        assert.deepEqual(state.valuesFound, { ...valuesFound });
        assert.deepEqual(state.valuesKept ?? {}, { ...valuesKept });
        assert.deepEqual(Object.entries(state.names).sort(), Object.entries(observed.names).sort());
        assert.deepEqual([state.org, state.allow], [inputs.org, inputs.allow]);
      }),
    );
  });

  it('contains nothing undefined at any depth', () => {
    fc.assert(
      fc.property(arbitraryParts, (written) => {
        const outputs = formatOutputs(written);
        assert.deepEqual(outputs, JSON.parse(JSON.stringify(outputs)));
      }),
    );
  });

  it('derives the managed fields of a state that does not list them as they are listed', () => {
    fc.assert(
      fc.property(arbitrarySettings, (settings) => {
        const live = wantedValues(settings);
        const { managedFields, ...earlier } = formatOutputs(
          parts({ observed: { live, names: {}, tokenFormat: 'unknown' } }),
        );
        assert.deepEqual(parseState(id, earlier).managedFields, managedFields);
      }),
    );
  });
});
