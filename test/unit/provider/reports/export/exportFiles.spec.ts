import assert from 'node:assert/strict';
import type { ExportedOrg } from '../../../../../provider/src/reports/export/exportedPolicies.js';
import { formatFiles } from '../../../../../provider/src/reports/export/exportFiles.js';
import { parseInputs, parseState } from '../../../../../provider/src/resourceState.js';

const exported: ExportedOrg = {
  organizationId: '00D000000000062EAA',
  apiVersion: 68,
  policies: [
    {
      resourceName: 'portal',
      id: '00D000000000062EAA/portal',
      inputs: {
        app: 'portal',
        org: undefined,
        settings: { isNamedUserJwtEnabled: true, namedUserJwtSessionTimeoutType: 'UserSession' },
        allow: [],
      },
      observed: {
        live: {
          isNamedUserJwtEnabled: true,
          namedUserJwtSessionTimeoutType: 'UserSession',
          namedUserJwtTimeout: 'absent',
        },
        names: { ExternalClientApplication: 'portal', ExtlClntAppGlobalOauthSettings: 'portal_glbloauth' },
        tokenFormat: 'jwt',
      },
      remarks: ['guestJwtTimeout 45 minutes is not a guestJwtTimeout that an org accepts'],
    },
  ],
  leftOut: [{ app: 'off', reason: 'OAuth is not enabled:\u2028whatever' }],
};

const provider = 'exports.handler = () => require("pulumi-salesforce-eca/provider");';

describe('the files of an export', () => {
  const textOf = (format: 'typescript' | 'json', name: string, of = exported): string => {
    const text = formatFiles(of, { provider: 'dynamic', format }).get(name);
    assert.ok(text !== undefined, name);
    return text;
  };

  it('are a TypeScript program in which no text from the org can break out of its comment', () => {
    assert.equal(
      textOf('typescript', 'index.ts'),
      [
        '// The JWT-based access-token settings of the external client apps of organization 00D000000000062EAA, at the time of the export.',
        '// Written by pulumi-salesforce-eca export.',
        `import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';`,
        '',
        '// Not declared: guestJwtTimeout 45 minutes is not a guestJwtTimeout that an org accepts.',
        `new ExternalClientAppJwtPolicy('portal', {`,
        `  externalClientApplication: 'portal',`,
        '  isNamedUserJwtEnabled: true,',
        `  namedUserJwtSessionTimeoutType: 'UserSession',`,
        '});',
        '',
        '// Apps without a resource:',
        '// off: OAuth is not enabled: whatever.',
        '',
      ].join('\n'),
    );
  });

  it('are data for a program that creates the resources in a loop', () => {
    assert.deepEqual(JSON.parse(textOf('json', 'external-client-apps.json')), {
      organizationId: '00D000000000062EAA',
      apiVersion: '68.0',
      resources: [
        {
          name: 'portal',
          inputs: {
            externalClientApplication: 'portal',
            isNamedUserJwtEnabled: true,
            namedUserJwtSessionTimeoutType: 'UserSession',
          },
          notDeclared: ['guestJwtTimeout 45 minutes is not a guestJwtTimeout that an org accepts'],
        },
      ],
      appsWithoutResource: exported.leftOut,
    });
  });

  it('are a file for pulumi import with the inputs and outputs of a state', () => {
    const file: unknown = JSON.parse(textOf('typescript', 'import.json'));
    const inputs = {
      externalClientApplication: 'portal',
      isNamedUserJwtEnabled: true,
      namedUserJwtSessionTimeoutType: 'UserSession',
      __provider: provider,
    };
    const outputs = {
      ...inputs,
      orgId: '00D000000000062EAA',
      apiVersion: '68.0',
      tokenFormat: 'jwt',
      components: { ExternalClientApplication: 'portal', ExtlClntAppGlobalOauthSettings: 'portal_glbloauth' },
      managedFields: ['isNamedUserJwtEnabled', 'namedUserJwtSessionTimeoutType', 'namedUserJwtTimeout'],
      valuesFound: {
        isNamedUserJwtEnabled: true,
        namedUserJwtSessionTimeoutType: 'UserSession',
        namedUserJwtTimeout: 'absent',
      },
    };
    assert.deepEqual(file, {
      resources: [
        {
          type: 'pulumi-nodejs:dynamic/salesforce:ExternalClientAppJwtPolicy',
          name: 'portal',
          id: '00D000000000062EAA/portal',
          inputs,
          outputs,
        },
      ],
    });
    assert.deepEqual(parseInputs(inputs).settings, exported.policies[0]?.inputs.settings);
    assert.deepEqual(
      parseState('00D000000000062EAA/portal', outputs).live,
      exported.policies[0]?.observed.live,
    );
  });

  it('name the configuration that a timeout without a type needs below 65.0', () => {
    const [policy] = exported.policies;
    assert.ok(policy);
    const old: ExportedOrg = {
      ...exported,
      apiVersion: 62,
      leftOut: [],
      policies: [
        { ...policy, remarks: [], inputs: { ...policy.inputs, settings: { namedUserJwtTimeout: 15 } } },
      ],
    };
    assert.match(
      textOf('typescript', 'index.ts', old),
      /^\/\/ Requires: pulumi config set salesforce:apiVersion 62\.0$/m,
    );
  });

  it('are identical for the same export', () => {
    assert.deepEqual(
      formatFiles(exported, { provider: 'dynamic', format: 'typescript' }),
      formatFiles(structuredClone(exported), { provider: 'dynamic', format: 'typescript' }),
    );
  });
});
