import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { HttpConnections } from '../../../../provider/src/org/httpConnections.js';
import { MetadataApi } from '../../../../provider/src/org/metadataApi.js';
import { contextWithoutEngine } from '../../../../provider/src/org/orgContext.js';
import {
  introspectToken,
  listApiVersions,
  listPublishedKeys,
  requestSignedInUser,
} from '../../../../provider/src/org/orgInformation.js';
import { signIn } from '../../../../provider/src/signIn/signIn.js';
import type { SignInWay } from '../../../../provider/src/signIn/signInWays.js';
import { startTestServer, type ReceivedRequest, type TestServer } from './support/testServer.js';

const http = new HttpConnections();
const accessToken = '00D000000000062!AQ.token';
const app = { clientId: 'consumer+key', clientSecret: 's3cr3t/with+form=characters' };

/** Headers that the HTTP client decides; the length is checked against the body. */
const clientHeaders: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'content-length',
  'host',
  'sec-fetch-mode',
  'user-agent',
]);

/** A request as lines: method and path, the headers by name, an empty line, the body. */
function linesOf({ method, url, headers, body }: ReceivedRequest): string[] {
  assert.equal(headers['content-length'] ?? '0', String(body.length));
  const boundary = /boundary=(\S+)/.exec(headers['content-type'] ?? '')?.[1] ?? '(boundary)';
  const ownHeaders = Object.entries(headers)
    .filter(([name]) => !clientHeaders.has(name))
    .map(([name, value]) => `${name}: ${String(value)}`)
    .sort();
  return [`${method} ${url}`, ...ownHeaders, '', ...body.split('\r\n')].map((line) =>
    line.replaceAll(boundary, '(boundary)').replace(/(?<=assertion=)[\w.-]+/, '(assertion)'),
  );
}

/** A SOAP request of the API version 66.0. */
function soap(message: string): string[] {
  return [
    'POST /services/Soap/m/66.0',
    'content-type: text/xml',
    'soapaction: ""',
    '',
    '<?xml version="1.0" encoding="UTF-8"?>' +
      '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"' +
      ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
      '<soapenv:Header xmlns="http://soap.sforce.com/2006/04/metadata">' +
      '<SessionHeader><sessionId>00D000000000062!AQ.token</sessionId></SessionHeader></soapenv:Header>' +
      `<soapenv:Body xmlns="http://soap.sforce.com/2006/04/metadata">${message}</soapenv:Body></soapenv:Envelope>`,
  ];
}

const authorization = 'authorization: Bearer 00D000000000062!AQ.token';

/** A deploy of the bytes 50 4b 00 ff 0d 0a. */
function deploy(options: string): string[] {
  return [
    'POST /services/data/v66.0/metadata/deployRequest',
    authorization,
    'content-type: multipart/form-data; boundary=(boundary)',
    '',
    '--(boundary)',
    'Content-Disposition: form-data; name="file"; filename="package.xml"',
    'Content-Type: application/zip',
    '',
    'PK\u0000\u00ff',
    '',
    '--(boundary)',
    'Content-Disposition: form-data; name="entity_content"',
    'Content-Type: application/json',
    '',
    `{"deployOptions":${options}}`,
    '--(boundary)--',
    '',
  ];
}

/** A request without a body. */
function get(path: string, ...headers: string[]): string[] {
  return [`GET ${path}`, ...headers, '', ''];
}

/** A request to an OAuth endpoint. */
function form(path: string, body: string): string[] {
  return [`POST ${path}`, 'content-type: application/x-www-form-urlencoded', '', body];
}

interface Case {
  what: string;
  /** Makes one call to the org at this address. */
  call: (url: string) => Promise<unknown>;
  /** The requests that it sends, each as lines. */
  expected: readonly string[][];
}

const metadata =
  (call: (api: MetadataApi) => Promise<unknown>): Case['call'] =>
  (instanceUrl) =>
    call(new MetadataApi({ http, instanceUrl, accessToken, apiVersion: '66.0' }));

const signInBy =
  (way: (loginUrl: string) => SignInWay): Case['call'] =>
  (url) =>
    signIn(way(url), '"uat"', contextWithoutEngine());

