import assert from 'node:assert/strict';
import type { LocalOrg, LocalOrgRole, LocalOrgServer } from '../../../../local-org/src/index.js';
import { startLocalOrg } from '../../../../local-org/src/index.js';
import {
  connect,
  globalType,
  keptComponents,
  listApps,
  policies,
  policiesType,
  soapCall,
  zip,
} from '../support/client.js';

const roles = ['developer', 'subscriberAdmin', 'viewer', 'none'] as const satisfies readonly LocalOrgRole[];

/** What a user is told: `ok`, or the code of the refusal. */
type Outcome = string;

/** What each role is told, in the order of {@link roles}. */
type Expected = readonly [Outcome, Outcome, Outcome, Outcome];

const readers: Expected = ['ok', 'ok', 'ok', 'INSUFFICIENT_ACCESS'];
const everybody: Expected = ['ok', 'ok', 'ok', 'ok'];
const noAccess = 'INSUFFICIENT_ACCESS_OR_READONLY';
const settings: Expected = ['ok', noAccess, noAccess, 'INSUFFICIENT_ACCESS'];
const policiesToo: Expected = ['ok', 'ok', noAccess, 'INSUFFICIENT_ACCESS'];

interface Caller {
  org: LocalOrg;
  token: string;
}

const wildcard = `<met:request><met:unpackaged><met:types><met:members>*</met:members><met:name>${policiesType}</met:name></met:types><met:version>66.0</met:version></met:unpackaged></met:request>`;
const appElement = '<met:externalClientApplication>portal</met:externalClientApplication>';
const policiesRecord = `<met:metadata xsi:type="${policiesType}"><met:fullName>portal_defaultPolicy</met:fullName>${appElement}</met:metadata>`;
const globalRecord = `<met:metadata xsi:type="${globalType}"><met:fullName>portalGlblOAuth</met:fullName>${appElement}</met:metadata>`;

/** Every operation, as a user of a role calls it. */
const operations: Readonly<Record<string, { as: (caller: Caller) => Promise<Outcome>; expected: Expected }>> =
  {
    'SOAP listMetadata': { as: soap('listMetadata', () => listApps), expected: readers },
    'SOAP describeMetadata': { as: soap('describeMetadata'), expected: readers },
    'SOAP retrieve': { as: soap('retrieve', () => wildcard), expected: readers },
    'SOAP checkRetrieveStatus': {
      as: soap('checkRetrieveStatus', async (org) => {
        const started = await (await soapCall(org, org.accessToken, 'retrieve', wildcard)).text();
        return `<met:asyncProcessId>${/<id>(\w+)</.exec(started)![1]!}</met:asyncProcessId>`;
      }),
      expected: readers,
    },
    'SOAP readMetadata': {
      as: soap(
        'readMetadata',
        () => `<met:type>${policiesType}</met:type><met:fullNames>Partner_API</met:fullNames>`,
      ),
      expected: readers,
    },
    'SOAP deploy of settings': { as: soapDeploy(globalType, 'portalGlblOAuth'), expected: settings },
    'SOAP deploy of policies': {
      as: soapDeploy(policiesType, 'portal_defaultPolicy'),
      expected: policiesToo,
    },
    'SOAP checkDeployStatus': {
      as: soap(
        'checkDeployStatus',
        async (org) => `<met:asyncProcessId>${await job(org)}</met:asyncProcessId>`,
      ),
      expected: readers,
    },
    'SOAP cancelDeploy': {
      as: soap('cancelDeploy', async (org) => `<met:String>${await job(org)}</met:String>`),
      expected: readers,
    },
    'SOAP updateMetadata of settings': { as: save('updateMetadata', globalRecord), expected: settings },
    'SOAP upsertMetadata of settings': { as: save('upsertMetadata', globalRecord), expected: settings },
    'SOAP updateMetadata of policies': { as: save('updateMetadata', policiesRecord), expected: policiesToo },
    'SOAP upsertMetadata of policies': { as: save('upsertMetadata', policiesRecord), expected: policiesToo },
    'REST deploy of settings': { as: restDeploy(globalType, 'portalGlblOAuth'), expected: settings },
    'REST deploy of policies': {
      as: restDeploy(policiesType, 'portal_defaultPolicy'),
      expected: policiesToo,
    },
    'REST deploy status': {
      as: async (caller) => rest(caller, `metadata/deployRequest/${await job(caller.org)}`),
      expected: readers,
    },
    'REST cancel': {
      as: async (caller) =>
        rest(caller, `metadata/deployRequest/${await job(caller.org)}`, {
          method: 'PATCH',
          headers: { 'content-type': 'application/json' },
          body: '{"deployResult":{"status":"Canceling"}}',
        }),
      expected: readers,
    },
    'query of apps': { as: query('query', 'ExternalClientApplication'), expected: everybody },
    'query of policies': { as: query('query', 'ExtlClntAppOauthPlcyCnfg'), expected: everybody },
    'query of sessions': {
      as: query('query', 'AuthSession'),
      expected: ['ok', 'INVALID_TYPE', 'INVALID_TYPE', 'INVALID_TYPE'],
    },
    'Tooling query of deploys': {
      as: query('tooling/query', 'DeployRequest'),
      expected: ['ok', 'ok', 'ok', 'INVALID_TYPE'],
    },
    'REST record of a user': {
      as: (caller) => rest(caller, `sobjects/User/${caller.org.users[0]!.userId}`),
      expected: everybody,
    },
  };

