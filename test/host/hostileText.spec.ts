import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalOrg } from 'salesforce-local-org';
import { callCommandLine } from '../support/commandLine.js';
import {
  assertHarmless,
  assertNoMarkdownLinks,
  hostileName,
  hostileText,
  hostileXmlText,
  mark,
  references,
  startHostileOrg,
  type HostileOrg,
} from '../support/hostileOrg.js';
import { putApp, putProfileSessionTimeout } from '../support/localApps.js';
import { describeForEachProgram } from '../support/providerProgram.js';
import { Stage } from '../support/stage.js';

const app = 'Hostile';
const secret = 'c0nsum3rs3cr3t';
const inputs = { externalClientApplication: app, namedUserJwtTimeout: 30 };

/** The org has one app of which every text that a person writes is hostile, and its server changes the names of users and the messages. */
describeForEachProgram('text from an org affects no terminal, log or report', function () {
  this.timeout(60_000);
  let stage: Stage;
  let org: LocalOrg;
  let hostile: HostileOrg;
  let folder: string;

  before(async () => {
    stage = await Stage.open({ configuration: () => ({}) });
    org = stage.org;
    hostile = await startHostileOrg(org);
    await stage.host.configure({
      'salesforce:instanceUrl': hostile.url,
      'salesforce:accessToken': org.accessToken,
    });
    folder = await mkdtemp(join(tmpdir(), 'hostile-text-'));
    const text = references(hostileXmlText);
    putApp(org, app, {
      header: { label: text, distributionState: text },
      globalSettings: {
        isNamedUserJwtEnabled: true,
        isClientCredentialsFlowEnabled: true,
        consumerSecret: secret,
      },
      policies: {
        namedUserJwtSessionTimeoutType: text,
        guestJwtSessionTimeoutType: text,
        permittedUsersPolicyType: text,
        refreshTokenPolicyType: text,
        isClientCredentialsFlowEnabled: true,
        clientCredentialsFlowUser: org.username,
      },
    });
    putProfileSessionTimeout(org, text, 1440);
    hostile.listedApp = hostileName;
  });
  after(async () => {
    await hostile.close();
    await stage.close();
    await rm(folder, { recursive: true });
  });
  afterEach(() => {
    org.faults.clear();
  });

  const reading = (): Record<string, string> => ({
    SALESFORCE_INSTANCE_URL: hostile.url,
    SALESFORCE_ACCESS_TOKEN: org.accessToken,
  });
  const gettingToken = (): Record<string, string> => ({
    SALESFORCE_INSTANCE_URL: hostile.url,
    SALESFORCE_CLIENT_ID: `3MVG9.${app}`,
    SALESFORCE_CLIENT_SECRET: secret,
  });
  /** What a command prints, in order: both streams. */
  const run = async (
    args: readonly string[],
    environment = reading(),
  ): Promise<{ stdout: string; stderr: string }> => {
    const { stdout, stderr } = await callCommandLine(args, environment);
    return { stdout, stderr };
  };

  for (const args of [
    ['audit'],
    ['audit', '--json'],
    ['doctor', app, '--for', 'mcp'],
    ['doctor', app, '--for', 'mcp', '--json'],
  ]) {
    it(`in the output of ${args.join(' ')}`, async () => {
      const { stdout, stderr } = await run(args);
      assertHarmless(stdout + stderr, args.join(' '));
    });
  }

  it('in JSON, from which a reader gets the original name', async () => {
    const { apps } = JSON.parse((await run(['audit', '--json'])).stdout) as {
      apps: { externalClientApplication: string }[];
    };
    assert.ok(apps.some(({ externalClientApplication: name }) => name === hostileName));
  });

  it('in Markdown, where nothing becomes a mention, a reference or a link', async () => {
    const { stdout } = await run(['audit', '--format', 'markdown']);
    assertHarmless(stdout, 'Markdown');
    assertNoMarkdownLinks(stdout);
  });

  it('in SARIF, where nothing in a message becomes a link', async () => {
    const { stdout } = await run(['audit', '--format', 'sarif']);
    assertHarmless(stdout, 'SARIF');
    const log = JSON.parse(stdout) as { runs: { results: { message: { text: string } }[] }[] };
    const messages = log.runs.flatMap(({ results }) => results.map(({ message }) => message.text));
    assert.ok(messages.some((text) => text.includes(mark)));
    for (const text of messages) {
      assert.doesNotMatch(text.replace(/\\[[\]\\]/g, ''), /[[\]\\]/, text);
      assertHarmless(text + mark, 'a message of SARIF');
    }
  });

  it('and is refused as a name if it has line breaks or control characters', async () => {
    for (const character of ['\n', '\u001b', '\u0085', '\u2028']) {
      hostile.listedApp = `a${character}b`;
      const { stdout, stderr } = await run(['audit']);
      assert.equal(stdout, '');
      assert.match(
        stderr,
        /listMetadata is not a valid API response \(HTTP 200 and XML\): its `fullName` is not a name/,
      );
    }
    hostile.listedApp = hostileName;
  });

  for (const format of ['typescript', 'json']) {
    it(`in what export --format ${format} writes and prints`, async () => {
      const out = join(folder, format);
      const { stdout, stderr } = await run(['export', '--out', out, '--format', format]);
      assertHarmless(stdout + stderr, 'export');
      const program = format === 'json' ? 'external-client-apps.json' : 'index.ts';
      assertHarmless(await readFile(join(out, program), 'utf8'), program);
      assertHarmless((await readFile(join(out, 'import.json'), 'utf8')) + mark, 'import.json');
      const { stdout: json } = await run(['export', '--out', out, '--format', format, '--force', '--json']);
      assertHarmless(json, 'export --json');
    });
  }

  for (const args of [[], ['--json']]) {
    it(`in the output of token ${args.join(' ')}`, async () => {
      const { stdout, stderr } = await run(['token', '--app', app, ...args], {
        ...gettingToken(),
        SALESFORCE_ACCESS_TOKEN: org.accessToken,
      });
      assertHarmless(stdout + stderr, 'token');
    });
  }

  describe('in the error of', () => {
    const fault =
      '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><soapenv:Fault>' +
      `<faultcode>sf:${references(hostileText)}</faultcode><faultstring>${references(hostileText)}</faultstring>` +
      '</soapenv:Fault></soapenv:Body></soapenv:Envelope>';
    const oauth = JSON.stringify({ error: hostileText, error_description: hostileText });
    const page = `<html><title>Down ${hostileText.replaceAll('<', '&lt;')}</title></html>`;

    for (const args of [['audit'], ['doctor', app, '--for', 'mcp'], ['export', '--out', 'never']]) {
      it(`${args[0] ?? ''}, however the org refuses`, async () => {
        for (const [contentType, body, status] of [
          ['text/xml', fault, 500],
          ['text/html', page, 400],
          ['text/plain', hostileText.slice(0, 190), 400],
          ['text/plain', hostileText.slice(0, 190), 200],
        ] as const) {
          org.faults.add({ on: 'listMetadata', do: { kind: 'status', status, contentType, body } });
          const { stdout, stderr } = await run(args);
          assert.equal(stdout, '');
          assertHarmless(stderr, `${args[0] ?? ''} after ${contentType}`);
          org.faults.clear();
        }
      });
    }

    it('token', async () => {
      for (const [contentType, body] of [
        ['application/json', oauth],
        ['text/plain', hostileText],
      ] as const) {
        org.faults.add({ on: 'token', do: { kind: 'status', status: 400, contentType, body } });
        const { stderr } = await run(['token'], gettingToken());
        assertHarmless(stderr, 'token');
        assert.ok(stderr.length < 1500, 'the code and its description are cut');
        org.faults.clear();
      }
    });

    it('an up that the org refuses, and in its log', async () => {
      const release = org.faults.failComponent(`${app}_oauthPlcy`, hostileText);
      try {
        const checked = await stage.declare('hostile', inputs);
        await assert.rejects(stage.host.create(checked), (thrown: Error) => {
          assertHarmless(toText(thrown), 'create');
          return true;
        });
      } finally {
        release();
      }
    });
  });

  it('in the lines of a preview', async () => {
    await stage.preview('hostile', inputs);
    const { message } = await stage.host.waitForLog('up would change');
    assertHarmless(message, 'preview');
    for (const log of stage.host.logs) assertHarmless(log.message + mark, 'a line of the log');
  });

  it('in the properties of a resource that is read, and in what the provider prints', async () => {
    const { props } = await stage.host.read(`${org.organizationId}/${app}`, {
      ...inputs,
      namedUserJwtSessionTimeoutType: 'Custom',
      orgId: org.organizationId,
    });
    assertHarmless(
      Object.values(props)
        .filter((value) => typeof value === 'string')
        .join(' '),
      'read',
    );
    assertHarmless(stage.host.output + mark, 'the output of the process');
  });
});

const toText = (thrown: Error): string =>
  `${thrown.message}${'reasons' in thrown ? String(thrown.reasons) : ''}`;
