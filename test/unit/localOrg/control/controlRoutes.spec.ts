import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { LocalOrg, LocalOrgServer } from '../../../../local-org/src/index.js';
import { startLocalOrg } from '../../../../local-org/src/index.js';
import { componentTypeNames } from '../../../../local-org/src/components/types.js';
import { initialRules } from '../../../../local-org/src/rules/allRules.js';
import { until } from '../../../support/until.js';
import { connect, deploy, globalType, retrieveOne } from '../support/client.js';

const headerType = 'ExternalClientApplication';

const switchesOff = {
  returnCertificate: true,
  refusePluginSettings: false,
  wildcardReturnsManaged: true,
  refuseReadMetadata: [],
  omitFromReadMetadata: [],
  spreadMs: 0,
  finalizingStatus: 'Finalizing',
  failComponent: {},
  hideComponent: {},
  cancelNextDeploy: false,
  occupyDeploys: false,
  orgRules: initialRules,
};

/** The code with which a connection failed. */
function causeOf(error: unknown): string | undefined {
  return (error as { cause?: { code?: string } }).cause?.code;
}

describe('the control API of the local org', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
  });
  after(() => server.close());
  afterEach(() => {
    org.faults.clear();
    org.clearRequests();
  });

  /** Sends a request, with a body as JSON unless it is text, and reads the answer. */
  async function control(method: string, path: string, body?: unknown) {
    const isText = typeof body === 'string';
    const response = await fetch(`${org.instanceUrl}/local-org${path}`, {
      method,
      ...(body !== undefined && {
        body: isText ? body : JSON.stringify(body),
        headers: { 'content-type': isText ? 'application/xml' : 'application/json' },
      }),
    });
    const answer = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    return { status: response.status, body: isJson ? (JSON.parse(answer) as unknown) : answer };
  }

  const refused = (status: number, error: string) => ({ status, body: { error } });

  describe('faults', () => {
    it('are listed with the switches', async () => {
      assert.deepEqual(await control('GET', '/faults'), { status: 200, body: { rules: [], ...switchesOff } });
    });

    it('can be added as in code, affect their requests and count them', async () => {
      const rule = {
        on: 'versions',
        times: 1,
        skip: 1,
        do: { kind: 'status', status: 503, retryAfter: '7' },
      };
      const added = await control('POST', '/faults', rule);
      assert.equal(added.status, 201);
      const statuses: [number, string | null][] = [];
      for (let request = 0; request < 3; request += 1) {
        const { status, headers } = await fetch(`${org.instanceUrl}/services/data`);
        statuses.push([status, headers.get('retry-after')]);
      }
      assert.deepEqual(statuses, [
        [200, null],
        [503, '7'],
        [200, null],
      ]);
      const { id } = org.faults.rules[0]!;
      assert.deepEqual(added.body, { id, ...rule, met: 0 });
      assert.deepEqual(org.faults.rules, [{ id, ...rule, met: 1 }]);
    });

    it('can be removed one by one', async () => {
      org.faults.add({ on: 'token', do: { kind: 'hang' } });
      org.faults.add({ on: 'deploy', do: { kind: 'locked' } });
      const [first, second] = org.faults.rules;
      assert.equal((await control('DELETE', `/faults/${String(first!.id)}`)).status, 204);
      assert.deepEqual(org.faults.rules, [second]);
      assert.deepEqual(
        await control('DELETE', '/faults/nine'),
        refused(404, `There is no fault rule 'nine'; there are: ${String(second!.id)}.`),
      );
    });

    it('and switches can be reset all at once', async () => {
      org.faults.add({ on: 'token', do: { kind: 'hang' } });
      org.faults.change({ spreadMs: 5, occupyDeploys: true, cancelNextDeploy: 'beforeCommit' });
      assert.equal((await control('DELETE', '/faults')).status, 204);
      assert.deepEqual({ rules: org.faults.rules, ...org.faults.switches }, { rules: [], ...switchesOff });
    });

    for (const [rule, error] of [
      [{ on: 'deploy' }, 'do is a JSON object, not missing.'],
      [[], 'A fault rule is a JSON object, not [].'],
      [
        { on: 'deploy', do: { kind: 'hang' }, time: 1 },
        'A fault rule has no "time"; it may have: on, do, times, skip.',
      ],
      [
        { on: 'deploy', do: { kind: 'hang' }, times: '1' },
        'times is "1"; it takes a whole number from 1 on.',
      ],
      [
        { on: 'deploy', do: { kind: 'status', status: 503, retryAfter: 5 } },
        'retryAfter is 5; it takes the text of a header, printable ASCII.',
      ],
      [
        { on: 'deploy', do: { kind: 'status', status: 503, contentType: 'a\nb' } },
        'contentType is "a\\nb"; it takes the text of a header, printable ASCII.',
      ],
    ] as const) {
      it(`are refused when they are ${JSON.stringify(rule)}`, async () => {
        assert.deepEqual(await control('POST', '/faults', rule), refused(400, error));
        assert.deepEqual(org.faults.rules, []);
      });
    }
  });

  describe('switches', () => {
    it('change those that are sent and keep the others', async () => {
      await control('PATCH', '/faults', {
        returnCertificate: false,
        failComponent: { portal: 'No', other: 'No' },
        hideComponent: { '*': 'loadFails', portal: 'notListed' },
      });
      const changed = await control('PATCH', '/faults', {
        refusePluginSettings: 'strict',
        wildcardReturnsManaged: false,
        refuseReadMetadata: ['ExtlClntAppOauthConfigurablePolicies'],
        omitFromReadMetadata: ['certificate'],
        spreadMs: 900_000,
        finalizingStatus: 'FinalizingDeploy',
        failComponent: { other: null },
        hideComponent: { '*': null },
        cancelNextDeploy: 'afterCommit',
        occupyDeploys: true,
        orgRules: { pkceStays: true, elementOrder: false },
      });
      assert.deepEqual(changed, {
        status: 200,
        body: {
          rules: [],
          returnCertificate: false,
          refusePluginSettings: 'strict',
          wildcardReturnsManaged: false,
          refuseReadMetadata: ['ExtlClntAppOauthConfigurablePolicies'],
          omitFromReadMetadata: ['certificate'],
          spreadMs: 900_000,
          finalizingStatus: 'FinalizingDeploy',
          failComponent: { portal: 'No' },
          hideComponent: { portal: 'notListed' },
          cancelNextDeploy: 'afterCommit',
          occupyDeploys: true,
          orgRules: { ...initialRules, pkceStays: true, elementOrder: false },
        },
      });
    });

    for (const [changes, error] of [
      [{ returnCertificate: 0 }, 'returnCertificate is 0; it takes one of: true, false.'],
      [{ refusePluginSettings: 'no' }, 'refusePluginSettings is "no"; it takes one of: true, false, strict.'],
      [
        { finalizingStatus: 'Done' },
        'finalizingStatus is "Done"; it takes one of: Finalizing, FinalizingDeploy.',
      ],
      [
        { refuseReadMetadata: ['ApexClass'] },
        `an entry of refuseReadMetadata is "ApexClass"; it takes one of: ${componentTypeNames.join(', ')}.`,
      ],
      [{ omitFromReadMetadata: 'label' }, 'omitFromReadMetadata is "label"; it takes a list.'],
      [{ spreadMs: -1 }, 'spreadMs is -1; it takes a whole number from 0 on.'],
      [{ failComponent: { portal: 1 } }, 'failComponent.portal is 1; it takes a text.'],
      [
        { hideComponent: { portal: 'gone' } },
        'hideComponent.portal is "gone"; it takes one of: loadFails, notReturned, notListed.',
      ],
      [
        { cancelNextDeploy: true },
        'cancelNextDeploy is true; it takes one of: false, beforeCommit, afterCommit.',
      ],
      [{ orgRules: { pkceStays: 'on' } }, 'orgRules.pkceStays is "on"; it takes one of: true, false.'],
      [
        { orgRules: { enumValues: false } },
        `orgRules has no "enumValues"; it may have: ${Object.keys(initialRules).join(', ')}.`,
      ],
      [
        { latencyMs: 1 },
        'A change of switches has no "latencyMs"; it may have: returnCertificate, refusePluginSettings, wildcardReturnsManaged, refuseReadMetadata, omitFromReadMetadata, spreadMs, finalizingStatus, failComponent, hideComponent, cancelNextDeploy, occupyDeploys, orgRules.',
      ],
    ] as const) {
      it(`refuse ${JSON.stringify(changes)} and change nothing`, async () => {
        assert.deepEqual(
          await control('PATCH', '/faults', { ...changes, occupyDeploys: true }),
          refused(400, error),
        );
        assert.deepEqual(org.faults.switches, switchesOff);
      });
    }

    it('hold a deploy and release it', async () => {
      const component = { type: headerType, fullName: 'portal', xml: org.component(headerType, 'portal')! };
      await control('PATCH', '/faults', { occupyDeploys: true });
      const { id, status } = await deploy(connect(org), [component]);
      assert.equal(status, 'Pending');
      await control('PATCH', '/faults', { occupyDeploys: false });
      assert.equal((await connect(org).metadata.checkDeployStatus(id)).status, 'Succeeded');
    });

    it('make a component fail and leave the certificate out', async () => {
      const connection = connect(org);
      await control('PATCH', '/faults', {
        failComponent: { portal: 'Under review' },
        returnCertificate: false,
      });
      assert.doesNotMatch(
        await retrieveOne(connection, globalType, 'Agent_Gateway_glbloauth'),
        /<certificate>/,
      );
      const component = { type: headerType, fullName: 'portal', xml: org.component(headerType, 'portal')! };
      const { details } = await deploy(connection, [component]);
      assert.deepEqual(
        [details.componentFailures].flat().map(({ problem }) => problem),
        ['Under review'],
      );
    });
  });

  describe('the clock', () => {
    it('can be read and moved', async () => {
      const before = org.now();
      const { status, body } = await control('POST', '/clock', { advanceMs: 3_600_000 });
      const { now, date } = body as { now: number; date: string };
      assert.equal(status, 200);
      assert.ok(now >= before + 3_600_000);
      assert.equal(date, new Date(now).toISOString());
      assert.ok((await control('GET', '/clock').then((read) => read.body as { now: number })).now >= now);
      org.advanceClock(-3_600_000);
    });

    for (const body of [{}, { advanceMs: 'x' }, { advanceMs: 0.5 }, { advanceMs: 1e15 }]) {
      it(`is not moved by ${JSON.stringify(body)}`, async () => {
        const { status, body: answer } = await control('POST', '/clock', body);
        assert.equal(status, 400);
        assert.match(
          (answer as { error: string }).error,
          /^advanceMs is .*; it takes a whole number from -\d+ to \d+\.$/,
        );
        assert.ok(Math.abs(org.now() - Date.now()) < 3_600_000);
      });
    }
  });

  describe('requests', () => {
    it('are listed without those to the control API, and can be cleared', async () => {
      await fetch(`${org.instanceUrl}/services/data`);
      const { body } = await control('GET', '/requests');
      assert.deepEqual(
        (body as { kind: string; path: string }[]).map(({ kind, path }) => [kind, path]),
        [['versions', '/services/data']],
      );
      assert.equal((await control('DELETE', '/requests')).status, 204);
      assert.deepEqual((await control('GET', '/requests')).body, []);
    });

    it('to the control API are not subject to faults and not recorded, in any notation of their address', async () => {
      org.faults.add({ on: 'other', do: { kind: 'hang' } });
      for (const path of [
        '/local-org/faults',
        '//local-org/faults/',
        '/%6cocal-org/faults',
        '/local-org/none',
      ]) {
        await (await fetch(org.instanceUrl + path)).text();
      }
      assert.deepEqual(org.requests, []);
      assert.equal(org.faults.rules[0]!.met, 0);
    });
  });

  describe('components', () => {
    it('can be listed and read as stored', async () => {
      assert.deepEqual(
        (await control('GET', `/components/${headerType}`)).body,
        org.componentNames(headerType),
      );
      const { status, body } = await control('GET', `/components/${globalType}/portalGlblOAuth`);
      assert.deepEqual({ status, body }, { status: 200, body: org.component(globalType, 'portalGlblOAuth') });
    });

    it('can be written and removed behind everybody’s back', async () => {
      const fullName = `acme__${'Long'.repeat(30)}`;
      const xml = `<${headerType} xmlns="http://soap.sforce.com/2006/04/metadata"><label>Grüße</label></${headerType}>`;
      const path = `/components/${headerType}/${fullName}`;
      assert.equal((await control('PUT', path, xml)).status, 201);
      assert.equal(org.component(headerType, fullName), xml);
      assert.equal((await control('PUT', path, xml.replace('Grüße', 'Salut'))).status, 204);
      assert.match(org.component(headerType, fullName)!, /Salut/);
      assert.equal((await control('DELETE', path)).status, 204);
      assert.equal(org.component(headerType, fullName), undefined);
    });

    for (const [method, path, body, status, error] of [
      [
        'GET',
        '/components/Nothing',
        undefined,
        404,
        /^There is no metadata type 'Nothing'; there are: External/,
      ],
      [
        'GET',
        `/components/${headerType}/None`,
        undefined,
        404,
        /^There is no External\w+ 'None'; there are: Agent_/,
      ],
      [
        'DELETE',
        `/components/${headerType}/None`,
        undefined,
        404,
        /^There is no External\w+ 'None'; there are: Agent/,
      ],
      ['PUT', `/components/${headerType}/*`, '<a/>', 400, /^'\*' is not a full name: letters, digits and/],
      ['PUT', `/components/${headerType}/a%2Fb`, '<a/>', 400, /^'a\/b' is not a full name/],
      [
        'PUT',
        `/components/${headerType}/New`,
        '<a>',
        400,
        /^The body is not well-formed XML: .* \(line 1, column \d\)\.$/,
      ],
      ['PUT', `/components/${headerType}/New`, '', 400, /^The body is not well-formed XML: /],
    ] as const) {
      it(`are refused to ${method} ${path} with the body ${JSON.stringify(body ?? null)}`, async () => {
        const answer = await control(method, path, body);
        assert.equal(answer.status, status);
        assert.match((answer.body as { error: string }).error, error);
        assert.equal(org.component(headerType, 'New'), undefined);
      });
    }
  });

  describe('its border', () => {
    /** An answer to a request with headers that fetch does not let through. */
    async function answerTo(
      headers: Record<string, string>,
    ): Promise<{ status: number | undefined; body: string }> {
      const [response] = (await once(
        get(`${org.instanceUrl}/local-org/faults`, { headers, agent: false }),
        'response',
      )) as [IncomingMessage];
      return { status: response.statusCode, body: await text(response) };
    }

    it('refuses a page of another site', async () => {
      const { status, body } = await answerTo({ origin: 'https://attacker.example' });
      assert.equal(status, 403);
      assert.match(body, /"error": "The Origin header is 'https:\/\/attacker\.example'; /);
    });

    it('refuses a foreign name that resolves to this machine', async () => {
      const { status, body } = await answerTo({ host: 'attacker.example' });
      assert.equal(status, 403);
      assert.match(body, /"error": "The Host header is 'attacker\.example'; /);
    });

    it('accepts JSON only with its media type, which a page of another site may not send', async () => {
      assert.deepEqual(
        await control('POST', '/faults', '{"on":"token","do":{"kind":"hang"}}'),
        refused(415, 'The Content-Type is application/xml; it has to be application/json (curl --json).'),
      );
      assert.deepEqual(org.faults.rules, []);
    });

    it('lists the paths for an unknown one', async () => {
      const { status, body } = await control('PUT', '/faults', {});
      assert.equal(status, 404);
      assert.match(
        (body as { error: string }).error,
        /^There is no PUT \/local-org\/faults\. There are: GET, POST, PATCH, DELETE \/local-org\/faults; /,
      );
    });
  });

  describe('offline', () => {
    it('refuses connections for the requested time, at the same address', async () => {
      const ask = () => fetch(`${org.instanceUrl}/services/data`).then(({ status }) => status, causeOf);
      // The port is closed when the answer comes, for half a second: the next request is far faster than that.
      assert.equal((await control('POST', '/offline', { forMs: 500 })).status, 204);
      assert.equal(await ask(), 'ECONNREFUSED');
      await until('the org listens again', async () => (await ask()) === 200);
    });

    it('ends with the org, and does not keep the process running', async () => {
      const index = join(__dirname, '../../../../local-org/src/index.ts');
      const script = `
        const { startLocalOrg } = require(${JSON.stringify(index)});
        void startLocalOrg().then(async (server) => {
          await fetch(server.orgs[0].instanceUrl + '/local-org/offline', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: '{"forMs":3600000}',
          });
          await server.close();
        });`;
      const child = spawn(process.execPath, ['--require', 'tsx/cjs', '--eval', script], { timeout: 15_000 });
      assert.deepEqual(await once(child, 'close'), [0, null]);
    });

    it('can last up to an hour', async () => {
      assert.deepEqual(
        await control('POST', '/offline', { forMs: 0 }),
        refused(400, 'forMs is 0; it takes a whole number from 1 to 3600000.'),
      );
    });
  });
});
