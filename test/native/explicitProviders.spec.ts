import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgServer } from 'salesforce-local-org';
import { createKeyWithCertificate } from '../../local-org/src/keys/selfSignedCertificate.js';
import { putApp } from '../support/localApps.js';
import { settingsOf } from '../support/appSettings.js';
import { requestKinds } from '../support/arrivals.js';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from '../support/orgSnapshot.js';
import { accessTokenEnvironment } from '../support/policyProgram.js';
import { replaceCertificate } from '../support/signInCertificate.js';
import { PulumiStack, type PulumiStackOptions } from '../support/pulumiStack.js';

/** A resource of a YAML program, with a provider of its own where one is named. */
const policy = (name: string, app: string, minutes: number, provider?: string): string =>
  [
    `  ${name}:`,
    '    type: salesforce-eca:ExternalClientAppJwtPolicy',
    `    properties: { externalClientApplication: ${app}, isNamedUserJwtEnabled: true, namedUserJwtTimeout: ${minutes} }`,
    ...(provider === undefined ? [] : ['    options:', `      provider: \${${provider}}`]),
  ].join('\n');

const explicitProvider = (name: string, settings: Readonly<Record<string, string>>): string =>
  [
    `  ${name}:`,
    '    type: pulumi:providers:salesforce-eca',
    '    properties:',
    ...Object.entries(settings).map(([key, value]) => `      ${key}: ${value}`),
  ].join('\n');

const program = (...resources: string[]): string => `resources:\n${resources.join('\n')}\n`;