const cases: readonly Case[] = [
  {
    what: 'the start of a retrieve',
    call: metadata((api) =>
      api.startRetrieve(
        new Map([
          ['T1', ['*']],
          ['T2', ['a', `b&<>"'é`]],
        ]),
      ),
    ),
    expected: [
      soap(
        '<retrieve><request><apiVersion>66</apiVersion><unpackaged><types><members>*</members><name>T1</name></types>' +
          '<types><members>a</members><members>b&amp;&lt;&gt;&quot;&apos;\u00c3\u00a9</members><name>T2</name></types>' +
          '<version>66.0</version></unpackaged></request></retrieve>',
      ),
    ],
  },
  {
    what: 'the status of a retrieve',
    call: metadata((api) => api.checkRetrieve('09S&1')),
    expected: [soap('<checkRetrieveStatus><asyncProcessId>09S&amp;1</asyncProcessId></checkRetrieveStatus>')],
  },
  {
    what: 'components without a job',
    call: metadata((api) => api.readMetadata('T1', ['a', 'ns__b'])),
    expected: [
      soap(
        '<readMetadata><type>T1</type><fullNames>a</fullNames><fullNames>ns__b</fullNames></readMetadata>',
      ),
    ],
  },
  {
    what: 'a list',
    call: metadata((api) => api.listMetadata(['T1', 'T2'])),
    expected: [
      soap(
        '<listMetadata><queries><type>T1</type></queries><queries><type>T2</type></queries>' +
          '<asOfVersion>66.0</asOfVersion></listMetadata>',
      ),
    ],
  },
  {
    what: 'a deploy',
    call: metadata((api) => api.startDeploy(Buffer.from('504b00ff0d0a', 'hex'))),
    expected: [deploy('{"checkOnly":false,"rollbackOnError":true,"singlePackage":true}')],
  },
  {
    what: 'a validation',
    call: metadata((api) => api.startDeploy(Buffer.from('504b00ff0d0a', 'hex'), { checkOnly: true })),
    expected: [deploy('{"checkOnly":true,"rollbackOnError":true,"singlePackage":true}')],
  },
  {
    what: 'the status of a deploy',
    call: metadata((api) => api.checkDeploy('0Af/1')),
    expected: [get('/services/data/v66.0/metadata/deployRequest/0Af%2F1?includeDetails=true', authorization)],
  },
  {
    what: 'the withdrawal of a deploy',
    call: metadata((api) => api.cancelDeploy('0Af/1')),
    expected: [
      [
        'PATCH /services/data/v66.0/metadata/deployRequest/0Af%2F1',
        authorization,
        'content-type: application/json',
        '',
        '{"deployResult":{"status":"Canceling"}}',
      ],
    ],
  },
  {
    what: 'a query of two pages',
    call: metadata((api) => api.query("SELECT Id FROM A WHERE B = 'c&d'")),
    expected: [
      get(
        '/services/data/v66.0/query?q=SELECT%20Id%20FROM%20A%20WHERE%20B%20%3D%20%27c%26d%27',
        authorization,
      ),
      get('/services/data/v66.0/query/01g-2', authorization),
    ],
  },
  {
    what: 'a query of the Tooling API',
    call: metadata((api) => api.toolingQuery('SELECT Id FROM DeployRequest')),
    expected: [
      get('/services/data/v66.0/tooling/query?q=SELECT%20Id%20FROM%20DeployRequest', authorization),
      get('/services/data/v66.0/query/01g-2', authorization),
    ],
  },
  {
    what: 'the API versions',
    call: (url) => listApiVersions(url, { http }),
    expected: [get('/services/data')],
  },
  {
    what: 'the signed-in user',
    call: (instanceUrl) => requestSignedInUser({ http, instanceUrl, accessToken }),
    expected: [get('/services/oauth2/userinfo', authorization)],
  },
  {
    what: 'the published keys',
    call: (url) => listPublishedKeys(url, { http }),
    expected: [get('/id/keys')],
  },
  {
    what: 'the times of a token',
    call: (instanceUrl) => introspectToken(accessToken, app, { http, instanceUrl }),
    expected: [
      form(
        '/services/oauth2/introspect',
        'token=00D000000000062%21AQ.token&client_id=consumer%2Bkey' +
          '&client_secret=s3cr3t%2Fwith%2Bform%3Dcharacters&token_type_hint=access_token',
      ),
    ],
  },
  {
    what: 'a sign-in by JWT bearer',
    call: signInBy((loginUrl) => ({
      kind: 'jwtBearer',
      clientId: app.clientId,
      username: 'deployer@example.com',
      privateKey: {
        value: generateKeyPairSync('rsa', { modulusLength: 2048 })
          .privateKey.export({ format: 'pem', type: 'pkcs8' })
          .toString(),
        source: 'salesforce:privateKey',
        fromEnvironment: false,
      },
      loginUrl,
      audience: undefined,
    })),
    expected: [
      form(
        '/services/oauth2/token',
        'assertion=(assertion)&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer',
      ),
    ],
  },
  {
    what: 'a sign-in by client credentials',
    call: signInBy((loginUrl) => ({ kind: 'clientCredentials', ...app, loginUrl })),
    expected: [
      form(
        '/services/oauth2/token',
        'client_id=consumer%2Bkey&client_secret=s3cr3t%2Fwith%2Bform%3Dcharacters&grant_type=client_credentials',
      ),
    ],
  },
  {
    what: 'a sign-in by an SFDX auth URL',
    call: signInBy((loginUrl) => ({
      kind: 'sfdxAuthUrl',
      ...app,
      refreshToken: 'r3fr3sh.t0k3n==',
      loginUrl,
    })),
    expected: [
      form(
        '/services/oauth2/token',
        'client_id=consumer%2Bkey&client_secret=s3cr3t%2Fwith%2Bform%3Dcharacters' +
          '&refresh_token=r3fr3sh.t0k3n%3D%3D&grant_type=refresh_token',
      ),
    ],
  },
  {
    what: 'a sign-in by an SFDX auth URL without a secret',
    call: signInBy((loginUrl) => ({
      kind: 'sfdxAuthUrl',
      clientId: app.clientId,
      clientSecret: undefined,
      refreshToken: 'r3fr3sh.t0k3n==',
      loginUrl,
    })),
    expected: [
      form(
        '/services/oauth2/token',
        'client_id=consumer%2Bkey&refresh_token=r3fr3sh.t0k3n%3D%3D&grant_type=refresh_token',
      ),
    ],
  },
];

describe('what is sent, byte for byte', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
    server.answer = ({ url }, response) => {
      const page = url.includes('query?q=')
        ? { done: false, nextRecordsUrl: '/services/data/v66.0/query/01g-2', records: [] }
        : { done: true, records: [] };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page));
    };
  });
  afterEach(() => server.close());

  for (const { what, call, expected } of cases) {
    it(`for ${what}`, async () => {
      // The answers are not the API's; only what was sent counts.
      await call(server.url).catch(() => undefined);
      assert.deepEqual(server.requests.map(linesOf), expected);
    });
  }

  it('for a sign-in by access token: nothing', async () => {
    await signInBy((instanceUrl) => ({ kind: 'accessToken', accessToken, instanceUrl }))(server.url);
    assert.deepEqual(server.requests, []);
  });
});
