import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import type { ProcessResult } from '../../tools/pulumiCli/runProcess.js';
import { changeSetting, settingsOf } from '../support/appSettings.js';
import { requestKinds } from '../support/arrivals.js';
import { runCommandLine } from '../support/commandLine.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { accessTokenEnvironment, newPolicy, policyProgram } from '../support/policyProgram.js';
import { PulumiStack, stackName } from '../support/pulumiStack.js';
import { RecordedUp } from '../support/recordedUp.js';

const app = 'Agent_Gateway';
const inputs = { externalClientApplication: app, isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 };
const partner = { externalClientApplication: 'Partner_API', namedUserJwtTimeout: 30 };

/** With the real engine; `test/host/driftCommand.spec.ts` has the cases that need no more than what it has answered once. */
describe('pulumi-salesforce-eca drift', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let original: OrgSnapshot;
  let firstUp: RecordedUp;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    original = takeSnapshot(org);
    firstUp = await RecordedUp.record(
      org,
      policyProgram(newPolicy('gateway', inputs), newPolicy('partners', partner)),
    );
  });
  after(async () => {
    await firstUp.dispose();
    await server.close();
  });
  beforeEach(async () => {
    stack = await firstUp.resume();
  });
  afterEach(() => stack.dispose());

  const drift = async (
    args: readonly string[] = [],
    environment: Readonly<Record<string, string | undefined>> = {},
  ): Promise<ProcessResult> => {
    const result = await runCommandLine(['drift', '--cwd', stack.folder, ...args], {
      ...stack.environment,
      ...environment,
    });
    assert.doesNotMatch(result.stdout + result.stderr, /\n\s+at |00D\w{12}!/, 'no stack trace, no token');
    return result;
  };
  /** Looks, asserts the exit code, and gives the report as text without what differs from run to run. */
  const report = async (
    code: number,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<string> => {
    const result = await drift([], environment);
    assert.equal(result.code, code, result.stdout + result.stderr);
    return result.stdout
      .replaceAll(org.organizationId, 'ORG')
      .replaceAll(org.instanceUrl, 'http://org')
      .replace(/modified at \S+ by .*/g, 'modified at DATE by NAME');
  };

  it('is clean after up, sends no more requests than a refresh, and changes neither the state nor the selected stack', async () => {
    // The variable goes before what is selected.
    const env = { PULUMI_STACK: undefined };
    await stack.run(['stack', 'init', 'another'], { env });
    const before = await stack.state();
    org.clearRequests();
    const { code, stdout } = await drift(['--stack', stackName], env);
    assert.equal(code, 0);
    assert.equal(stdout, 'Stack test: clean\n\n2 resources: 2 clean (--all lists the clean ones)\n');
    assert.deepEqual(
      new Set(requestKinds(org).filter((kind) => !['token', 'versions', 'userinfo'].includes(kind))),
      new Set(['readMetadata']),
    );
    assert.match((await stack.run(['stack', 'ls'], { env })).stdout, /^another\*/m);
    assert.equal((await stack.state()).text, before.text);
  });

  it('shows what changed in the org, when and by whom; after a plain refresh it is still drift', async () => {
    changeSetting(org, app, 'namedUserJwtTimeout', '720');
    const head = 'Stack test: drifted\n\ngateway (app Agent_Gateway, ORG): drifted\n';
    const dated = '  last modified at DATE by NAME\n';
    const counts = '\n2 resources: 1 drifted, 1 clean (--all lists the clean ones)\n';
    const next =
      'Next: pulumi up --refresh --diff --stack test restores what the program declares (1 resource)\n';
    assert.equal(
      await report(2),
      `${head}  namedUserJwtTimeout: the org has 720 minutes, the program 30 minutes (changed in the org)\n` +
        dated +
        counts +
        next,
    );

    await stack.refresh();
    assert.equal(
      await report(2),
      `${head}  namedUserJwtTimeout: the org has 720 minutes, the program 30 minutes (org or program changed)\n` +
        dated +
        counts +
        'Note: "org or program changed": it is unknown which of them, because the state was refreshed after\n' +
        '  the last up, or because the value is a secret\n' +
        next,
    );
    assert.equal(settingsOf(org, app).namedUserJwtTimeout, '720', 'looking changes nothing');
  });

  it('fails with the org’s message for what was not read, and keeps the state: that is not drift', async () => {
    const { resources } = await stack.state();
    const global = 'ExtlClntAppGlobalOauthSettings';
    org.faults.hideComponent('Agent_Gateway_glbloauth', 'loadFails');
    const failed = await drift();
    assert.equal(failed.code, 1, failed.stdout + failed.stderr);
    assert.match(
      failed.stdout + failed.stderr,
      new RegExp(
        `Load of metadata from db failed for metadata of type:${global} and file name:Agent_Gateway_glbloauth`,
      ),
    );
    assert.doesNotMatch(failed.stdout, /drifted|changed in the org/);

    org.faults.clear();
    org.faults.hideComponent('*', 'notListed');
    const empty = await drift();
    assert.equal(empty.code, 1, empty.stdout + empty.stderr);
    assert.match(empty.stdout + empty.stderr, /returned no external client apps to the signed-in user/);
    assert.doesNotMatch(empty.stdout, /drifted|does not have the app/);

    const refreshed = await stack.run(['refresh', '--yes'], { expectCode: 'any' });
    assert.match(refreshed.stdout, /returned no external client apps/);
    assert.notEqual(refreshed.code, 0);
    assert.deepEqual((await stack.state()).resources, resources);
  });

  it('passes its --timeout to the provider', async () => {
    for (const on of ['readMetadata', 'retrieve'] as const) org.faults.add({ on, do: { kind: 'hang' } });
    const { code, stdout, stderr } = await drift(['--timeout', '0.05']);
    assert.equal(code, 1, stdout + stderr);
    assert.match(stdout, /no complete response within 3 seconds/);
    org.faults.clear();
  });

  it('fails for a refused sign-in', async () => {
    changeSetting(org, app, 'namedUserJwtTimeout', '720');
    const refused = await report(1, { SALESFORCE_ACCESS_TOKEN: `${org.accessToken.slice(0, -6)}AAAAAA` });
    assert.match(refused, /^Stack test: failed\n/);
    assert.match(
      refused,
      /\n2 resources \(ORG\): failed\n {2}Agent_Gateway, Partner_API\n {2}not read: the preview ended first\n/,
    );
    assert.match(refused, /\nFailed: \[ECA1301\] .*INVALID_SESSION_ID.*\. The same for \S+\n$/);
    assert.doesNotMatch(refused, /--run-program|preview failed/i, 'what does not fit this command');
    assert.doesNotMatch(refused, /drifted|: clean/);
  });

  it('sends no more requests than a refresh, and is not stopped by a guard, for every value of salesforce:preview', async function () {
    // Three looks instead of one.
    this.timeout(480_000);
    await stack.dispose();
    restoreSnapshot(org, original);
    const { SALESFORCE_INSTANCE_URL: url } = accessTokenEnvironment(org);
    const gateway = newPolicy('gateway', { ...inputs, org: 'dev' });
    stack = await PulumiStack.create({ program: policyProgram(gateway), env: accessTokenEnvironment(org) });
    await stack.config({
      'salesforce:orgs.dev.instanceUrl': url,
      'salesforce:orgs.dev.accessToken': { secret: org.accessToken },
    });
    await stack.up();
    changeSetting(org, app, 'namedUserJwtTimeout', '720');
    // The guard packagedApp refuses it in every other preview.
    const packaged = { externalClientApplication: 'Packaged_App', org: 'dev', isNamedUserJwtEnabled: true };
    await stack.setProgram(policyProgram(gateway, newPolicy('packaged', packaged)));

    const environment = { SALESFORCE_ACCESS_TOKEN: '', SALESFORCE_INSTANCE_URL: '' };
    for (const [setting, mode, variable] of [
      // The variable counts where nothing is configured.
      ['salesforce:timeoutMinutes', '30', 'checkOnly'],
      ['salesforce:preview', 'checkOnly', 'offline'],
      ['salesforce:orgs.dev.preview', 'org', 'offline'],
    ] as const) {
      await stack.config({ [setting]: mode });
      const stackFile = await readFile(join(stack.folder, `Pulumi.${stackName}.yaml`), 'utf8');
      org.clearRequests();
      const text = await report(2, { ...environment, SALESFORCE_PREVIEW: variable });
      assert.match(text, /\ngateway [^\n]*: drifted\n[^]*\npackaged [^\n]*: pending\n/);
      assert.deepEqual(
        requestKinds(org).filter((kind) => !['token', 'versions', 'userinfo', 'readMetadata'].includes(kind)),
        // The list says when and by whom a component was modified.
        ['retrieve', 'checkRetrieveStatus', 'listMetadata'],
        `${setting} ${mode}`,
      );
      assert.equal(await readFile(join(stack.folder, `Pulumi.${stackName}.yaml`), 'utf8'), stackFile);
    }
  });

  for (const [what, args, message] of [
    [
      'a stack that does not exist',
      ['--stack', 'nowhere'],
      /^pulumi-salesforce-eca: \[ECA8005\] stack nowhere: no stack named 'nowhere' found\.\n$/,
    ],
    [
      'a folder that is no project',
      ['--cwd', '/'],
      /^pulumi-salesforce-eca: \[ECA8005\] \/: could not detect current project: no Pulumi\.yaml project file found .*\.\n$/,
    ],
    [
      'a folder that does not exist',
      ['--cwd', '/does/not/exist'],
      /^pulumi-salesforce-eca: \[ECA8002\] --cwd is "\/does\/not\/exist", which is not an accessible folder\.\n$/,
    ],
  ] as const) {
    it(`fails with one message: ${what}`, async () => {
      const { code, stdout, stderr } = await drift(args);
      assert.equal(code, 1, stderr);
      assert.match(stderr, message);
      assert.equal(stdout, '');
    });
  }
});
