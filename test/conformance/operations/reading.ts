import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestEncrypted } from 'node:https';
import { text } from 'node:stream/consumers';
import { SignJWT } from 'jose';
import type { LocalOrg } from 'salesforce-local-org';
import { NotOffered } from '../client.js';
import type { Operation } from '../operation.js';
import { parseJson, textOf } from '../readAnswer.js';
import {
  answeredText,
  components,
  globalType,
  headerType,
  isInVersion,
  members,
  policiesType,
  refusalOf,
  storedText,
} from './portal.js';

const group = 'read';

const types = [
  headerType,
  globalType,
  policiesType,
  'ExtlClntAppOauthSettings',
  'ExtlClntAppConfigurablePolicies',
] as const;

/** Listing, retrieving, and what comes of a session that has ended or that SOAP does not take. */
export const readingOperations: readonly Operation[] = [
  {
    name: 'list',
    group,
    label: 'list components',
    compares: 'The client lists the same apps as the org, installed ones with their namespace.',
    check: async ({ org, client }) => {
      assert.deepEqual([...(await client.list(headerType))].sort(), org.componentNames(headerType));
    },
  },
  {
    name: 'describe',
    group,
    label: 'list types',
    compares: 'The client lists the five types of external client apps.',
    check: async ({ client }) => {
      const described = new Set(await client.describe());
      assert.deepEqual(
        types.filter((type) => !described.has(type)),
        [],
      );
    },
  },
  {
    name: 'readRecord',
    group,
    label: 'read a component as a record',
    compares: 'The client shows the elements of the component that exist at the API version, and no others.',
    check: async ({ org, client, apiVersion }) => {
      for (const { type, fullName } of components) {
        const [shown = []] = await client.read(type, [fullName]);
        assert.deepEqual(sortedElements(shown), elementsOf(org, type, fullName, apiVersion));
      }
    },
  },
  {
    name: 'readRecords',
    group,
    label: 'read components as records, one of them missing',
    compares:
      'The client shows two records: one without elements for the missing component, and the other one complete.',
    check: async ({ org, client, apiVersion }) => {
      for (const { type, fullName } of components) {
        const shown = await client.read(type, ['Not_There', fullName]);
        assert.deepEqual(shown.map(sortedElements), [[], elementsOf(org, type, fullName, apiVersion)]);
      }
    },
  },
  {
    name: 'tooManyRecords',
    group,
    label: 'refused: eleven components as records',
    compares: "The client prints the org's `cannot submit more than 10 records in this operation`.",
    check: async ({ client }) => {
      const names = Array.from({ length: 11 }, (_, index) => `Not_There_${index}`);
      assert.match(
        await refusalOf(client.read(policiesType, names)),
        /cannot submit more than 10 records in this operation/,
      );
    },
  },
  {
    name: 'retrieveByManifest',
    group,
    label: 'retrieve by manifest',
    compares:
      "The files equal the org's byte for byte, including comments, line breaks in values and a missing final newline, except for elements that do not exist at the API version.",
    check: async ({ org, client, apiVersion }) => {
      const { files, problems } = await client.retrieve(members);
      assert.deepEqual(
        Object.fromEntries(files),
        Object.fromEntries(
          components.map(({ type, fullName, path }) => [path, answeredText(org, type, fullName, apiVersion)]),
        ),
      );
      assert.deepEqual(problems ?? [], []);
    },
  },
  {
    name: 'retrieveByWildcard',
    group,
    label: 'retrieve by wildcard',
    compares: 'There is a file for each app of the org, including apps of installed packages.',
    check: async ({ org, client }) => {
      const { files } = await client.retrieve({ [headerType]: ['*'] });
      assert.deepEqual(
        [...files.keys()].sort(),
        org.componentNames(headerType).map((fullName) => `externalClientApps/${fullName}.eca`),
      );
    },
  },
  {
    name: 'retrieveMissing',
    group,
    label: 'retrieve a missing component',
    compares:
      "The retrieve succeeds, and the client shows the org's `Entity of type … named … cannot be found`.",
    check: async ({ client }) => {
      const { files, problems } = await client.retrieve({ [headerType]: ['Not_There'] });
      assert.deepEqual([...files.keys()], []);
      if (problems === undefined) throw new NotOffered('It does not show the messages of a retrieve.');
      assert.deepEqual(problems, [`Entity of type '${headerType}' named 'Not_There' cannot be found`]);
    },
  },
  {
    name: 'jwtToken',
    group,
    label: 'JWT-based token on SOAP, 68.0',
    compares: 'With a JWT-based access token at 68.0, the client lists the same apps as the org.',
    check: async ({ org, ...scene }) => {
      const client = await scene.open({ accessToken: await jwtBasedToken(org), apiVersion: '68.0' });
      assert.deepEqual([...(await client.list(headerType))].sort(), org.componentNames(headerType));
    },
  },
  {
    name: 'jwtTokenRefused',
    group,
    label: 'refused: JWT-based token on SOAP, 67.0',
    compares:
      'Below 68.0, the client says that SOAP does not accept JWT-based access tokens: in its own words or with the `INVALID_SESSION_ID` of the org.',
    check: async ({ org, ...scene }) => {
      const client = await scene.open({ accessToken: await jwtBasedToken(org), apiVersion: '67.0' });
      assert.match(
        await refusalOf(client.list(headerType)),
        /INVALID_SESSION_ID|does not support JWT|JWT-(?:based|format)/i,
      );
    },
  },
  {
    name: 'expiredSession',
    group,
    label: 'refused: session expired',
    compares: 'The client prints `INVALID_SESSION_ID` and exits: it does not retry for ever.',
    check: async ({ org, client }) => {
      const end = org.faults.add({ on: 'listMetadata', do: { kind: 'sessionExpired' } });
      try {
        assert.match(await refusalOf(client.list(headerType)), /INVALID_SESSION_ID/);
      } finally {
        end();
      }
    },
  },
];

