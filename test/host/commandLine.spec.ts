import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { version } from 'pulumi-salesforce-eca/package.json';
import { isolatedEnvironment } from '../support/temporaryProject.js';
import { runProcess } from '../../tools/pulumiCli/runProcess.js';
import { repositoryFolder } from '../../tools/pulumiCli/repository.js';
import { runCommandLine } from '../support/commandLine.js';

const program = join(repositoryFolder, 'provider/bin/pulumi-salesforce-eca.js');
const commands = ['drift', 'export', 'audit', 'doctor', 'token'];

describe('the command pulumi-salesforce-eca', function () {
  this.timeout(60_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let folder: string;
  let environment: Record<string, string>;
  let printed: string;
  let noted: string;

  const run = async (...args: string[]): Promise<number | null> => {
    const { code, stdout, stderr } = await runCommandLine(args, environment);
    [printed, noted] = [stdout, stderr];
    return code;
  };

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(() => server.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'command-line-'));
    environment = { SALESFORCE_INSTANCE_URL: org.instanceUrl, SALESFORCE_ACCESS_TOKEN: org.accessToken };
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('shows its version and its commands', async () => {
    assert.equal(await run('--version'), 0);
    assert.equal(printed, `${version}\n`);
    assert.equal(await run('--help'), 0);
    assert.match(printed, /^Pages: docs\/ in the package\. docs\/troubleshooting\.md /m);
    for (const command of commands) assert.match(printed, new RegExp(`^ {2}${command} `, 'm'));
  });

  for (const command of commands) {
    it(`${command} --help lists every exit code`, async () => {
      assert.equal(await run(command, '--help'), 0);
      assert.match(printed, /Exit codes:\n {2}0 {2}\S.*\n(?: {2}2 {2}\S.*\n)?(?: {2}\d {2}.*\n)*/);
      assert.match(printed, /^ {2}1 {2}\S/m);
      assert.match(printed, /^ {2}--json /m);
      assert.equal(noted, '');
    });
  }

  for (const command of ['', ...commands, 'completion']) {
    it(`${command} --help has examples with options that exist`, async () => {
      assert.equal(await run(...[command, '--help'].filter((word) => word !== '')), 0);
      assert.deepEqual(
        printed.split('\n').filter((line) => line.length > 80),
        [],
      );
      const [, examples = ''] = /\nExamples:\n((?: {2}.*\n)+)/.exec(printed) ?? [];
      const typed = examples.match(/^ {2}pulumi-salesforce-eca .*/gm) ?? [];
      assert.ok(typed.length >= 2, printed);
      if (command === '') return;
      const [options = ''] = printed.split('\nExamples:');
      for (const line of typed) {
        assert.ok(line.startsWith(`  pulumi-salesforce-eca ${command}`), line);
        for (const option of line.match(/--[a-z-]+/g) ?? [])
          assert.match(options, new RegExp(`^ {2}${option}\\b`, 'm'), line);
      }
    });
  }

  describe('completion', () => {
    const complete = async (...words: string[]): Promise<string[]> => {
      assert.equal(await run('completion', 'bash'), 0);
      const file = join(folder, 'completion.bash');
      await writeFile(file, printed);
      const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _pulumi_salesforce_eca; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const all = ['-c', script, 'bash', file, 'pulumi-salesforce-eca', ...words];
      const { code, stdout, stderr } = await runProcess('bash', all, {
        env: isolatedEnvironment([]),
        deadlineMs: 30_000,
      });
      assert.equal(code, 0, stderr);
      return stdout.split('\n').filter((word) => word !== '');
    };

    it('in bash completes commands, options and values', async () => {
      assert.deepEqual(await complete('d'), ['drift', 'doctor']);
      assert.deepEqual(await complete('completion', ''), ['bash', 'zsh', 'fish', '--help']);
      assert.deepEqual(await complete('drift', '--f'), ['--format', '--fail-on', '--fail-on-unmanaged']);
      assert.deepEqual(await complete('drift', '--stack', 'dev', '--format', ''), [
        'text',
        'json',
        'markdown',
        'junit',
      ]);
      assert.deepEqual(await complete('audit', '--format', 'c'), ['csv']);
      assert.deepEqual(await complete('audit', '--out', ''), [], 'bash completes files then');
    });

    for (const shell of ['bash', 'zsh', 'fish']) {
      it(`has every command and option for ${shell}`, async () => {
        assert.equal(await run('completion', shell), 0);
        const script = printed;
        for (const command of commands) {
          await run(command, '--help');
          const options = printed.match(/^ {2}(?:-\w, )?--[a-z-]+/gm) ?? [];
          assert.ok(options.length > 3);
          for (const option of options) {
            const name = option.replace(/.*--/, '');
            assert.match(script, new RegExp(`(?:--|-l )${name}(?![\\w-])`), `${command} ${name}`);
          }
        }
      });

      it(`is a script that ${shell} can read`, async function () {
        assert.equal(await run('completion', shell), 0);
        const file = join(folder, 'script');
        await writeFile(file, printed);
        try {
          const { code, stderr } = await runProcess(shell, ['-n', file], {
            env: isolatedEnvironment([]),
            deadlineMs: 30_000,
          });
          assert.deepEqual([code, stderr], [0, '']);
        } catch (thrown) {
          if (!String(thrown).includes('ENOENT')) throw thrown;
          console.log(`      skipped: this machine has no ${shell}`);
          this.skip();
        }
      });
    }
  });

  const wrong: [args: string[], message: RegExp][] = [
    [[], /^Usage: pulumi-salesforce-eca/],
    [
      ['exprot'],
      /^error: unknown command 'exprot'\n\(Did you mean export\?\)\n\(see pulumi-salesforce-eca --help\)\n$/,
    ],
    [['export', '--formt', 'json'], /unknown option '--formt'/],
    [
      ['export', '--format', 'yaml'],
      /argument 'yaml' is invalid\. Allowed choices are typescript, json\.\n\(see pulumi-salesforce-eca export --help\)\n$/,
    ],
    [
      ['export', '--language', 'yaml', '--format', 'json'],
      /^error: option '--language <language>' cannot be used with option '--format <format>'\n/,
    ],
    [['export', 'here'], /too many arguments for 'export'/],
    [
      ['audit', '--format', 'xml'],
      /argument 'xml' is invalid\. Allowed choices are table, json, csv, markdown, sarif\./,
    ],
    [
      ['audit', '--max-minutes', '0'],
      /argument '0' is invalid\. It must be a whole number of minutes, 1 or more\.\n\(see pulumi-salesforce-eca audit --help\)\n$/,
    ],
    [
      ['audit', '--json', '--format', 'sarif'],
      /^error: option '--json' cannot be used with option '--format <format>'\n\(see pulumi-salesforce-eca audit --help\)\n$/,
    ],
    [
      ['audit', '--fail-on-unmanaged'],
      /^error: option '--fail-on-unmanaged' requires option '--stack <name>'\n\(see pulumi-salesforce-eca audit --help\)\n$/,
    ],
    [['drift', '--stack', ''], /argument '' is invalid\. The name of a stack must not be empty\./],
    [['doctor', 'portal'], /^error: required option '--for <agent-api\|mcp>' not specified\n/],
    [['token', '--wait'], /option '--wait <minutes>' argument missing/],
    [
      ['drift', '--format', 'xml'],
      /argument 'xml' is invalid\. Allowed choices are text, json, markdown, junit\./,
    ],
  ];
  for (const [args, message] of wrong) {
    it(`fails with exit code 1 and one message, never with a finding: ${args.join(' ') || 'no command'}`, async () => {
      assert.equal(await run(...args), 1);
      assert.match(noted, message);
      assert.doesNotMatch(noted, /\n\s+at /);
      assert.equal(printed, '');
    });
  }

  for (const [what, target, message] of [
    ['a reader that has gone', 'pipe', /^$/],
    [
      'a disk that is full',
      '/dev/full',
      /^pulumi-salesforce-eca: \[ECA8001\] the result could not be written: ENOSPC: .*\.\n$/,
    ],
  ] as const) {
    it(`fails with exit code 1 and no stack trace if the result cannot be written: ${what}`, async function () {
      if (target !== 'pipe' && !existsSync(target)) {
        console.log(`      skipped: this machine has no ${target}`);
        this.skip();
      }
      const stdout = target === 'pipe' ? target : openSync(target, 'w');
      const command = spawn(process.execPath, [program, 'audit', '--json'], {
        env: environment,
        stdio: ['ignore', stdout, 'pipe'],
      });
      command.stdout?.destroy();
      if (typeof stdout === 'number') closeSync(stdout);
      const ended = once(command, 'close');
      assert.ok(command.stderr);
      assert.match(await text(command.stderr), message);
      assert.deepEqual(await ended, [1, null]);
    });
  }

  it('prints no characters from an org that a terminal would act on', async () => {
    assert.equal(await run('doctor', 'a\u001b[31mb', '--for', 'mcp'), 1);
    assert.match(noted, /External client app "a\uFFFD\[31mb" in org /);
  });

  describe('export', () => {
    it('writes the program and the import file, and lists what it left out', async () => {
      const out = join(folder, 'deep/er');
      assert.equal(await run('export', '--out', out), 0);
      assert.equal(noted, '');
      assert.equal(
        printed,
        [
          `Org ${org.instanceUrl} (${org.organizationId}), API version 68.0: 11 external client apps, 7 resources.`,
          `Wrote ${join(out, 'index.ts')}`,
          `Wrote ${join(out, 'import.json')}`,
          'Apps without a resource:',
          '  App_Disabled: OAuth is not enabled: isEnabled is false in ExtlClntAppConfigurablePolicies App_Disabled_plcy',
          '  No_OAuth: OAuth is not enabled: the org has no ExtlClntAppOauthSettings component for the app',
          '  Plugin_Disabled: OAuth is not enabled: isOauthPluginEnabled is false in ExtlClntAppConfigurablePolicies Plugin_Disabled_plcy',
          '  acme__Billing_Sync: the org has no value that a resource could declare',
          '',
          'Next, in the Pulumi project of the program, with its sign-in configured:',
          '  pulumi import --file import.json --yes --skip-preview --generate-code=false --protect=false',
          '  pulumi preview --expect-no-changes',
          'Or skip the import and run pulumi up: it adopts the current settings and changes nothing.',
          '',
        ].join('\n'),
      );
      assert.deepEqual((await readdir(out)).sort(), ['import.json', 'index.ts']);
      assert.doesNotMatch(
        await readFile(join(out, 'import.json'), 'utf8'),
        /consumerKey|PRIVATE KEY|00D\w{12}!/,
      );
    });

    it('writes data and prints a summary as JSON', async () => {
      assert.equal(await run('export', '--out', folder, '--format', 'json', '--json'), 0);
      const summary: unknown = JSON.parse(printed);
      assert.ok(
        typeof summary === 'object' && summary !== null && 'resources' in summary && 'files' in summary,
      );
      assert.equal(summary.resources, 7);
      assert.deepEqual(summary.files, [
        join(folder, 'external-client-apps.json'),
        join(folder, 'import.json'),
      ]);
    });

    it('writes a program in another language for the native provider, and a file that imports its resources', async () => {
      const languages = ['--provider', 'native', '--language', 'yaml'];
      assert.equal(await run('export', '--out', folder, ...languages), 0);
      assert.deepEqual((await readdir(folder)).sort(), ['Main.yaml', 'import.json']);
      assert.match(
        await readFile(join(folder, 'Main.yaml'), 'utf8'),
        /^ {2}"Partner_API":\n {4}type: salesforce-eca:ExternalClientAppJwtPolicy$/m,
      );
      const file = await readFile(join(folder, 'import.json'), 'utf8');
      assert.match(file, /"type": "salesforce-eca:index:ExternalClientAppJwtPolicy"/);
      assert.doesNotMatch(file, /__provider|dynamic/);
    });

    it('refuses another language for the dynamic provider, without a request', async () => {
      org.clearRequests();
      assert.equal(await run('export', '--out', folder, '--language', 'python'), 1);
      assert.equal(
        noted,
        'pulumi-salesforce-eca: [ECA8105] --language is python, but programs for the dynamic provider are in TypeScript only. Add ' +
          '--provider native, or leave out --language.\n',
      );
      assert.deepEqual(org.requests, []);
      assert.deepEqual(await readdir(folder), []);
    });

    it('overwrites nothing without --force, and then sends no request', async () => {
      await writeFile(join(folder, 'import.json'), 'mine');
      org.clearRequests();
      assert.equal(await run('export', '--out', folder), 1);
      assert.equal(
        noted,
        `pulumi-salesforce-eca: [ECA8101] ${join(folder, 'import.json')} exists already, so nothing was written: choose another folder with ` +
          '--out, or overwrite with --force.\n',
      );
      assert.deepEqual(org.requests, []);
      assert.deepEqual(await readdir(folder), ['import.json']);
      assert.equal(await readFile(join(folder, 'import.json'), 'utf8'), 'mine');

      assert.equal(await run('export', '--out', folder, '--force'), 0);
      const first = await readFile(join(folder, 'index.ts'));
      assert.notEqual(await readFile(join(folder, 'import.json'), 'utf8'), 'mine');
      assert.equal(await run('export', '--out', folder, '--force'), 0);
      assert.deepEqual(await readFile(join(folder, 'index.ts')), first, 'the same to the byte');
    });

    for (const [what, variables, message] of [
      [
        'no way to sign in',
        {},
        /^pulumi-salesforce-eca: .*nothing is set.*Or use the configuration of a stack with --stack <name>, or a session of the Salesforce CLI with --org <alias>\n( {2}.*\n)* {2}access token: export SALESFORCE_INSTANCE_URL=<https address> SALESFORCE_ACCESS_TOKEN="\$\(cat <file>\)"\n/,
      ],
      [
        'a token that the org does not know',
        { SALESFORCE_ACCESS_TOKEN: '00D000000000062!AQ.t0k3nt0k3n' },
        /^pulumi-salesforce-eca: /,
      ],
    ] as const) {
      it(`fails with one message and writes nothing: ${what}`, async () => {
        environment = Object.keys(variables).length === 0 ? {} : { ...environment, ...variables };
        assert.equal(await run('export', '--out', join(folder, 'out')), 1);
        assert.match(noted, message);
        assert.doesNotMatch(noted, /\n\s+at |t0k3n/);
        assert.equal(noted.match(/^\S/gm)?.length, 1);
        assert.equal(printed, '');
        assert.deepEqual(await readdir(folder), []);
      });
    }
  });
});
