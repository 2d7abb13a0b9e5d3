import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { format } from 'prettier';
import ts from 'typescript';
import { usage as localOrgUsage } from '../../../local-org/src/commandLineUsage.js';
import { runCommandLine } from '../../../provider/src/commandLine/runCommandLine.js';
import { locateElements } from '../../../provider/src/components/strictXml.js';
import { repositoryFolder } from '../../../tools/pulumiCli/repository.js';
import { runProcess } from '../../../tools/pulumiCli/runProcess.js';
import { codeBlock, codeBlocksOf, type CodeBlock } from '../../support/codeBlocks.js';
import { parsePage, readPages } from '../../support/pages.js';

const blocks = readPages().flatMap(codeBlocksOf);
const inLanguage = (...languages: string[]): CodeBlock[] =>
  blocks.filter(({ language }) => languages.includes(language));

/**
 * Type-checks TypeScript blocks against the built packages, in one program. A block without imports goes on from those above it on
 * its page.
 */
function typeCheck(typescript: readonly CodeBlock[]): string[] {
  const imports = new Map<string, string>();
  const files = new Map<string, string>();
  for (const [index, { page, text }] of typescript.entries()) {
    const own = text.match(/^import [^;]*;$/gm)?.join('\n');
    const before = imports.get(page) ?? '';
    const name = join(
      repositoryFolder,
      dirname(page),
      `block ${index + 1} of ${page.replaceAll('/', ' ')}.mts`,
    );
    files.set(name, own === undefined ? `${before}\n${text}` : text);
    imports.set(page, own ?? before);
  }
  const base = join(repositoryFolder, 'tsconfig.base.json');
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(base, (path) => ts.sys.readFile(path)).config,
    { ...ts.sys, readDirectory: () => [] },
    repositoryFolder,
    {
      noEmit: true,
      noUnusedLocals: false,
      paths: { 'pulumi-salesforce-eca-native': [join(repositoryFolder, 'sdk/nodejs/index.ts')] },
    },
  );
  const host = ts.createCompilerHost(options);
  host.readFile = (path) => files.get(path) ?? ts.sys.readFile(path);
  host.fileExists = (path) => files.has(path) || ts.sys.fileExists(path);
  host.getSourceFile = (path, target) => {
    const text = host.readFile(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, target);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((path) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(path))
      .map(
        ({ file, messageText }) =>
          `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      ),
  );
}

/** The commands of a shell block, without comments, variables in front and what runs them. */
function commandsOf(text: string): string[][] {
  return text
    .replaceAll('\\\n', ' ')
    .split(/\n|&&|;|\|/)
    .map((line) => line.replace(/(^|\s)#.*/, '').trim())
    .map((line) => line.replace(/^(?:\w+=\S*\s+)*(?:npx\s+|npm run (?:-s |--silent )?(?=local-org\s))?/, ''))
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/));
}

const optionsIn = (help: string): Set<string> => new Set(help.match(/(?<![\w-])--?[a-z][a-z-]*/g) ?? []);

async function helpOf(command: string): Promise<string> {
  let help = '';
  const print = (text: string): void => {
    help += text;
  };
  await runCommandLine([command, '--help'], '0.0.0', {
    environment: {},
    hasColours: false,
    progress: () => undefined,
    print,
    note: print,
  });
  return help;
}

/** The options of our own commands that do not exist, and commands that do not. */
async function unknownOptions({ page, text }: CodeBlock): Promise<string[]> {
  const faults: string[] = [];
  for (const words of commandsOf(text)) {
    const [program = '', command = ''] = words;
    const isOurs = program === 'pulumi-salesforce-eca';
    if (!isOurs && !/^(?:salesforce-)?local-org$/.test(program)) continue;
    const help = isOurs ? await helpOf(command) : localOrgUsage;
    if (isOurs && !help.startsWith(`Usage: ${program} ${command}`))
      faults.push(`${page}: no command ${command}`);
    const known = optionsIn(help);
    const used = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split('=', 1)[0] ?? '');
    faults.push(
      ...used
        .filter((option) => !known.has(option))
        .map((option) => `${page}: ${program} ${command} ${option}`),
    );
  }
  return faults;
}

/** The names of the scripts in a package.json. */
function scriptsIn(path: string): string[] {
  const description: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof description === 'object' &&
    description !== null &&
    'scripts' in description &&
    typeof description.scripts === 'object'
    ? Object.keys(description.scripts ?? {})
    : [];
}

/** The scripts that a block runs and that neither the package of its folder nor the workspace has. */
function unknownScripts({ page, text }: CodeBlock): string[] {
  const known = [
    join(repositoryFolder, dirname(page), 'package.json'),
    join(repositoryFolder, 'package.json'),
  ]
    .filter((path) => existsSync(path))
    .flatMap(scriptsIn);
  return [...text.matchAll(/\bnpm run (?:-s |--silent )?([\w:-]+)/g)]
    .flatMap(([, script = '']) => script)
    .filter((script) => !known.includes(script))
    .map((script) => `${page}: npm run ${script}`);
}

describe('code blocks of the pages', () => {
  it('in TypeScript pass the type check', function () {
    this.timeout(60_000);
    const typescript = inLanguage('ts', 'typescript');
    assert.ok(typescript.length > 0);
    assert.deepEqual(typeCheck(typescript), []);
    const [wrong = ''] = typeCheck([
      {
        page: 'README.md',
        language: 'ts',
        text: "import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';\nnew ExternalClientAppJwtPolicy('a', { namedUserJwtTimeout: '30' });",
      },
    ]);
    assert.match(wrong, /not assignable/);
  });

  it('in JSON and YAML can be parsed', async () => {
    for (const { page, language, text } of inLanguage('json', 'yaml')) {
      await assert.doesNotReject(format(text, { parser: language }), `${page}: ${text}`);
    }
    await assert.rejects(format('{ "a": }', { parser: 'json' }));
  });

  it('in XML are well-formed', () => {
    const xml = inLanguage('xml');
    assert.ok(xml.length > 0);
    for (const { page, text } of xml) assert.doesNotThrow(() => locateElements(text), `${page}: ${text}`);
    assert.throws(() => locateElements('<a><b></a>'));
  });

  it("that are permission sets match Salesforce's generated type", function () {
    this.timeout(60_000);
    const check = (...sets: string[]): string[] =>
      typeCheck(
        sets.map((xml) => {
          const parsed = new XMLParser({ ignoreDeclaration: true }).parse(xml) as Record<string, unknown>;
          const text = [
            "import type { PermissionSet } from '@salesforce/types/metadata';",
            "export const set: Pick<PermissionSet, 'label'> & Partial<PermissionSet> =",
            `${JSON.stringify(parsed['PermissionSet'])};`,
          ].join('\n');
          return { page: 'docs/permissions.md', language: 'ts', text };
        }),
      );
    const developer = codeBlock('docs/permissions.md', 'External Client App JWT Developer');
    const admin = codeBlock('docs/permissions.md', 'External Client App JWT Admin');
    const reader = codeBlock('docs/permissions.md', 'External Client App JWT Reader');
    assert.deepEqual(check(developer, admin, reader), []);
    assert.match(check(admin.replaceAll('enabled>', 'isEnabled>'))[0] ?? '', /isEnabled/);
  });

  it('for a shell have valid syntax', async () => {
    const script = inLanguage('sh')
      .map(({ page, text }, index) => `block_${index}() { : ${page}\n${text}\n}\n`)
      .join('\n');
    const { code, stderr } = await runProcess('bash', ['-n', '-c', script], { deadlineMs: 20_000 });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  });

  it('use commands, options and scripts of this repository that exist', async () => {
    const shell = inLanguage('sh');
    assert.deepEqual((await Promise.all(shell.map(unknownOptions))).flat(), []);
    assert.deepEqual(shell.flatMap(unknownScripts), []);
    const [block] = codeBlocksOf(
      parsePage(
        'page.md',
        '```sh\nA=b npx pulumi-salesforce-eca drift \\\n  --stac dev && npm run gone # --x\n```\n',
      ),
    );
    assert.ok(block);
    assert.deepEqual(await unknownOptions(block), ['page.md: pulumi-salesforce-eca drift --stac']);
    assert.deepEqual(unknownScripts(block), ['page.md: npm run gone']);
  });
});