/** A token of the seed's app for JWT bearer, which issues JWT-based ones while this asks, for the org's developer. */
async function jwtBasedToken(org: LocalOrg): Promise<string> {
  const fullName = 'Agent_Gateway_glbloauth';
  const before = storedText(org, globalType, fullName);
  org.putComponent(globalType, fullName, before.replace(/(<isNamedUserJwtEnabled>)[^<]*/, '$1true'));
  try {
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(/<consumerKey>([^<]*)/.exec(before)?.[1] ?? '')
      .setSubject(org.username)
      .setAudience(org.instanceUrl)
      .setExpirationTime('3 minutes')
      .sign(createPrivateKey(org.privateKey));
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
    return textOf(parseJson(await postForm(org, '/services/oauth2/token', form)), 'access_token');
  } finally {
    org.putComponent(globalType, fullName, before);
  }
}

/** The response of the org to a form, because fetch cannot be configured to trust a certificate. */
async function postForm(
  { instanceUrl, certificateFile }: LocalOrg,
  path: string,
  form: Record<string, string>,
): Promise<string> {
  const request = certificateFile === undefined ? requestPlain : requestEncrypted;
  const ca = certificateFile === undefined ? undefined : await readFile(certificateFile, 'utf8');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const sent = request(`${instanceUrl}${path}`, { method: 'POST', headers, ca });
  sent.end(new URLSearchParams(form).toString());
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return text(answer);
}

/** The elements of a component in the org that an API version has, sorted. */
function elementsOf(org: LocalOrg, type: string, fullName: string, apiVersion: string): string[] {
  const names = [...storedText(org, type, fullName).matchAll(/^ {4}<(\w+)>/gm)].map(([, name = '']) => name);
  return names.filter((name) => isInVersion(name, apiVersion)).sort();
}

function sortedElements(shown: readonly string[]): string[] {
  return shown.filter((name) => name !== 'fullName').sort();
}
