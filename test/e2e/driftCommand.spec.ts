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

const app = 'Agent_Gateway';
const inputs = { externalClientApplication: app, isNamedUserJwtEnabled: true, namedUserJwtTimeout: 30 };
const partner = { externalClientApplication: 'Partner_API', namedUserJwtTimeout: 30 };

/** A resource of another kind that changes at every run. */
const otherResource = `
  new pulumi.dynamic.Resource(
    { create: async () => ({ id: 'other', outs: { at: 1 } }), diff: async () => ({ changes: true }), read: async (id, props) => ({ id, props: { ...props, at: 2 } }) },
    'other', { at: undefined, again: 1 });`;

describe('pulumi-salesforce-eca drift', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let original: OrgSnapshot;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    original = takeSnapshot(org);
  });
  after(() => server.close());
  beforeEach(async () => {
    restoreSnapshot(org, original);
    stack = await PulumiStack.create({
      program: policyProgram(newPolicy('gateway', inputs), newPolicy('partners', partner)),
      env: accessTokenEnvironment(org),
    });
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
  const removeComponents = (of: string): void => {
    const others = Object.entries(takeSnapshot(org)).filter(([path]) => !path.split('/')[1]?.startsWith(of));
    restoreSnapshot(org, Object.fromEntries(others));
  };
  const cleanPartners = 'partners (app Partner_API, ORG): clean';

  it('is clean after up, asks for no more than the refresh does, and changes neither state nor selection', async () => {
    await stack.up();
    // The variable goes before what is selected.
    const env = { PULUMI_STACK: undefined };
    await stack.run(['stack', 'init', 'another'], { env });
    const before = await stack.state();
    org.clearRequests();
    const { code, stdout } = await drift(['--stack', stackName], env);
    assert.equal(code, 0);
    assert.equal(
      stdout.replaceAll(org.organizationId, 'ORG'),
      `Stack test: clean\n\ngateway (app Agent_Gateway, ORG): clean\n\n${cleanPartners}\n\n2 resources: 2 clean\n`,
    );
    assert.deepEqual(
      requestKinds(org).filter((kind) => kind === 'retrieve' || kind === 'listMetadata' || kind === 'deploy'),
      ['retrieve'],
    );
    assert.match((await stack.run(['stack', 'ls'], { env })).stdout, /^another\*/m);
    assert.equal((await stack.state()).text, before.text);
  });

  it('tells what changed in the org, when and by whom; after a plain refresh it is still drift', async () => {
    await stack.up();
    changeSetting(org, app, 'namedUserJwtTimeout', '720');
    const head = 'Stack test: drifted\n\ngateway (app Agent_Gateway, ORG): drifted\n';
    const dated =
      '    ExtlClntAppOauthConfigurablePolicies Agent_Gateway_oauthPlcy was last modified at DATE by NAME\n';
    const tail = `\n${cleanPartners}\n\n2 resources: 1 clean, 1 drifted\n`;
    assert.equal(
      await report(2),
      `${head}  namedUserJwtTimeout: the org has 720 minutes, the program 30 minutes (changed in the org, was 30 minutes)\n` +
        dated +
        tail,
    );

    await stack.refresh();
    assert.equal(
      await report(2),
      `${head}  namedUserJwtTimeout: the org has 720 minutes, the program 30 minutes (org or program changed: the state was ` +
        'refreshed since the last up, so which of them cannot be told)\n' +
        dated +
        tail,
    );
    assert.equal(settingsOf(org, app).namedUserJwtTimeout, '720', 'looking changes nothing');
  });

  it('fails with the org’s own words for what was not read, and keeps the state: that is no drift', async () => {
    await stack.up();
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
    assert.match(empty.stdout + empty.stderr, /shows no external client app at all to the signed-in user/);
    assert.doesNotMatch(empty.stdout, /drifted|does not have the app/);

    const refreshed = await stack.run(['refresh', '--yes'], { expectCode: 'any' });
    assert.match(refreshed.stdout, /shows no external client app at all/);
    assert.notEqual(refreshed.code, 0);
    assert.deepEqual((await stack.state()).resources, resources);
  });

  it('tells what is not applied yet from what changed in the org, and what is both', async () => {
    await stack.up();
    await stack.setProgram(
      policyProgram(
        newPolicy('gateway', { ...inputs, namedUserJwtTimeout: 15, guestJwtTimeout: 5 }),
        newPolicy('portal', { externalClientApplication: 'portal', isNamedUserJwtEnabled: true }),
      ),
    );
    const notApplied = 'not applied yet: the program changed, the org did not';
    assert.equal(
      await report(2),
      [
        'Stack test: not applied yet',
        '',
        'gateway (app Agent_Gateway, ORG): not applied yet',
        `  namedUserJwtTimeout: the org has 30 minutes, the program 15 minutes (${notApplied})`,
        `  guestJwtSessionTimeoutType: the org has not known, the program Custom (${notApplied})`,
        `  guestJwtTimeout: the org has not known, the program 5 minutes (${notApplied})`,
        '',
        'partners (app Partner_API, ORG): not applied yet',
        '  the program does not declare it any more: up would delete it, which restores the values found at first',
        '',
        'portal (app portal): not applied yet',
        '  the stack does not hold it yet: up would create it',
        '',
        '3 resources: 3 not applied yet',
        '',
      ].join('\n'),
    );
    changeSetting(org, app, 'isNamedUserJwtEnabled', 'false');
    assert.match(
      await report(2),
      /^Stack test: drifted\n\ngateway [^\n]*: drifted\n {2}isNamedUserJwtEnabled: the org has false, the program true \(changed in the org, was true\)/,
    );
  });

  it('respects ignoreChanges, and does not count what other resources of the stack do', async () => {
    await stack.setProgram(policyProgram(newPolicy('gateway', inputs), otherResource));
    await stack.up();
    await stack.setProgram(
      policyProgram(
        newPolicy('gateway', inputs, "{ ignoreChanges: ['namedUserJwtTimeout'] }"),
        otherResource,
      ),
    );
    changeSetting(org, app, 'namedUserJwtTimeout', '720');
    const clean = 'Stack test: clean\n\ngateway (app Agent_Gateway, ORG): clean\n\n1 resource: 1 clean\n';
    assert.equal(await report(0), clean);
    await stack.refresh();
    assert.equal(await report(0), clean);
    changeSetting(org, app, 'isNamedUserJwtEnabled', 'false');
    assert.match(await report(2), /isNamedUserJwtEnabled: the org has false/);
  });

  it('is not clean for a stack that holds none of our resources: it says so and fails', async () => {
    assert.equal(
      await report(1),
      [
        'Stack test: failed',
        '',
        'gateway (app Agent_Gateway): not applied yet',
        '  the stack does not hold it yet: up would create it',
        '',
        'partners (app Partner_API): not applied yet',
        '  the stack does not hold it yet: up would create it',
        '',
        '2 resources: 2 not applied yet',
        'Failed: stack test is empty, so nothing was compared: its program declares 2. Run pulumi up once',
        '',
      ].join('\n'),
    );
    await stack.setProgram(policyProgram(otherResource));
    await stack.up();
    assert.equal(
      await report(1),
      'Stack test: failed\n\n0 resources\nFailed: stack test holds no ExternalClientAppJwtPolicy, and its program declares none: ' +
        'nothing was compared. Is it the right stack?\n',
    );
  });

  it('fails for a login that is refused, whatever the org holds, and for a program that does not run', async () => {
    await stack.up();
    changeSetting(org, app, 'namedUserJwtTimeout', '720');
    const refused = await report(1, { SALESFORCE_ACCESS_TOKEN: `${org.accessToken.slice(0, -6)}AAAAAA` });
    assert.match(refused, /^Stack test: failed\n/);
    assert.match(
      refused,
      /gateway \(app Agent_Gateway, ORG\): failed\n {2}it was not read: the preview ended before/,
    );
    assert.match(refused, /\nFailed: .*INVALID_SESSION_ID/);
    assert.doesNotMatch(refused, /drifted|: clean/);

    await stack.setProgram('throw new Error("the program is broken");\n');
    assert.match(await report(1), /Failed: [^]*the program is broken/);
  });

  it('tells a component, and an app, that is gone from the org', async () => {
    await stack.up();
    org.removeComponent('ExtlClntAppOauthConfigurablePolicies', `${app}_oauthPlcy`);
    assert.match(
      await report(2),
      /namedUserJwtTimeout: the org has absent, the program 30 minutes \(changed in the org, was 30 minutes\)/,
    );
    removeComponents(app);
    assert.equal(
      await report(2),
      `Stack test: drifted\n\ngateway (app Agent_Gateway, ORG): drifted\n  the org does not have the app any more\n\n${cleanPartners}\n\n` +
        '2 resources: 1 clean, 1 drifted\n',
    );
  });

  it('takes a resource that the last up did not finish for not applied', async () => {
    org.faults.add({ on: 'retrieve', skip: 1, do: { kind: 'malformed' } });
    await stack.up({ expectCode: 1 });
    org.faults.clear();
    assert.match(
      await report(2),
      /gateway [^\n]*: not applied yet\n {2}the last up did not finish it: .*could not be read afterwards/,
    );
  });

  it('does not fail for an org that does not tell who changed it', async () => {
    await stack.up();
    changeSetting(org, app, 'namedUserJwtTimeout', '720');
    org.faults.add({ on: 'listMetadata', do: { kind: 'malformed' } });
    try {
      const text = await report(2);
      assert.match(text, /namedUserJwtTimeout: the org has 720 minutes/);
      assert.match(text, /\nNote: when and by whom components were last modified, the org did not tell: /);
    } finally {
      org.faults.clear();
    }
  });

  it('reports as JSON, Markdown and JUnit, with the same exit code', async () => {
    await stack.up();
    changeSetting(org, app, 'namedUserJwtTimeout', '720');
    const json = await drift(['--json']);
    assert.equal(json.code, 2);
    const parsed: unknown = JSON.parse(json.stdout);
    assert.ok(typeof parsed === 'object' && parsed !== null && 'status' in parsed);
    assert.equal(parsed.status, 'drifted');

    const junit = await drift(['--format', 'junit', '--stack', stackName]);
    assert.equal(junit.code, 2);
    assert.match(
      junit.stdout,
      /<testsuites name="pulumi-salesforce-eca drift" tests="2" failures="1" errors="0">/,
    );
    const markdown = await drift(['--format', 'markdown']);
    assert.equal(markdown.code, 2);
    assert.match(markdown.stdout, /^### Drift of stack test: drifted$/m);
  });

  it('reads the configuration of the stack, secrets too, and keeps none of it', async () => {
    const { SALESFORCE_INSTANCE_URL: url } = accessTokenEnvironment(org);
    await stack.config({
      'salesforce:orgs.dev.instanceUrl': url,
      'salesforce:orgs.dev.accessToken': { secret: org.accessToken },
    });
    await stack.setProgram(policyProgram(newPolicy('gateway', { ...inputs, org: 'dev' })));
    await stack.up();
    changeSetting(org, app, 'namedUserJwtTimeout', '720');
    const text = await report(2, { SALESFORCE_ACCESS_TOKEN: '', SALESFORCE_INSTANCE_URL: '' });
    assert.match(text, /gateway \(app Agent_Gateway, org "dev", ORG\): drifted/);
    assert.match(text, /last modified at DATE by NAME/);
  });

  it('asks for no more than the refresh does, and is stopped by no guard, whatever salesforce:preview says', async function () {
    // Three looks instead of one.
    this.timeout(480_000);
    const { SALESFORCE_INSTANCE_URL: url } = accessTokenEnvironment(org);
    await stack.config({
      'salesforce:orgs.dev.instanceUrl': url,
      'salesforce:orgs.dev.accessToken': { secret: org.accessToken },
    });
    const gateway = newPolicy('gateway', { ...inputs, org: 'dev' });
    await stack.setProgram(policyProgram(gateway));
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
      assert.match(text, /\ngateway [^\n]*: drifted\n[^]*\npackaged [^\n]*: not applied yet\n/);
      assert.deepEqual(
        requestKinds(org).filter((kind) => !['token', 'versions', 'userinfo'].includes(kind)),
        // The list says when and by whom a component was modified.
        ['retrieve', 'checkRetrieveStatus', 'listMetadata'],
        `${setting} ${mode}`,
      );
      assert.equal(await readFile(join(stack.folder, `Pulumi.${stackName}.yaml`), 'utf8'), stackFile);
    }
  });

  it('is failed, not drifted, when one of several orgs cannot be read', async () => {
    const { SALESFORCE_INSTANCE_URL: url } = accessTokenEnvironment(org);
    const viewer = org.users.find(({ role }) => role === 'viewer')?.accessToken ?? '';
    await stack.config({
      'salesforce:orgs.other.instanceUrl': url,
      'salesforce:orgs.other.accessToken': { secret: viewer },
    });
    await stack.setProgram(
      policyProgram(newPolicy('gateway', inputs), newPolicy('partners', { ...partner, org: 'other' })),
    );
    await stack.up();
    changeSetting(org, app, 'namedUserJwtTimeout', '720');
    await stack.config({
      'salesforce:orgs.other.accessToken': { secret: `${viewer.slice(0, -6)}AAAAAA` },
    });
    const text = await report(1);
    assert.match(text, /^Stack test: failed\n/);
    assert.match(text, /partners \(app Partner_API, org "other", ORG\): failed/);
    assert.match(text, /\nFailed: .*Partner_API.*INVALID_SESSION_ID/);
  });

  for (const [what, args, message] of [
    [
      'a stack that does not exist',
      ['--stack', 'nowhere'],
      /^pulumi-salesforce-eca: stack nowhere: no stack named 'nowhere' found\.\n$/,
    ],
    [
      'a folder that is no project',
      ['--cwd', '/'],
      /^pulumi-salesforce-eca: \/: could not detect current project: no Pulumi\.yaml project file found .*\.\n$/,
    ],
    [
      'a folder that does not exist',
      ['--cwd', '/does/not/exist'],
      /^pulumi-salesforce-eca: --cwd is "\/does\/not\/exist", which is no folder that can be entered\.\n$/,
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
