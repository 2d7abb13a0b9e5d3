import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import ts from 'typescript';
import { parseDocument } from 'yaml';
import type { ExportedOrg } from '../../../../../provider/src/reports/export/exportedPolicies.js';
import type { ProgramLanguage } from '../../../../../provider/src/reports/export/fileNames.js';
import { formatProgram } from '../../../../../provider/src/reports/export/programs.js';
import {
  pythonString,
  typescriptString,
  yamlName,
  yamlValue,
} from '../../../../../provider/src/reports/export/quoting.js';
import { repositoryFolder } from '../../../../../tools/pulumiCli/repository.js';
import {
  awkwardTexts,
  exportedOrg,
  exportedPolicy,
  organizationId,
} from '../../../../support/exportedOrgs.js';
import { skip } from '../../../../support/skip.js';
import { isFullSize } from '../../../../support/testSize.js';

/** A resource as a program declares it. */
interface Declared {
  name: string;
  inputs: Record<string, unknown>;
}

const settings = {
  isNamedUserJwtEnabled: true,
  namedUserJwtSessionTimeoutType: 'Custom',
  namedUserJwtTimeout: 30,
} as const;

const hostileText = fc.oneof(
  fc.constantFrom(...awkwardTexts),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.array(fc.constantFrom(...awkwardTexts), { minLength: 2, maxLength: 4 }).map((texts) => texts.join('')),
);

/** Exports in which everything that an org can name is hostile. */
const hostileOrg: fc.Arbitrary<ExportedOrg> = fc
  .record({
    names: fc.uniqueArray(hostileText, { minLength: 40, maxLength: 80 }),
    type: hostileText,
    texts: fc.array(hostileText, { minLength: 3, maxLength: 3 }),
  })
  .map(({ names, type, texts: [remark = '', app = '', reason = ''] }) =>
    exportedOrg(
      names.map((name) =>
        exportedPolicy(name, { ...settings, namedUserJwtSessionTimeoutType: type }, [remark, `${remark}x`]),
      ),
      [{ app, reason }],
    ),
  );

const expected = ({ policies }: ExportedOrg): Declared[] =>
  policies.map(({ resourceName, inputs: { settings: values } }) => ({
    name: resourceName,
    inputs: { externalClientApplication: resourceName, ...values },
  }));

/** What TypeScript makes of a program, and what it does when it runs. */
function readTypescript(text: string): Declared[] {
  const { outputText, diagnostics } = ts.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  assert.deepEqual(diagnostics, []);
  const declared: Declared[] = [];
  function ExternalClientAppJwtPolicy(name: string, inputs: Record<string, unknown>): void {
    // Of this realm, so that it is equal to what is expected.
    declared.push({ name, inputs: { ...inputs } });
  }
  runInNewContext(outputText, { exports: {}, require: () => ({ ExternalClientAppJwtPolicy }) });
  return declared;
}

/** Reads a program as Pulumi does, which takes `$$` for a dollar sign in values. */
function readYaml(text: string, version: '1.1' | '1.2'): Declared[] {
  const document = parseDocument(text, { version });
  assert.deepEqual([document.errors, document.warnings], [[], []]);
  const [[section, resources] = [], ...others] = entriesOf(document.toJS({ mapAsMap: true }));
  assert.deepEqual([section, others], ['resources', []]);
  return entriesOf(resources).map(([key, entries]) => {
    const resource = new Map(entriesOf(entries));
    assert.equal(resource.get('type'), 'salesforce-eca:ExternalClientAppJwtPolicy');
    const inputs = entriesOf(resource.get('properties')).map(([name, value]): [string, unknown] => [
      name,
      typeof value === 'string' ? dollars(value) : value,
    ]);
    const name = resource.get('name') ?? key;
    assert.ok(typeof name === 'string');
    return { name, inputs: Object.fromEntries(inputs) };
  });
}

/** The entries of a mapping, as a YAML parser gives it. */
function entriesOf(mapping: unknown): [string, unknown][] {
  assert.ok(mapping instanceof Map);
  return [...(mapping as ReadonlyMap<string, unknown>)];
}

