import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import {
  standInEnvironment,
  writeRecording,
  type RecordedLook,
} from '../../tools/driftRecordings/recordings.js';
import { firstProgram } from '../../tools/driftRecordings/scenes.js';
import type { ProcessResult } from '../../tools/pulumiCli/runProcess.js';
import { callCommandLine, withVariables } from '../support/commandLine.js';
import { assertHarmless, assertNoMarkdownLinks, hostileText } from '../support/hostileOrg.js';
import { accessTokenEnvironment } from '../support/policyProgram.js';
import { projectName, stackName } from '../support/pulumiStack.js';
import {
  createEmptyProject,
  isolatedEnvironment,
  type TemporaryProject,
} from '../support/temporaryProject.js';

const pick = (value: unknown, ...keys: readonly string[]): object =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([key]) => keys.includes(key)));

/**
 * The command on what the real Pulumi CLI and its engine have answered once (`npm run drift-recordings` records it anew, from the scenes of
 * `tools/driftRecordings`); `test/e2e/driftCommand.spec.ts` runs the CLI. The org is asked when and by whom it was changed.
 */
describe('pulumi-salesforce-eca drift, with recorded output of the Pulumi CLI', function () {
  this.timeout(60_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let project: TemporaryProject;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    project = await createEmptyProject();
    await writeFile(join(project.folder, 'Pulumi.yaml'), `name: ${projectName}\nruntime: nodejs\n`);
    await writeFile(join(project.folder, 'index.js'), firstProgram);
  });
  after(async () => {
    await project.remove();
    await server.close();
  });

  const drift = async (
    look: RecordedLook,
    args: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
    change: (recording: string) => string = (recording) => recording,
  ): Promise<ProcessResult> => {
    const file = join(project.folder, `${look}.jsonl`);
    await writeRecording(look, file, org, project.folder);
    await writeFile(file, change(await readFile(file, 'utf8')));
    const standIn = await standInEnvironment(project.folder, file, isolatedEnvironment([])['PATH'] ?? '');
    const result = await withVariables(standIn, () =>
      callCommandLine(['drift', '--cwd', project.folder, '--stack', stackName, ...args], {
        ...accessTokenEnvironment(org),
        ...environment,
      }),
    );
    assert.doesNotMatch(result.stdout + result.stderr, /\n\s+at |00D\w{12}!/, 'no stack trace, no token');
    return result;
  };
  /** Looks, asserts the exit code, and gives the report as text without what differs from run to run. */
  const report = async (
    look: RecordedLook,
    code: number,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<string> => {
    const result = await drift(look, [], environment);
    assert.equal(result.code, code, result.stdout + result.stderr);
    return result.stdout
      .replaceAll(org.organizationId, 'ORG')
      .replaceAll(org.instanceUrl, 'http://org')
      .replace(/modified at \S+ by .*/g, 'modified at DATE by NAME');
  };

  it('distinguishes what is not applied yet, what changed in the org, and both', async () => {
    const notApplied = 'not applied yet';
    assert.equal(
      await report('notApplied', 2),
      [
        'Stack test: pending',
        '',
        'gateway (app Agent_Gateway, ORG): pending',
        `  namedUserJwtTimeout: the org has 30 minutes, the program 15 minutes (${notApplied})`,
        `  guestJwtSessionTimeoutType: the org has an unknown value, the program Custom (${notApplied})`,
        `  guestJwtTimeout: the org has an unknown value, the program 5 minutes (${notApplied})`,
        '',
        'partners (app Partner_API, ORG): pending',
        '  the program no longer declares it: up would delete it and restore the values found before the',
        '    first change',
        '',
        'portal: pending',
        '  the state does not contain it yet: up would create it',
        '',
        '3 resources: 3 pending',
        'Next: pulumi up --stack test applies what is pending (3 resources)',
        '',
      ].join('\n'),
    );
    assert.match(
      await report('notAppliedAndChanged', 2),
      /^Stack test: drifted and pending\n\ngateway [^\n]*: drifted and pending\n {2}isNamedUserJwtEnabled: the org has false, the program true \(changed in the org\)/,
    );
  });

  /** The state of these looks holds a resource whose provider is a text that is not ours. */
  const note =
    'Note: [ECA8010] only the ExternalClientAppJwtPolicy resources were compared: the state contains code\n' +
    '  of other resources (pulumi-nodejs:dynamic:Resource), and reading those would run it.\n' +
    '  --trust-dynamic <type> allows that\n';

  it('respects ignoreChanges, and ignores other resources of the stack', async () => {
    const clean = `Stack test: clean\n\n1 resource: 1 clean (--all lists the clean ones)\n${note}`;
    assert.equal(await report('ignoredChange', 0), clean);
    assert.equal(await report('ignoredChangeRefreshed', 0), clean);
    assert.match(await report('ignoredAndOtherChange', 2), /isNamedUserJwtEnabled: the org has false/);
  });

  it('fails for a stack without our resources, and says so', async () => {
    assert.equal(
      await report('emptyStack', 1),
      [
        'Stack test: failed',
        '',
        '2 resources: pending',
        '  Agent_Gateway, Partner_API',
        '  the state does not contain it yet: up would create it',
        '',
        '2 resources: 2 pending',
        'Failed: [ECA8008] stack test is empty, but its program declares 2 ExternalClientAppJwtPolicy resources, so nothing was compared. Run pulumi up once',
        '',
      ].join('\n'),
    );
    assert.equal(
      await report('noPolicies', 1),
      'Stack test: failed\n\n0 resources\nFailed: [ECA8008] stack test contains no ExternalClientAppJwtPolicy, and its program declares none: ' +
        `nothing was compared. Check that it is the right stack\n${note}`,
    );
  });

  it('fails for a program that does not run', async () => {
    const text = await report('brokenProgram', 1);
    assert.match(text, /^Stack test: failed\n/);
    assert.match(text, /Failed: [^]*the program is broken/);
    assert.doesNotMatch(text, /drifted|: clean/);
  });

  it('reports a component and an app that are gone from the org', async () => {
    assert.match(
      await report('componentGone', 2),
      /namedUserJwtTimeout: the org has no value, the program 30 minutes \(changed in the org\)/,
    );
    assert.equal(
      await report('appGone', 2),
      'Stack test: drifted\n\ngateway (app Agent_Gateway, ORG): drifted\n  the org no longer has the app\n\n' +
        '2 resources: 1 drifted, 1 clean (--all lists the clean ones)\n',
    );
  });

  it('reports a resource that the last up did not finish as not applied', async () => {
    assert.match(
      await report('unfinished', 2),
      /gateway [^\n]*: pending\n {2}the last up did not finish it: [^]*could not be read\s+afterwards/,
    );
  });

  it('does not fail if an org does not return who changed it', async () => {
    org.faults.add({ on: 'listMetadata', do: { kind: 'malformed' } });
    try {
      const text = await report('changedInOrg', 2);
      assert.match(text, /namedUserJwtTimeout: the org has 720 minutes/);
      assert.match(text, /\nNote: the org did not return when and by whom components were last modified:\s/);
    } finally {
      org.faults.clear();
    }
  });

  it('exits with 2 only for drift, or only for pending changes, with --fail-on', async () => {
    for (const [look, failOn, code] of [
      ['notApplied', 'drift', 0],
      ['notApplied', 'pending', 2],
      ['changedInOrg', 'drift', 2],
      ['changedInOrg', 'pending', 0],
      ['notAppliedAndChanged', 'drift', 2],
      ['notAppliedAndChanged', 'pending', 2],
      ['emptyStack', 'drift', 1],
    ] as const) {
      const result = await drift(look, ['--fail-on', failOn]);
      assert.equal(result.code, code, `${look} ${failOn}: ${result.stdout}${result.stderr}`);
    }
  });

  it('reports as JSON, Markdown and JUnit, with the same exit code', async () => {
    const json = await drift('changedInOrg', ['--json']);
    assert.equal(json.code, 2, json.stderr);
    const parsed: unknown = JSON.parse(json.stdout);
    assert.ok(typeof parsed === 'object' && parsed !== null && 'status' in parsed);
    assert.equal(parsed.status, 'drifted');
    assert.ok('resources' in parsed && Array.isArray(parsed.resources));
    assert.deepEqual(
      parsed.resources.map((resource: unknown) => pick(resource, 'app', 'status')),
      [
        { app: 'Agent_Gateway', status: 'drifted' },
        { app: 'Partner_API', status: 'clean' },
      ],
      'clean ones, too',
    );

    const junit = await drift('changedInOrg', ['--format', 'junit']);
    assert.equal(junit.code, 2);
    assert.match(
      junit.stdout,
      /<testsuites name="pulumi-salesforce-eca drift" tests="2" failures="1" errors="0">/,
    );
    const markdown = await drift('changedInOrg', ['--format', 'markdown']);
    assert.equal(markdown.code, 2);
    assert.match(markdown.stdout, /^### Drift of stack test: drifted$/m);
  });

  for (const format of ['text', 'json', 'markdown', 'junit']) {
    it(`lets text from the org affect no terminal, log or report in --format ${format}`, async () => {
      const { stdout, stderr } = await drift('changedInOrg', ['--format', format], {}, (recording) =>
        recording.replaceAll(
          '"namedUserJwtSessionTimeoutType":"Custom","namedUserJwtTimeout":720',
          `"namedUserJwtSessionTimeoutType":${JSON.stringify(hostileText)},"namedUserJwtTimeout":720`,
        ),
      );
      assertHarmless(stdout + stderr, format);
      if (format === 'markdown') assertNoMarkdownLinks(stdout);
    });
  }

  it('reads the configuration of the stack including secrets, and stores none of it', async () => {
    const text = await report('configuredOrg', 2, {
      SALESFORCE_ACCESS_TOKEN: '',
      SALESFORCE_INSTANCE_URL: '',
    });
    assert.match(text, /gateway \(app Agent_Gateway, org "dev", ORG\): drifted/);
    assert.match(text, /last modified at DATE by NAME/);
  });

  it('is failed, not drifted, when one of several orgs cannot be read', async () => {
    const text = await report('oneOrgUnreadable', 1);
    assert.match(text, /^Stack test: failed\n/);
    assert.match(text, /partners \(app Partner_API, org "other", ORG\): failed/);
    assert.match(text, /\nFailed: .*Partner_API.*INVALID_SESSION_ID/);
  });
});