describe('providers of a YAML program', function () {
  this.timeout(240_000);
  let server: LocalOrgServer;
  let dev: LocalOrg;
  let uat: LocalOrg;
  let pristine: Map<LocalOrg, OrgSnapshot>;
  let stack: PulumiStack | undefined;

  before(async () => {
    server = await startLocalOrg({ orgs: ['dev', 'uat'] });
    [dev, uat] = [server.org('dev'), server.org('uat')];
    for (const org of server.orgs) {
      putApp(org, 'Sessions', { globalSettings: { isSecretRequiredForRefreshToken: false } });
    }
    pristine = new Map(server.orgs.map((org) => [org, takeSnapshot(org)]));
  });
  beforeEach(() => {
    for (const [org, snapshot] of pristine) {
      restoreSnapshot(org, snapshot);
      org.clearRequests();
    }
  });
  after(() => server.close());
  afterEach(() => stack?.dispose());

  /** A new access token, which {@link revoke} ends. */
  const openSession = async (org: LocalOrg): Promise<string> => {
    const client = '3MVG9.Sessions';
    const form = { grant_type: 'refresh_token', client_id: client };
    const body = new URLSearchParams({ ...form, refresh_token: org.issueRefreshToken(undefined, client) });
    const answer = await fetch(`${org.instanceUrl}/services/oauth2/token`, { method: 'POST', body });
    const { access_token: token } = (await answer.json()) as { access_token?: unknown };
    assert.ok(typeof token === 'string');
    return token;
  };
  const revoke = async (org: LocalOrg, token: string): Promise<void> => {
    const body = new URLSearchParams({ token });
    const { status } = await fetch(`${org.instanceUrl}/services/oauth2/revoke`, { method: 'POST', body });
    assert.equal(status, 200);
  };
  const open = async (text: string, options: Partial<PulumiStackOptions> = {}): Promise<PulumiStack> => {
    stack = await PulumiStack.create({ language: 'yaml', program: text, ...options });
    return stack;
  };
  const everything = ({ stdout, stderr }: { stdout: string; stderr: string }): string => stdout + stderr;

  it('show in one preview why each resource is refused, at that resource', async () => {
    const text = program(
      policy('typo', 'Agent_Gatewy', 30),
      policy('off', 'App_Disabled', 30),
      policy('fine', 'Agent_Gateway', 30),
      policy('plugin', 'Plugin_Disabled', 30),
    );
    const project = await open(text, { env: accessTokenEnvironment(dev) });
    const said = everything(await project.preview({ expectCode: 'any' }));
    assert.match(said, /ExternalClientAppJwtPolicy \(typo\):\s+error: .*ECA3001/);
    assert.match(said, /ExternalClientAppJwtPolicy \(off\):\s+error: .*ECA3006/);
    assert.match(said, /ExternalClientAppJwtPolicy \(plugin\):\s+error: .*ECA3007/);
    assert.doesNotMatch(said, /\(fine\):\s+error|The preview ends/);
    assert.equal(requestKinds(dev).filter((kind) => kind === 'retrieve').length, 1);
  });

  it('use the current configuration in refresh and destroy, right after a token was replaced', async () => {
    const project = await open(program(policy('gateway', 'Agent_Gateway', 30)));
    const old = await openSession(dev);
    await project.config({
      'salesforce-eca:instanceUrl': dev.instanceUrl,
      'salesforce-eca:accessToken': { secret: old },
    });
    await project.up();
    await revoke(dev, old);
    await project.config({ 'salesforce-eca:accessToken': { secret: await openSession(dev) } });
    await project.refresh({ args: ['--expect-no-changes'] });
    await project.destroy();
    assert.deepEqual(takeSnapshot(dev), pristine.get(dev));
  });

  it('uses the configuration of today in refresh and destroy, right after a key was replaced', async () => {
    const project = await open(program(policy('gateway', 'Agent_Gateway', 30)));
    await project.config({
      'salesforce-eca:instanceUrl': dev.instanceUrl,
      'salesforce-eca:clientId': dev.clientId,
      'salesforce-eca:username': dev.username,
      'salesforce-eca:privateKey': { secret: dev.privateKey },
    });
    await project.up();
    const { privateKey, certificate } = await createKeyWithCertificate('Rotated');
    const component = replaceCertificate(dev, certificate);
    const withNewKey = takeSnapshot(dev);
    await project.config({ 'salesforce-eca:privateKey': { secret: privateKey } });
    await project.refresh({ args: ['--expect-no-changes'] });
    assert.deepEqual(takeSnapshot(dev), withNewKey);
    await project.destroy();
    assert.deepEqual(takeSnapshot(dev), { ...pristine.get(dev), [component]: withNewKey[component] });
  });

  it('sign in to an org each, keep credentials encrypted that nobody marked, and name the way out of an old one', async () => {
    const token = await openSession(uat);
    const uatProvider = (accessToken: string): string =>
      explicitProvider('uat', { instanceUrl: uat.instanceUrl, accessToken });
    const resources = [policy('inDev', 'Agent_Gateway', 30), policy('inUat', 'Agent_Gateway', 10, 'uat')];
    const project = await open(program(uatProvider(token), ...resources), {
      env: accessTokenEnvironment(dev),
    });
    await project.previewAndUp();
    assert.equal(settingsOf(dev, 'Agent_Gateway').namedUserJwtTimeout, '30');
    assert.equal(settingsOf(uat, 'Agent_Gateway').namedUserJwtTimeout, '10');
    assert.ok(!(await project.state()).text.includes(token));

    await revoke(uat, token);
    await project.setProgram(program(uatProvider(await openSession(uat)), ...resources));
    const said = everything(await project.refresh({ expectCode: 'any' }));
    assert.match(said, /Refresh and destroy use the configuration of the last pulumi up.*run pulumi up once/);
    await project.up();
    await project.destroy();
    assert.deepEqual(takeSnapshot(dev), pristine.get(dev));
    assert.deepEqual(takeSnapshot(uat), pristine.get(uat));
  });

  it('replace a resource that moves to the provider of another org', async () => {
    const providers = [dev, uat].map((org) =>
      explicitProvider(org.name, { instanceUrl: org.instanceUrl, accessToken: org.accessToken }),
    );
    const project = await open(program(...providers, policy('gateway', 'Agent_Gateway', 30, 'dev')));
    await project.up();
    await project.setProgram(program(...providers, policy('gateway', 'Agent_Gateway', 30, 'uat')));
    assert.match(everything(await project.preview()), /1 to replace/);
    await project.up();
    assert.deepEqual(takeSnapshot(dev), pristine.get(dev));
    assert.equal(settingsOf(uat, 'Agent_Gateway').namedUserJwtTimeout, '30');
  });

  it('say in a preview that a setting is not known yet, and refuse nothing for it', async () => {
    const late = explicitProvider('late', {
      instanceUrl: uat.instanceUrl,
      accessToken: uat.accessToken,
      apiVersion: '${inDev.apiVersion}',
    });
    const project = await open(
      program(policy('inDev', 'Agent_Gateway', 30), late, policy('inUat', 'Agent_Gateway', 10, 'late')),
      { env: accessTokenEnvironment(dev) },
    );
    const said = everything(await project.preview());
    assert.match(
      said,
      /apiVersion is not known yet: this preview does not check the resources of this provider/,
    );
    assert.deepEqual(requestKinds(uat), []);
    await project.previewAndUp();
    assert.equal(settingsOf(uat, 'Agent_Gateway').namedUserJwtTimeout, '10');
  });

  it('refuse a setting that does not exist, and suggest a similar one', async () => {
    const wrong = explicitProvider('wrong', { instanceURL: uat.instanceUrl });
    const project = await open(program(wrong, policy('inUat', 'Agent_Gateway', 10, 'wrong')));
    const said = everything(await project.preview({ expectCode: 'any' }));
    assert.match(said, /instanceURL/);
  });
});