function dollars(value: string): string {
  assert.doesNotMatch(value.replaceAll('$$', ''), /\$\{/, 'a reference');
  return value.replaceAll('$$', '$');
}

/** Prints the calls of a program as JSON; it reads bytes, so that a comment could choose the encoding. */
const readCalls = `
import ast, json, sys
calls = [node.value for node in ast.parse(sys.stdin.buffer.read()).body if isinstance(node, ast.Expr)]
print(json.dumps([{
    "function": ast.unparse(call.func),
    "name": [ast.literal_eval(argument) for argument in call.args],
    "inputs": {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords},
} for call in calls]))
`;

const pythonNames: Readonly<Record<string, string>> = {
  external_client_application: 'externalClientApplication',
  is_named_user_jwt_enabled: 'isNamedUserJwtEnabled',
  named_user_jwt_session_timeout_type: 'namedUserJwtSessionTimeoutType',
  named_user_jwt_timeout: 'namedUserJwtTimeout',
  guest_jwt_session_timeout_type: 'guestJwtSessionTimeoutType',
  guest_jwt_timeout: 'guestJwtTimeout',
};

function readPython(text: string): Declared[] {
  const printed = execFileSync('python3', ['-c', readCalls], { input: text, encoding: 'utf8' });
  const calls = JSON.parse(printed) as {
    function: string;
    name: string[];
    inputs: Record<string, unknown>;
  }[];
  return calls.map((call) => {
    assert.equal(call.function, 'salesforce_eca.ExternalClientAppJwtPolicy');
    const [name = '', ...others] = call.name;
    assert.deepEqual(others, []);
    const inputs = Object.entries(call.inputs).map(([key, value]): [string, unknown] => [
      pythonNames[key] ?? key,
      value,
    ]);
    return { name, inputs: Object.fromEntries(inputs) };
  });
}

describe('the program of an export', function () {
  this.timeout(120_000);

  const program = (language: ProgramLanguage, exported: ExportedOrg): string =>
    formatProgram(exported, language, 'native');
  /** @param runs how many programs are read, each of 40 resources or more */
  const comesBack = (language: ProgramLanguage, read: (text: string) => Declared[], runs: number): void => {
    fc.assert(
      fc.property(hostileOrg, (exported) => {
        assert.deepEqual(read(program(language, exported)), expected(exported));
      }),
      { numRuns: isFullSize ? 10 * runs : runs },
    );
  };
  const everything = exportedOrg(
    [
      exportedPolicy('Agent_Gateway', settings, [
        'guestJwtTimeout 45 minutes is not a guestJwtTimeout that an org accepts',
      ]),
      exportedPolicy('pulumi', { isNamedUserJwtEnabled: false }),
    ],
    [{ app: 'off', reason: 'OAuth is not enabled:\u2028whatever' }],
  );
  const head = (comment: string): string[] => [
    `${comment} The JWT-based access-token settings of the external client apps of organization ${organizationId}, at the time of the export.`,
    `${comment} Written by pulumi-salesforce-eca export.`,
  ];

  it('is one in TypeScript for the SDK of the native provider', () => {
    assert.match(
      program('typescript', everything),
      /^import \{ ExternalClientAppJwtPolicy \} from 'pulumi-salesforce-eca-native';$/m,
    );
  });

  it('is one in YAML, in which no resource has the key that Pulumi reserves', () => {
    assert.equal(
      program('yaml', everything),
      [
        ...head('#'),
        'resources:',
        '',
        '  # Not declared: guestJwtTimeout 45 minutes is not a guestJwtTimeout that an org accepts.',
        '  "Agent_Gateway":',
        '    type: salesforce-eca:ExternalClientAppJwtPolicy',
        '    properties:',
        '      externalClientApplication: "Agent_Gateway"',
        '      isNamedUserJwtEnabled: true',
        '      namedUserJwtSessionTimeoutType: "Custom"',
        '      namedUserJwtTimeout: 30',
        '',
        '  "pulumi_":',
        '    name: "pulumi"',
        '    type: salesforce-eca:ExternalClientAppJwtPolicy',
        '    properties:',
        '      externalClientApplication: "pulumi"',
        '      isNamedUserJwtEnabled: false',
        '',
        '# Apps without a resource:',
        '# off: OAuth is not enabled: whatever.',
        '',
      ].join('\n'),
    );
    assert.deepEqual(parseDocument(program('yaml', exportedOrg([]))).toJS(), { resources: {} });
  });

  it('is one in Python', () => {
    assert.equal(
      program('python', everything),
      [
        ...head('#'),
        'import pulumi_salesforce_eca as salesforce_eca',
        '',
        '# Not declared: guestJwtTimeout 45 minutes is not a guestJwtTimeout that an org accepts.',
        'salesforce_eca.ExternalClientAppJwtPolicy(',
        '    "Agent_Gateway",',
        '    external_client_application="Agent_Gateway",',
        '    is_named_user_jwt_enabled=True,',
        '    named_user_jwt_session_timeout_type="Custom",',
        '    named_user_jwt_timeout=30,',
        ')',
        '',
        'salesforce_eca.ExternalClientAppJwtPolicy(',
        '    "pulumi",',
        '    external_client_application="pulumi",',
        '    is_named_user_jwt_enabled=False,',
        ')',
        '',
        '# Apps without a resource:',
        '# off: OAuth is not enabled: whatever.',
        '',
      ].join('\n'),
    );
  });

  it('names the arguments in Python as the SDK does', () => {
    const sdk = readFileSync(
      join(repositoryFolder, 'sdk/python/pulumi_salesforce_eca/external_client_app_jwt_policy.py'),
      'utf8',
    );
    for (const name of Object.keys(pythonNames))
      assert.match(sdk, new RegExp(`^ +${name}: pulumi\\.Input`, 'm'));
  });

  it('names the configuration that timeouts without a type need below 65.0', () => {
    const old = { ...exportedOrg([exportedPolicy('a', { namedUserJwtTimeout: 15 })]), apiVersion: 62 };
    assert.match(program('yaml', old), /^# Requires: pulumi config set salesforce-eca:apiVersion 62\.0$/m);
  });

  it('keeps every hostile text in TypeScript', () => {
    comesBack('typescript', readTypescript, 20);
  });

  for (const version of ['1.1', '1.2'] as const) {
    it(`keeps every hostile text for a YAML ${version} parser`, () => {
      comesBack('yaml', (text) => readYaml(text, version), 20);
    });
  }

  it('writes every string in printable ASCII, so that none looks like another one', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        for (const quote of [typescriptString, pythonString, yamlValue, yamlName])
          assert.match(quote(text), /^[\x20-\x7e]+$/);
      }),
    );
  });

  it('turns no text into a reference of a YAML program', () => {
    assert.equal(yamlValue('${pulumi.stack} $$ $'), '"$${pulumi.stack} $$$$ $$"');
  });

  it("keeps every hostile text for Python's ast", function () {
    try {
      execFileSync('python3', ['--version']);
    } catch (error) {
      skip(this, 'Python', error);
    }
    comesBack('python', readPython, 5);
  });
});
