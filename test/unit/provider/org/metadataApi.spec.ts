import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { SalesforceApiError, TransportError } from '../../../../provider/src/org/errors.js';
import { MetadataApi } from '../../../../provider/src/org/metadataApi.js';
import { listApiVersions, requestSignedInUser } from '../../../../provider/src/org/orgInformation.js';
import { startTestServer, type Answer, type TestServer } from './support/testServer.js';
import { HttpConnections } from '../../../../provider/src/org/httpConnections.js';

const http = new HttpConnections();

const accessToken = '00D000000000062!AQ.secret_part-of.it';

function soap(operation: string, results: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><${operation}Response>${results}</${operation}Response></soapenv:Body></soapenv:Envelope>`;
}

function fault(code: string, text: string): string {
  return `<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><soapenv:Fault><faultcode>${code}</faultcode><faultstring>${text}</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>`;
}

function answer(type: string, body: string, status = 200): Answer {
  return (_, response) => response.writeHead(status, { 'content-type': type }).end(body);
}
const xml = (body: string, status?: number): Answer => answer('text/xml; charset=utf-8', body, status);
const json = (body: unknown, status?: number): Answer =>
  answer('application/json;charset=UTF-8', JSON.stringify(body), status);
const html = (body: string, status?: number): Answer => answer('text/html;charset=UTF-8', body, status);

describe('MetadataApi', () => {
  let server: TestServer;
  let api: MetadataApi;
  beforeEach(async () => {
    server = await startTestServer();
    api = new MetadataApi({ http, instanceUrl: `${server.url}/`, accessToken, apiVersion: '66.0' });
  });
  afterEach(() => server.close());

  /** The error of a call, which never holds the token. */
  async function failure(call: Promise<unknown>): Promise<SalesforceApiError> {
    const error = await call.then(
      (value) => assert.fail(`it resolved with ${inspect(value)}`),
      (reason: unknown) => reason,
    );
    assert(error instanceof SalesforceApiError, inspect(error));
    assert(!inspect(error).includes('secret_part'), 'the error holds the token');
    return error;
  }

  describe('startRetrieve', () => {
    it('sends one SOAP request with the types and returns the id', async () => {
      server.answer = xml(
        soap('retrieve', '<result><done>false</done><id>09S1</id><state>Queued</state></result>'),
      );
      const types = new Map([
        ['T1', ['*']],
        ['T2', ['a', 'b&c']],
      ]);
      assert.deepEqual(await api.startRetrieve(types), { id: '09S1' });
      assert.equal(server.requests.length, 1);
      const { url, body } = server.requests[0]!;
      assert.equal(url, '/services/Soap/m/66.0');
      assert(
        body.includes(
          '<retrieve><request><apiVersion>66</apiVersion><unpackaged>' +
            '<types><members>*</members><name>T1</name></types>' +
            '<types><members>a</members><members>b&amp;c</members><name>T2</name></types>' +
            '<version>66.0</version></unpackaged></request></retrieve>',
        ),
        body,
      );
      assert(body.includes(`<sessionId>${accessToken}</sessionId>`));
    });
  });

  describe('checkRetrieve', () => {
    const check = (result: string): void => {
      server.answer = xml(soap('checkRetrieveStatus', `<result>${result}</result>`));
    };

    it('reports that a retrieve is not done', async () => {
      check('<done>false</done><id>09S1</id><status>InProgress</status><success>false</success>');
      assert.deepEqual(await api.checkRetrieve('09S1'), { done: false, status: 'InProgress' });
    });

    it('returns the zip, the properties and the messages of one that succeeded', async () => {
      check(`<done>true</done>
        <fileProperties><createdById>005</createdById><fileName>unpackaged/f/a.x</fileName><fullName>ns__a</fullName>
          <lastModifiedByName>Ada</lastModifiedByName><lastModifiedDate>2026-11-01T00:00:00.000Z</lastModifiedDate>
          <namespacePrefix>ns</namespacePrefix><type>T</type></fileProperties>
        <id>09S1</id>
        <messages><fileName>unpackaged/package.xml</fileName><problem>Entity of type 'T' named 'N' cannot be found</problem></messages>
        <status>Succeeded</status><success>true</success><zipFile>UEsF
BgAA</zipFile>`);
      assert.deepEqual(await api.checkRetrieve('09S1'), {
        done: true,
        success: true,
        zip: Buffer.from('UEsFBgAA', 'base64'),
        fileProperties: [
          {
            type: 'T',
            fullName: 'ns__a',
            fileName: 'unpackaged/f/a.x',
            namespacePrefix: 'ns',
            lastModifiedByName: 'Ada',
            lastModifiedDate: '2026-11-01T00:00:00.000Z',
          },
        ],
        messages: ["Entity of type 'T' named 'N' cannot be found"],
      });
    });

    it('returns empty lists if the org sends none', async () => {
      check(
        '<done>true</done><id>1</id><status>Succeeded</status><success>true</success><zipFile>UEs=</zipFile>',
      );
      const status = await api.checkRetrieve('1');
      assert(status.done && status.success);
      assert.deepEqual([status.fileProperties, status.messages], [[], []]);
    });

    it('returns the reason of one that failed', async () => {
      check(`<done>true</done><errorMessage>no</errorMessage><errorStatusCode>UNKNOWN_EXCEPTION</errorStatusCode>
        <id>1</id><status>Failed</status><success>false</success>`);
      assert.deepEqual(await api.checkRetrieve('1'), {
        done: true,
        success: false,
        id: '1',
        errorStatusCode: 'UNKNOWN_EXCEPTION',
        errorMessage: 'no',
      });
    });

    const lacking: [string, string, string][] = [
      ['an id', '<done>false</done><status>Pending</status>', 'it has no `id`'],
      ['a status', '<done>false</done><id>1</id>', 'it has no `status`'],
      [
        'a zip',
        '<done>true</done><id>1</id><status>Succeeded</status><success>true</success>',
        'it has no `zipFile`',
      ],
      [
        'a readable zip',
        '<done>true</done><id>1</id><status>Succeeded</status><success>true</success><zipFile>%%</zipFile>',
        'its `zipFile` is not base64',
      ],
      [
        'a success that agrees with its status',
        '<done>true</done><id>1</id><status>Succeeded</status>',
        'its `status` and `success` contradict each other',
      ],
      [
        'an end that agrees with its status',
        '<id>1</id><status>Succeeded</status>',
        'it is Succeeded but not done',
      ],
    ];
    for (const [what, result, lack] of lacking) {
      it(`refuses a response without ${what}`, async () => {
        check(result);
        const error = await failure(api.checkRetrieve('1'));
        assert.deepEqual(
          [error.errorCode, error.operation, error.message],
          [
            'MALFORMED_RESPONSE',
            'checkRetrieveStatus',
            `The response to checkRetrieveStatus is not a valid API response (HTTP 200 and XML): ${lack}.`,
          ],
        );
      });
    }
  });

  describe('startDeploy', () => {
    it('posts the zip and its options once and returns the id', async () => {
      server.answer = json({ id: '0Af1', deployOptions: {} }, 201);
      assert.deepEqual(await api.startDeploy(Buffer.from('ZIP\u0000')), { id: '0Af1' });
      assert.equal(server.requests.length, 1);
      const { method, url, headers, body } = server.requests[0]!;
      assert.deepEqual([method, url], ['POST', '/services/data/v66.0/metadata/deployRequest']);
      assert.equal(headers.authorization, `Bearer ${accessToken}`);
      assert.match(headers['content-type'] ?? '', /^multipart\/form-data; boundary=/);
      assert.match(body, /name="file"[^]*application\/zip\r\n\r\nZIP\0\r\n[^]*name="entity_content"/);
      const options = /application\/json\r\n\r\n(.*)\r\n/.exec(body)?.[1] ?? '';
      // No test level: production orgs refuse NoTestRun, and run no tests without Apex anyway.
      assert.deepEqual(JSON.parse(options), {
        deployOptions: { checkOnly: false, rollbackOnError: true, singlePackage: true },
      });
    });

    it('asks for a validation only', async () => {
      server.answer = json({ id: '0Af1' }, 201);
      await api.startDeploy(Buffer.from('ZIP'), { checkOnly: true });
      assert.match(server.requests[0]!.body, /"checkOnly":true/);
    });

    it('refuses a response without an id', async () => {
      server.answer = json({}, 201);
      assert.equal((await failure(api.startDeploy(Buffer.of()))).errorCode, 'MALFORMED_RESPONSE');
    });

    it('reports that a request may have reached the org', async () => {
      server.answer = (_, response) => response.socket?.resetAndDestroy();
      await assert.rejects(
        api.startDeploy(Buffer.of()),
        (error) => error instanceof TransportError && error.mayHaveBeenSent,
      );
    });
  });

  describe('checkDeploy', () => {
    const result = {
      id: '0Af1',
      status: 'Failed',
      done: true,
      success: false,
      numberComponentsTotal: 2,
      numberComponentsDeployed: 1,
    };

    it('returns the status with every component', async () => {
      const details = {
        componentSuccesses: [
          {
            componentType: '',
            fullName: 'package.xml',
            fileName: 'package.xml',
            changed: true,
            created: false,
          },
        ],
        componentFailures: {
          componentType: 'T',
          fullName: 'a',
          fileName: 'f/a.x',
          problem: 'Invalid plugin settings',
          problemType: 'Error',
          lineNumber: '3',
          columnNumber: 7,
        },
      };
      server.answer = json({
        id: '0Af1',
        deployResult: {
          ...result,
          details,
          errorMessage: 'm',
          errorStatusCode: 'E',
          canceledByName: null,
        },
      });
      assert.deepEqual(await api.checkDeploy('0Af1'), {
        ...result,
        componentSuccesses: details.componentSuccesses,
        componentFailures: [{ ...details.componentFailures, lineNumber: 3 }],
        errorMessage: 'm',
        errorStatusCode: 'E',
        createdByName: undefined,
        canceledByName: undefined,
        createdDate: undefined,
        startDate: undefined,
      });
      assert.equal(
        server.requests[0]?.url,
        '/services/data/v66.0/metadata/deployRequest/0Af1?includeDetails=true',
      );
    });

    it('accepts a status without details', async () => {
      server.answer = json({ deployResult: { ...result, done: false, status: 'Pending' } });
      const status = await api.checkDeploy('0Af1');
      assert.deepEqual([status.done, status.componentFailures], [false, []]);
    });

    it('accepts a status without counts', async () => {
      server.answer = json({
        deployResult: { ...result, numberComponentsTotal: undefined, numberComponentsDeployed: undefined },
      });
      const status = await api.checkDeploy('0Af1');
      assert.deepEqual(
        [status.numberComponentsTotal, status.numberComponentsDeployed],
        [undefined, undefined],
      );
    });

    for (const name of ['id', 'status', 'done', 'success']) {
      it(`refuses a status without \`${name}\``, async () => {
        server.answer = json({ deployResult: { ...result, [name]: undefined } });
        const error = await failure(api.checkDeploy('1'));
        assert.equal(error.errorCode, 'MALFORMED_RESPONSE');
        assert(error.message.endsWith(`it has no \`${name}\`.`));
      });
    }

    it('does not let an id change the path', async () => {
      server.answer = json({ deployResult: result });
      await api.checkDeploy('../x?y');
      assert.equal(
        server.requests[0]?.url,
        '/services/data/v66.0/metadata/deployRequest/..%2Fx%3Fy?includeDetails=true',
      );
    });
  });

  describe('listMetadata', () => {
    const properties = '<result><fileName>f/a.x</fileName><fullName>a</fullName><type>T</type></result>';

    it('returns a list, even of one', async () => {
      server.answer = xml(soap('listMetadata', properties));
      const found = await api.listMetadata(['T', 'U']);
      assert.deepEqual(
        found.map(({ type, fullName, fileName, namespacePrefix }) => [
          type,
          fullName,
          fileName,
          namespacePrefix,
        ]),
        [['T', 'a', 'f/a.x', undefined]],
      );
      assert.match(
        server.requests[0]!.body,
        /<queries><type>T<\/type><\/queries><queries><type>U<\/type><\/queries><asOfVersion>66\.0<\/asOfVersion>/,
      );
    });

    it('returns an empty list', async () => {
      server.answer = xml(soap('listMetadata', ''));
      assert.deepEqual(await api.listMetadata(['T']), []);
    });

    it('does not mistake an HTML page for an empty list', async () => {
      server.answer = html('<html><head><title>\n Down for\tmaintenance </title></head></html>');
      const error = await failure(api.listMetadata(['T']));
      assert.equal(
        error.message,
        'The response to listMetadata is not a valid API response (HTTP 200 and an HTML page titled "Down for maintenance"): it is ' +
          'neither JSON nor XML.',
      );
    });

    it('accepts one to three types', async () => {
      await assert.rejects(api.listMetadata([]), RangeError);
      await assert.rejects(api.listMetadata(['a', 'b', 'c', 'd']), RangeError);
      assert.equal(server.requests.length, 0);
    });
  });

  describe('query and toolingQuery', () => {
    it('return the records of every page', async () => {
      server.answer = ({ url }, response) => {
        const page = url.includes('query?q=')
          ? { done: false, nextRecordsUrl: '/services/data/v66.0/query/01g-2', records: [{ Id: '1' }] }
          : { done: true, records: [{ Id: '2' }] };
        json(page)({} as never, response);
      };
      assert.deepEqual(await api.query("SELECT Id FROM A WHERE B = 'c&d'"), [{ Id: '1' }, { Id: '2' }]);
      assert.deepEqual(
        server.requests.map(({ url }) => url),
        [
          '/services/data/v66.0/query?q=SELECT%20Id%20FROM%20A%20WHERE%20B%20%3D%20%27c%26d%27',
          '/services/data/v66.0/query/01g-2',
        ],
      );
    });

    it('call the Tooling API at its own path', async () => {
      server.answer = json({ done: true, records: [] });
      assert.deepEqual(await api.toolingQuery('SELECT Id FROM DeployRequest'), []);
      assert.equal(
        server.requests[0]?.url,
        '/services/data/v66.0/tooling/query?q=SELECT%20Id%20FROM%20DeployRequest',
      );
    });

    it('never follow a next page to another host', async () => {
      server.answer = json({
        done: false,
        nextRecordsUrl: 'http://127.0.0.1:1/services/data/x',
        records: [],
      });
      assert.equal((await failure(api.query('SELECT'))).errorCode, 'MALFORMED_RESPONSE');
      assert.equal(server.requests.length, 1);
    });

    it('stop at the fiftieth page', async () => {
      server.answer = json({ done: false, nextRecordsUrl: '/services/data/v66.0/query/again', records: [] });
      assert.equal((await failure(api.query('SELECT'))).errorCode, 'TOO_MANY_RECORDS');
      assert.equal(server.requests.length, 50);
    });

    it('refuse a response without records', async () => {
      server.answer = json({ done: true });
      assert.equal((await failure(api.query('SELECT'))).errorCode, 'MALFORMED_RESPONSE');
    });
  });

  describe('refusals', () => {
    it('of SOAP lose the prefix of their code', async () => {
      server.answer = xml(
        fault('sf:INVALID_SESSION_ID', `INVALID_SESSION_ID: Invalid Session ID ${accessToken}`),
        500,
      );
      const error = await failure(api.listMetadata(['T']));
      assert.deepEqual(
        [error.errorCode, error.message, error.operation, error.statusCode],
        ['INVALID_SESSION_ID', 'INVALID_SESSION_ID: Invalid Session ID [secret]', 'listMetadata', 500],
      );
    });

    it('of REST keep code and message', async () => {
      server.answer = json([{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }], 401);
      const error = await failure(api.query('SELECT'));
      assert.deepEqual(
        [error.errorCode, error.message, error.operation, error.statusCode],
        ['INVALID_SESSION_ID', 'Session expired or invalid', 'query', 401],
      );
    });

    it('of REST with several reasons list them all', async () => {
      server.answer = json(
        [
          { message: 'one', errorCode: 'A' },
          { message: 'two', errorCode: 'B' },
        ],
        400,
      );
      const error = await failure(api.query('SELECT'));
      assert.deepEqual([error.errorCode, error.message], ['A', 'one; two']);
    });

    it('are never repeated', async () => {
      server.answer = json([{ message: 'busy', errorCode: 'SERVER_UNAVAILABLE' }], 503);
      assert.equal((await failure(api.query('SELECT'))).errorCode, 'SERVER_UNAVAILABLE');
      assert.equal(server.requests.length, 1);
    });

    const pages: [string, Answer, string, string][] = [
      [
        'an HTML page',
        html(
          `<html><title>Service ${accessToken} down</title><body>${'x'.repeat(10_000)}</body></html>`,
          503,
        ),
        'ERROR_HTTP_503',
        'The org responded to query with HTTP 503 and an HTML page titled "Service [secret] down".',
      ],
      [
        'an HTML page without a title',
        html('<!doctype html>', 502),
        'ERROR_HTTP_502',
        'The org responded to query with HTTP 502 and an HTML page.',
      ],
      [
        'nothing',
        answer('text/plain', '', 420),
        'ERROR_HTTP_420',
        'The org responded to query with HTTP 420 and an empty body.',
      ],
      [
        'some words',
        answer('text/plain', 'Bad_OAuth_Token', 403),
        'ERROR_HTTP_403',
        'The org responded to query with HTTP 403 and the text "Bad_OAuth_Token".',
      ],
      [
        'an HTML page that claims success',
        html('<html><title>Login</title></html>'),
        'MALFORMED_RESPONSE',
        'The response to query is not a valid API response (HTTP 200 and an HTML page titled "Login"): it is neither JSON nor XML.',
      ],
      [
        'JSON that breaks off',
        answer('application/json', `{"records":["${'x'.repeat(300)}`),
        'MALFORMED_RESPONSE',
        'The response to query is not a valid API response (HTTP 200 and JSON): it is not an object.',
      ],
    ];
    for (const [what, page, errorCode, message] of pages) {
      it(`that are ${what} become one line`, async () => {
        server.answer = page;
        const error = await failure(api.query('SELECT'));
        assert.deepEqual([error.errorCode, error.message], [errorCode, message]);
      });
    }

    for (const [what, body] of [
      ['an empty answer', ''],
      ['XML that breaks off', '<soapenv:Envelope><soapenv:Body>'],
      ['JSON', '{"id":"1"}'],
      ['a fault that claims success', fault('sf:X', 'y')],
    ] as const) {
      it(`over SOAP: ${what} is malformed`, async () => {
        server.answer = xml(body);
        assert.equal((await failure(api.startRetrieve(new Map()))).errorCode, 'MALFORMED_RESPONSE');
      });
    }

    it('over SOAP of HTML with an error status become one line', async () => {
      server.answer = html(`<html><title>Oops</title>${accessToken}</html>`, 500);
      const error = await failure(api.checkRetrieve('1'));
      assert.deepEqual(
        [error.errorCode, error.message],
        [
          'ERROR_HTTP_500',
          'The org responded to checkRetrieveStatus with HTTP 500 and an HTML page titled "Oops".',
        ],
      );
    });
  });

  describe('JWT-format tokens', () => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const jwt = `${part({ alg: 'RS256' })}.${part({ sub: 'uid:005' })}.c2ln`;
    const list = (apiVersion: string): Promise<unknown> =>
      new MetadataApi({ http, instanceUrl: server.url, accessToken: jwt, apiVersion }).listMetadata(['T']);

    it('are not sent over SOAP below 68.0', async () => {
      const error = await failure(list('67.0'));
      assert.equal(error.errorCode, 'JWT_NOT_SUPPORTED_BY_SOAP');
      assert.match(
        error.message,
        /^SOAP API does not support JWT-based access tokens for API versions below 68\.0/,
      );
      assert.equal(server.requests.length, 0);
    });

    it('are sent over SOAP from 68.0', async () => {
      server.answer = xml(soap('listMetadata', ''));
      assert.deepEqual(await list('68.0'), []);
    });
  });

  describe('its constructor refuses', () => {
    const good = { instanceUrl: 'https://a.my.salesforce.com', accessToken, apiVersion: '66.0' };
    const table: [string, Partial<typeof good>, RegExp][] = [
      [
        'an instance URL that is none',
        { instanceUrl: 'a.my.salesforce.com' },
        /instance URL must be an address/,
      ],
      ['another protocol', { instanceUrl: 'file:///etc' }, /instance URL must be an address/],
      ['a Lightning address', { instanceUrl: 'https://a.lightning.force.com' }, /Lightning address/],
      ['an empty token', { accessToken: '' }, /access token is empty/],
      [
        'a token with a line break',
        { accessToken: `${accessToken}\n` },
        /access token is empty, or contains white space/,
      ],
      ['a version without its minor part', { apiVersion: '66' }, /must look like 66\.0 \(found "66"\)/],
    ];
    for (const [what, change, message] of table) {
      it(what, () => {
        assert.throws(
          () => new MetadataApi({ http, ...good, ...change }),
          (error: Error) =>
            error instanceof TypeError && message.test(error.message) && !error.message.includes('AQ.'),
        );
      });
    }
  });

  describe('listApiVersions', () => {
    it('returns the versions without a token', async () => {
      server.answer = json([
        { label: "Winter '26", url: '/services/data/v65.0', version: '65.0' },
        { label: "Spring '26", url: '/services/data/v66.0', version: '66.0' },
      ]);
      assert.deepEqual(await listApiVersions(server.url, { http }), [65, 66]);
      const { url, headers } = server.requests[0]!;
      assert.deepEqual([url, headers.authorization], ['/services/data', undefined]);
    });

    it('refuses a response that is not a list', async () => {
      server.answer = json({ version: '66.0' });
      assert.equal((await failure(listApiVersions(server.url, { http }))).errorCode, 'MALFORMED_RESPONSE');
    });
  });

  describe('requestSignedInUser', () => {
    it('returns the 18-character ids', async () => {
      server.answer = json({ organization_id: '00D000000000062', user_id: '005000000000001' });
      assert.deepEqual(await requestSignedInUser({ http, instanceUrl: server.url, accessToken }), {
        organizationId: '00D000000000062EAA',
        userId: '005000000000001AAA',
      });
      const { url, headers } = server.requests[0]!;
      assert.deepEqual([url, headers.authorization], ['/services/oauth2/userinfo', `Bearer ${accessToken}`]);
    });

    it('refuses a response without an id', async () => {
      server.answer = json({ organization_id: 'x' });
      const error = await failure(requestSignedInUser({ http, instanceUrl: server.url, accessToken }));
      assert.equal(error.errorCode, 'MALFORMED_RESPONSE');
    });
  });
});
