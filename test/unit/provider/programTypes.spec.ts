import assert from 'node:assert/strict';
import { join } from 'node:path';
import ts from 'typescript';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';

const file = join(repositoryFolder, 'program.ts');
const head = `import * as pulumi from '@pulumi/pulumi';
import { ExternalClientAppJwtPolicy, type ExternalClientAppJwtPolicyArgs } from 'pulumi-salesforce-eca';
const config = new pulumi.Config();
declare const row: { app: string; minutes?: number; type?: string; guards: string[] };
`;

describe('what the compiler and an editor know about a program', function () {
  this.timeout(60_000);
  let text = head;
  let version = 0;
  const files = ts.createCompilerHost({});
  const service = ts.createLanguageService({
    fileExists: (name) => files.fileExists(name),
    readFile: (name) => files.readFile(name),
    useCaseSensitiveFileNames: () => files.useCaseSensitiveFileNames(),
    getScriptFileNames: () => [file],
    getScriptVersion: (name) => (name === file ? String(version) : '0'),
    getScriptSnapshot: (name) => {
      const content = name === file ? text : ts.sys.readFile(name);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => repositoryFolder,
    getCompilationSettings: () => ({
      strict: true,
      exactOptionalPropertyTypes: true,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      skipLibCheck: true,
      types: [],
    }),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  });
  after(() => {
    service.dispose();
  });

  const write = (statement: string): void => {
    text = head + statement;
    version += 1;
  };
  const errors = (statement: string): string[] => {
    write(statement);
    return service
      .getSemanticDiagnostics(file)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  };
  const policy = (settings: string): string =>
    `new ExternalClientAppJwtPolicy('a', { externalClientApplication: row.app, ${settings} });`;

  const fine = [
    'namedUserJwtTimeout: 30, namedUserJwtSessionTimeoutType: "Custom"',
    'namedUserJwtTimeout: row.minutes, namedUserJwtSessionTimeoutType: row.type',
    'namedUserJwtTimeout: config.requireNumber("minutes")',
    'guestJwtTimeout: pulumi.output(row).apply(({ minutes }) => minutes)',
    'guestJwtTimeout: Promise.resolve(row.minutes), guestJwtSessionTimeoutType: config.require("type")',
    'allow: ["lockOut", "guestFlow"]',
    'allow: row.guards',
    'allow: pulumi.output(row.guards)',
    'allow: config.requireObject<string[]>("guards")',
  ];
  for (const settings of fine) {
    it(`${settings} compiles`, () => {
      assert.deepEqual(errors(policy(settings)), []);
    });
  }

  it('inputs that were typed before compile, also with others spread over them', () => {
    const typed =
      'const args: ExternalClientAppJwtPolicyArgs = { externalClientApplication: row.app, guestJwtTimeout: 5 };';
    assert.deepEqual(
      errors(`${typed} new ExternalClientAppJwtPolicy('a', { ...args, namedUserJwtTimeout: row.minutes });`),
      [],
    );
  });

  const wrong: readonly [settings: string, message: RegExp][] = [
    ['namedUserJwtTimeout: 45', /Type '45' is not assignable to type .*1 \| 5 \| 10 \| 15 \| 30/],
    ['guestJwtTimeout: 45', /Type '45' is not assignable to type .*1 \| 5 \| 10 \| 15 \| 30/],
    ['namedUserJwtTimeout: "30"', /Type 'string' is not assignable/],
    ['namedUserJwtSessionTimeoutType: "custom"', /Type '"custom"' is not assignable .*JwtSessionTimeoutType/],
    ['allow: ["lockout"]', /is not assignable/],
    ['isNamedUserJwtEnabled: "yes"', /is not assignable/],
    [
      'namedUserJwtTimeOut: 30',
      /Type 'number' is not assignable to type '"namedUserJwtTimeOut is not an input of ExternalClientAppJwtPolicy a"'/,
    ],
  ];
  for (const [settings, message] of wrong) {
    it(`${settings} does not compile`, () => {
      assert.match(errors(policy(settings)).join('\n'), message);
    });
  }

  it('a misspelt input is reported even if the name of the resource is not a literal', () => {
    assert.match(
      errors(
        `new ExternalClientAppJwtPolicy(row.app, { externalClientApplication: row.app, timeout: 5 });`,
      ).join('\n'),
      /Type 'number' is not assignable to type '"timeout is not an input of ExternalClientAppJwtPolicy"'/,
    );
  });

  it('an app is required', () => {
    assert.match(
      errors(`new ExternalClientAppJwtPolicy('a', { namedUserJwtTimeout: 30 });`).join('\n'),
      /externalClientApplication/,
    );
  });

  const completions: readonly [settings: string, names: readonly string[]][] = [
    ['namedUserJwtTimeout: /**/', ['1', '5', '10', '15', '30', '60', '90', '120', '240', '480', '720']],
    ['guestJwtSessionTimeoutType: "/**/"', ['Custom', 'UserSession']],
    ['allow: ["/**/"]', ['lockOut', 'guestFlow', 'packagedApp', 'unreadCertificate']],
    ['/**/', ['isNamedUserJwtEnabled', 'namedUserJwtTimeout', 'allow', 'org']],
  ];
  for (const [settings, names] of completions) {
    it(`an editor offers ${names.slice(0, 3).join(', ')} … in { ${settings} }`, () => {
      write(policy(settings));
      const offered = service
        .getCompletionsAtPosition(file, text.indexOf('/**/'), {})
        ?.entries.map(({ name }) => name);
      for (const name of names) assert.ok(offered?.includes(name), `${name} is not among ${String(offered)}`);
    });
  }

  it('an editor shows what an input, and the resource, is', () => {
    write(policy('namedUserJwtTimeout: 30'));
    const shownAt = (word: string): string => {
      const at = text.lastIndexOf(word);
      return ts.displayPartsToString(service.getQuickInfoAtPosition(file, at)?.documentation);
    };
    assert.match(shownAt('namedUserJwtTimeout'), /lifetime of named users' tokens in minutes/);
    assert.match(shownAt('ExternalClientAppJwtPolicy('), /JWT-based access-token settings of an app/);
  });
});