/** A deploy of the developer that waits, because another one runs. */
async function job(org: LocalOrg): Promise<string> {
  org.faults.occupyDeploys();
  const { id } = await connect(org).metadata.deploy(archive(org, policiesType, 'portal_defaultPolicy'), {
    singlePackage: true,
  });
  return id;
}

function archive(org: LocalOrg, type: string, fullName: string): Buffer {
  return zip([{ type, fullName, xml: org.component(type, fullName)! }], '68.0');
}

/** The fault of an answer, or the code in its results. */
async function soapOutcome(reply: Response): Promise<Outcome> {
  const text = await reply.text();
  return /<faultcode>sf:(\w+)</.exec(text)?.[1] ?? /<statusCode>(\w+)</.exec(text)?.[1] ?? 'ok';
}

function soap(operation: string, content: (org: LocalOrg) => string | Promise<string> = () => '') {
  return async ({ org, token }: Caller): Promise<Outcome> =>
    soapOutcome(await soapCall(org, token, operation, await content(org)));
}

function save(operation: string, record: string) {
  return soap(operation, () => record);
}

/** What the last deploy says of its component. */
function problem(org: LocalOrg): Outcome {
  return org.deploys.at(-1)?.problems[0]?.problem.split(':')[0] ?? 'ok';
}

function soapDeploy(type: string, fullName: string) {
  return async ({ org, token }: Caller): Promise<Outcome> => {
    const content = `<met:ZipFile>${archive(org, type, fullName).toString('base64')}</met:ZipFile><met:DeployOptions><met:singlePackage>true</met:singlePackage></met:DeployOptions>`;
    const outcome = await soapOutcome(await soapCall(org, token, 'deploy', content));
    return outcome === 'ok' ? problem(org) : outcome;
  };
}

function restDeploy(type: string, fullName: string) {
  return async (caller: Caller): Promise<Outcome> => {
    const body = new FormData();
    body.append('file', new Blob([new Uint8Array(archive(caller.org, type, fullName))]), 'deploy.zip');
    body.append('entity_content', '{"deployOptions":{"singlePackage":true}}');
    const outcome = await rest(caller, 'metadata/deployRequest', { method: 'POST', body });
    return outcome === 'ok' ? problem(caller.org) : outcome;
  };
}

function query(resource: string, object: string) {
  return (caller: Caller): Promise<Outcome> => rest(caller, `${resource}?q=SELECT+Id+FROM+${object}`);
}

async function rest({ org, token }: Caller, resource: string, init: RequestInit = {}): Promise<Outcome> {
  const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` };
  const reply = await fetch(`${org.instanceUrl}/services/data/v66.0/${resource}`, { ...init, headers });
  if (reply.ok) return 'ok';
  const [error] = (await reply.json()) as { errorCode: string }[];
  return error?.errorCode ?? String(reply.status);
}

describe('permissions in the local org', () => {
  let server: LocalOrgServer;
  let org: LocalOrg;
  let putBack: () => void;
  before(async () => {
    server = await startLocalOrg();
    org = server.org('dev');
    // Policies that a record without other elements leaves as they are.
    org.putComponent(policiesType, 'portal_defaultPolicy', policies('portal', ''));
    putBack = keptComponents(org);
  });
  afterEach(() => {
    org.faults.clear();
    putBack();
  });
  after(() => server.close());

  for (const [operation, { as, expected }] of Object.entries(operations)) {
    it(`${operation}: ${roles.map((role, index) => `${role} ${expected[index]!}`).join(', ')}`, async () => {
      const outcomes: Outcome[] = [];
      for (const role of roles) {
        const user = org.users.find((candidate) => candidate.role === role)!;
        outcomes.push(await as({ org, token: user.accessToken }));
      }
      assert.deepEqual(outcomes, expected);
    });
  }

  it('change nothing for users that are refused', async () => {
    const before = org.component(globalType, 'portalGlblOAuth');
    for (const role of ['subscriberAdmin', 'viewer', 'none'] as const) {
      const token = org.users.find((user) => user.role === role)!.accessToken;
      for (const as of [save('updateMetadata', globalRecord), save('upsertMetadata', globalRecord)])
        await as({ org, token });
    }
    assert.equal(org.component(globalType, 'portalGlblOAuth'), before);
  });
});
