import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalOrg } from 'salesforce-local-org';
import { requestKinds } from '../support/arrivals.js';
import { callCommandLine } from '../support/commandLine.js';
import type { Bag } from '../support/dynamicProviderProcess.js';
import { putApp } from '../support/localApps.js';
import { accessTokenEnvironment } from '../support/policyProgram.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { Stage } from '../support/stage.js';
import { createEmptyProject } from '../support/temporaryProject.js';

describeForEachProgram('an org with its own namespace', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;

  before(async () => {
    stage = await Stage.open({ localOrg: { namespaces: { dev: 'shopns' } } });
    org = stage.org;
    putApp(org, 'shopns__Checkout', { globalSettings: { isNamedUserJwtEnabled: true } });
    putApp(org, 'shopns__Bundle', { header: { distributionState: 'Packaged' } });
    org.removeComponent('ExtlClntAppGlobalOauthSettings', 'shopns__Bundle_glbloauth');
    // Another namespace in a state that alone does not tell.
    putApp(org, 'acme__Local');
  });
  beforeEach(() => {
    org.faults.clear();
    org.clearRequests();
  });
  after(() => stage.close());

  const run = async (code: number, ...args: string[]): Promise<string> => {
    const result = await callCommandLine(args, accessTokenEnvironment(org));
    assert.equal(result.code, code, result.stdout + result.stderr);
    return code === 1 ? result.stderr : result.stdout;
  };
  const subject = (app: string): string =>
    `External client app "${app}" in org ${org.instanceUrl} (${org.organizationId})`;

  it('sets all fields of its own app, without a message about packages', async () => {
    const { id, outs } = await stage.create('checkout', {
      externalClientApplication: 'shopns__Checkout',
      namedUserJwtTimeout: 15,
    });
    assert.equal(id, `${org.organizationId}/shopns__Checkout`);
    assert.equal(outs['namedUserJwtTimeout'], 15);
    assert.doesNotMatch(stage.host.logs.map(({ message }) => message).join('\n'), /installed|package/);
    assert.equal(requestKinds(org).filter((kind) => kind === 'query').length, 2, 'namespace and deploys');
  });

  it('warns about an app of another namespace', async () => {
    await stage.create('ledger', { externalClientApplication: 'acme__Ledger', namedUserJwtTimeout: 15 });
    await stage.host.waitForLog(
      `${subject('acme__Ledger')}: the app is installed from a package, so its lifetimes apply only if its developer has turned on ` +
        'JWT-based access tokens. ',
    );
  });

  it('shows the qualified name if a program leaves out the namespace', async () => {
    await assert.rejects(
      stage.create('portal', { externalClientApplication: 'Checkout', isNamedUserJwtEnabled: true }),
      {
        message: `[ECA3001] ${subject('Checkout')} does not exist. Did you mean "shopns__Checkout"? The org was not changed`,
      },
    );
  });

  it('exports its apps with their token format', async () => {
    const project = await createEmptyProject();
    try {
      await run(0, 'export', '--out', project.folder, '--format', 'json');
      const exported = JSON.parse(
        await readFile(join(project.folder, 'external-client-apps.json'), 'utf8'),
      ) as { resources: { name: string; inputs: Bag }[]; appsWithoutResource: { app: string }[] };
      const inputsOf = (app: string): unknown =>
        exported.resources.find(({ name }) => name === app)?.inputs['isNamedUserJwtEnabled'];
      assert.equal(inputsOf('shopns__Checkout'), true);
      assert.equal(inputsOf('shopns__portal'), false);
      assert.equal(inputsOf('acme__Local'), undefined);
      assert.ok(exported.appsWithoutResource.some(({ app }) => app === 'acme__Billing_Sync'));
    } finally {
      await project.remove();
    }
  });

  it('lets doctor report what its own app lacks, and who can change it', async () => {
    const report = await run(2, 'doctor', 'shopns__Bundle', '--for', 'mcp');
    assert.match(
      report,
      /the org has no ExtlClntAppGlobalOauthSettings component for the app, or does not return it to this user/,
    );
    assert.doesNotMatch(report, /developer of the package|installed/);
  });

  it('has no package namespace for its own apps in the audit, but for those of another namespace', async () => {
    const { apps } = JSON.parse(await run(0, 'audit', '--json')) as {
      apps: { externalClientApplication: string; namespace?: string }[];
    };
    const namespaceOf = (app: string): string | undefined =>
      apps.find(({ externalClientApplication }) => externalClientApplication === app)?.namespace;
    assert.deepEqual(['shopns__portal', 'acme__Ledger', 'acme__Local'].map(namespaceOf), [
      undefined,
      'acme',
      'acme',
    ]);
    assert.equal(requestKinds(org).filter((kind) => kind === 'query').length, 1);
  });
});

