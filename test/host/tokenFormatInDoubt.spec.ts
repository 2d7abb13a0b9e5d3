import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';
import { getExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalOrg } from 'salesforce-local-org';
import { changeSetting, settingsOf } from '../support/appSettings.js';
import { callCommandLine } from '../support/commandLine.js';
import { putApp } from '../support/localApps.js';
import { accessTokenEnvironment } from '../support/policyProgram.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { accessToken, configuration, Stage } from '../support/stage.js';

const app = 'Doubtful';
const secret = 'c0nsum3rs3cr3t';
const reason =
  "isNamedUserJwtEnabled is false in the global OAuth settings and true in the app's policies, which have an element of that name " +
  'at API versions 61.0 to 63.0: it is not documented whether that element alone makes tokens JWT-based';

// The policies type's own isNamedUserJwtEnabled: Metadata API Developer Guide and Salesforce's tools, deprecated, 61.0 to 63.0.
describeForEachProgram('an app at 62.0 whose policies have their own isNamedUserJwtEnabled', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;

  before(async () => {
    stage = await Stage.open({
      localOrg: { apiVersion: '62.0' },
      configuration: ([first]) => configuration(accessToken(first!)),
    });
    org = stage.org;
  });
  beforeEach(() => {
    org.faults.clear();
    putApp(org, app, {
      globalSettings: { isClientCredentialsFlowEnabled: true, consumerSecret: secret },
      policies: {
        isClientCredentialsFlowEnabled: true,
        clientCredentialsFlowUser: org.users.find(({ role }) => role === 'none')?.username,
        isNamedUserJwtEnabled: true,
        namedUserJwtTimeout: 15,
      },
    });
  });
  after(() => stage.close());

  const command = async (...args: string[]): Promise<Record<string, unknown>> => {
    const { stdout, stderr } = await callCommandLine([...args, '--json'], accessTokenEnvironment(org));
    assert.notEqual(stdout, '', stderr);
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const named = (list: unknown): Record<string, unknown> => {
    const found = (list as Record<string, unknown>[]).find(
      (each) => each['externalClientApplication'] === app || each['app'] === app,
    );
    assert(found);
    return found;
  };
  const off = { externalClientApplication: app, isNamedUserJwtEnabled: false };

  it('has an unknown format in the outputs, with the reason, while the global one is off', async () => {
    const deploys = org.deploys.length;
    const { id, outs } = await stage.host.create(off);
    assert.equal(org.deploys.length, deploys);
    assert.deepEqual([outs['tokenFormat'], outs['tokenFormatReason']], ['unknown', reason]);
    const read = await stage.host.read(id, outs);
    assert.deepEqual(read.props, outs);

    const on = await stage.host.update(id, outs, { ...off, isNamedUserJwtEnabled: true });
    assert.deepEqual([on.outs['tokenFormat'], on.outs['tokenFormatReason']], ['jwt', undefined]);
    assert.equal(settingsOf(org, app).isNamedUserJwtEnabled, 'true');
  });

  it('is opaque if the policies are false too', async () => {
    putApp(org, app, { policies: { isNamedUserJwtEnabled: false } });
    const { outs } = await stage.host.create(off);
    assert.deepEqual([outs['tokenFormat'], outs['tokenFormatReason']], ['opaque', undefined]);
  });

  it('has an unknown format if the global settings lack the element', async () => {
    changeSetting(org, app, 'isNamedUserJwtEnabled', undefined);
    const { outs } = await stage.host.create(off);
    assert.deepEqual(
      [outs['tokenFormat'], outs['tokenFormatReason']],
      ['unknown', reason.replace('is false', 'is absent')],
    );
  });

  it('has an unknown format if the global settings are neither true nor false', async () => {
    putApp(org, app, { globalSettings: { isNamedUserJwtEnabled: 'perhaps' } });
    const audited = named((await command('audit'))['apps']);
    assert.deepEqual(
      [audited['tokenFormat'], audited['tokenFormatReason']],
      ['unknown', 'isNamedUserJwtEnabled is neither true nor false in the global OAuth settings'],
    );
  });

  it('has an unknown format in the reading functions', async () => {
    const { instanceUrl, accessToken: token } = org;
    pulumi.runtime.setAllConfig({ 'salesforce:instanceUrl': instanceUrl, 'salesforce:accessToken': token });
    try {
      const found = await getExternalClientAppJwtPolicy({ externalClientApplication: app });
      assert.deepEqual([found.tokenFormat, found.tokenFormatReason], ['unknown', reason]);
      assert.equal(found.isNamedUserJwtEnabled, false);
      assert.equal(found.namedUserTokenLifetime?.maximumMinutes, 15);
    } finally {
      pulumi.runtime.setAllConfig({});
    }
  });

  it('is a finding of audit, an error if JWT-based tokens are required', async () => {
    const { apps, findings } = await command('audit', '--require-jwt');
    assert.deepEqual([named(apps)['tokenFormat'], named(apps)['tokenFormatReason']], ['unknown', reason]);
    assert.equal(named(findings)['rule'], 'unknown-token-format');
    assert.equal(named(findings)['level'], 'error');
    assert.equal(named(findings)['message'], `the token format is unknown: ${reason}`);
    assert.equal(named((await command('audit'))['findings'])['level'], 'warning');
  });

  it('is exported without its token format, with its lifetimes and the reason', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'export-'));
    try {
      const { code, stdout, stderr } = await callCommandLine(
        ['export', '--out', folder],
        accessTokenEnvironment(org),
      );
      assert.equal(code, 0, stderr);
      assert(stdout.includes(`${app}: ${reason}`), stdout);
      const program = await readFile(join(folder, 'index.ts'), 'utf8');
      const [, statement = ''] = program.split(`'${app}', {`);
      assert.match(statement, /^[^}]*namedUserJwtTimeout: 15/);
      assert.doesNotMatch(statement.slice(0, statement.indexOf('}')), /^\s*isNamedUserJwtEnabled/m);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is unknown to doctor, which says how to make it certain', async () => {
    const { isReady, checks } = await command('doctor', app, '--for', 'agent-api');
    assert.equal(isReady, false);
    assert.deepEqual(
      (checks as { name: string }[]).find(({ name }) => name === 'token format'),
      {
        name: 'token format',
        status: 'unknown',
        text: `${reason}. Set isNamedUserJwtEnabled in the global OAuth settings to true`,
        who: 'developer',
      },
    );
  });

  for (const isJwt of [true, false]) {
    it(`is not compared with ${isJwt ? 'a JWT-based' : 'an opaque'} token of it`, async () => {
      org.faults.change({ orgRules: { policiesJwtField: isJwt } });
      const { stdout, stderr } = await callCommandLine(['token', '--json', '--app', app], {
        ...accessTokenEnvironment(org),
        SALESFORCE_CLIENT_ID: `3MVG9.${app}`,
        SALESFORCE_CLIENT_SECRET: secret,
      });
      assert.notEqual(stdout, '', stderr);
      const { comparisons } = JSON.parse(stdout) as { comparisons: { name: string }[] };
      assert.deepEqual(
        comparisons.find(({ name }) => name === 'token format'),
        {
          name: 'token format',
          status: 'unknown',
          text: `the token is ${isJwt ? 'JWT-based' : 'opaque'}; ${reason}`,
        },
      );
    });
  }
});
