import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { requestKinds } from '../support/arrivals.js';
import { runCommandLine } from '../support/commandLine.js';
import { putApp } from '../support/localApps.js';
import { takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { accessTokenEnvironment, policyType } from '../support/policyProgram.js';
import { PulumiStack } from '../support/pulumiStack.js';

/** More than the engine hands over at once. */
const appCount = 80;
/** An export declares nothing for four apps of the seed. */
const resourceCount = appCount - 4;
const parallel = '64';
const minutes = [1, 5, 10, 15, 30, 60, 90, 120, 240, 480, 720];
const importArguments = ['--yes', '--skip-preview', '--generate-code=false', '--protect=false'];

describe('an export of an org with many apps', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let org: LocalOrg;
  let original: OrgSnapshot;
  let stack: PulumiStack;

  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    for (let index = org.componentNames('ExternalClientApplication').length; index < appCount; index += 1) {
      const isJwt = index % 3 !== 0;
      putApp(org, `App_${index}`, {
        globalSettings: { isNamedUserJwtEnabled: isJwt },
        policies: isJwt
          ? { namedUserJwtSessionTimeoutType: 'Custom', namedUserJwtTimeout: minutes[index % minutes.length] }
          : { namedUserJwtSessionTimeoutType: 'UserSession' },
      });
    }
    original = takeSnapshot(org);
  });
  after(() => server.close());

  beforeEach(async () => {
    stack = await PulumiStack.create({
      program: '// replaced by the export\n',
      language: 'typescript',
      env: {
        ...accessTokenEnvironment(org),
        PULUMI_PARALLEL: parallel,
      },
    });
    org.clearRequests();
    const { code, stdout, stderr } = await runCommandLine(
      ['export', '--out', stack.folder, '--force'],
      accessTokenEnvironment(org),
    );
    assert.equal(code, 0, stderr);
    assert.ok(stdout.includes(`${appCount} external client apps, ${resourceCount} resources.`), stdout);
    assert.deepEqual(
      requestKinds(org).filter((kind) => kind === 'retrieve'),
      ['retrieve'],
    );
    org.clearRequests();
  });
  afterEach(() => stack.dispose());

  const assertNothingWasDeployed = (): void => {
    assert.deepEqual(org.deploys, []);
    assert.deepEqual(takeSnapshot(org), original);
  };

  it('is a program whose first up adopts everything and deploys nothing', async () => {
    // What is exported passes the type check, which no other command repeats.
    await stack.previewAndUp({ env: { PULUMI_NODEJS_TRANSPILE_ONLY: undefined } });
    assertNothingWasDeployed();
    const policies = (await stack.state()).resources.filter(({ type }) => type === policyType);
    assert.equal(policies.length, resourceCount);

    const file: unknown = JSON.parse(await readFile(join(stack.folder, 'import.json'), 'utf8'));
    assert.ok(
      typeof file === 'object' && file !== null && 'resources' in file && Array.isArray(file.resources),
    );
    const byName = (left: { name: string }, right: { name: string }): number =>
      left.name < right.name ? -1 : 1;
    // A walk that it shared with others has seen a component that this resource does not manage.
    const shared = policies.find(({ id }) => id?.endsWith('/acme__Ledger'))?.outputs['components'];
    assert.ok(typeof shared === 'object' && shared !== null);
    assert.ok(Reflect.deleteProperty(shared, 'ExtlClntAppGlobalOauthSettings'));
    assert.deepEqual(
      Array.from<{ name: string }>(file.resources).sort(byName),
      policies
        .map(({ urn, type, id, inputs, outputs }) => ({
          type,
          name: urn.split('::').at(-1) ?? '',
          id,
          inputs,
          outputs,
        }))
        .sort(byName),
      'the file for the import holds what creating the resources has left in the state',
    );
    await stack.preview({ args: ['--refresh', '--expect-no-changes'] });
  });

  it('comes with a file that imports everything, and no preview shows a change', async () => {
    await stack.run(['import', '--file', 'import.json', ...importArguments]);
    assert.deepEqual(
      requestKinds(org).filter((kind) => kind !== 'versions'),
      [],
      'an import asks the org for nothing',
    );
    const imported = (await stack.state()).resources.filter(({ type }) => type === policyType);
    assert.equal(imported.length, resourceCount);
    await stack.preview({ args: ['--refresh', '--expect-no-changes'] });
    await stack.previewAndUp({ args: ['--expect-no-changes'] });

    await stack.destroy();
    assertNothingWasDeployed();
  });
});