describe('lists with separate name and namespace', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;

  before(async () => {
    stage = await Stage.open();
    org = stage.org;
    org.faults.change({ orgRules: { namesApart: true } });
  });
  beforeEach(() => {
    org.clearRequests();
  });
  after(() => stage.close());

  it('show an app that the wildcards leave out', async () => {
    org.faults.wildcardReturnsManaged = false;
    const { outs } = await stage.create('ledger', {
      externalClientApplication: 'acme__Ledger',
      namedUserJwtTimeout: 15,
    });
    assert.equal(outs['namedUserJwtTimeout'], 15);
    assert.equal(
      (outs['components'] as Bag)['ExtlClntAppOauthConfigurablePolicies'],
      'acme__Ledger_defaultPolicy',
    );
  });

  it('show every app to the audit and to the function that reads one app', async () => {
    org.faults.wildcardReturnsManaged = false;
    const audit = await callCommandLine(['audit', '--json'], accessTokenEnvironment(org));
    const { apps } = JSON.parse(audit.stdout) as { apps: { externalClientApplication: string }[] };
    const names = apps.map(({ externalClientApplication }) => externalClientApplication);
    assert.ok(names.includes('acme__Ledger') && names.includes('acme__Billing_Sync'), names.join());
  });

  it('give the qualified name as the nearest one', async () => {
    await assert.rejects(
      stage.create('bare', { externalClientApplication: 'Billing_Sync', namedUserJwtTimeout: 15 }),
      /does not exist\. Did you mean "acme__Billing_Sync"\?/,
    );
  });

  it('show that somebody else changed a component while the org was being read', async () => {
    org.faults.wildcardReturnsManaged = true;
    const policies = 'acme__Billing_Sync_defaultPolicy';
    const type = 'ExtlClntAppOauthConfigurablePolicies';
    const release = org.faults.holdNext('listMetadata');
    const creating = stage.create('sync', {
      externalClientApplication: 'acme__Billing_Sync',
      namedUserJwtTimeout: 15,
    });
    await stage.host.waitForLog('the app is installed from a package');
    org.advanceClock(5000);
    const xml = org.component(type, policies)!;
    org.putComponent(
      type,
      policies,
      xml.replace(/<permittedUsersPolicyType>\w+</, '<permittedUsersPolicyType>AllSelfAuthorized<'),
    );
    const changed = org.component(type, policies)!;
    assert.notEqual(changed, xml);
    release();
    await creating;
    assert.match(org.component(type, policies)!, />AllSelfAuthorized</);
  });
});

describe('an installed app whose policies have no namespace', function () {
  this.timeout(60_000);
  const type = 'ExtlClntAppOauthConfigurablePolicies';
  let stage: Stage;
  let org: LocalOrg;

  before(async () => {
    stage = await Stage.open();
    org = stage.org;
    const xml = org.component(type, 'acme__Ledger_defaultPolicy')!;
    org.removeComponent(type, 'acme__Ledger_defaultPolicy');
    org.putComponent(type, 'Ledger_defaultPolicy', xml);
  });
  after(() => stage.close());

  const timeouts = { externalClientApplication: 'acme__Ledger', namedUserJwtTimeout: 15 };

  it('is not reported to have no policies if the org does not return them', async () => {
    org.faults.hideComponent('Ledger_defaultPolicy', 'loadFails');
    await assert.rejects(
      stage.create('ledger', timeouts),
      new RegExp(
        `the org did not return every ${type} \\(Ledger_defaultPolicy\\), and one of them may belong to this app`,
      ),
    );
    org.faults.clear();
    const { outs } = await stage.create('ledger', timeouts);
    assert.equal(outs['namedUserJwtTimeout'], 15);
  });
});
