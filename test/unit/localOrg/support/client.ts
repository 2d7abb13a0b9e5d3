import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { Connection } from '@jsforce/jsforce-node';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { SignJWT } from 'jose';
import {
  startLocalOrg,
  type LocalOrg,
  type LocalOrgOptions,
  type LocalOrgRole,
} from '../../../../local-org/src/index.js';

export const globalType = 'ExtlClntAppGlobalOauthSettings';
export const policiesType = 'ExtlClntAppOauthConfigurablePolicies';

const files: Readonly<Record<string, readonly [folder: string, suffix: string]>> = {
  ExternalClientApplication: ['externalClientApps', 'eca'],
  ExtlClntAppGlobalOauthSettings: ['extlClntAppGlobalOauthSets', 'ecaGlblOauth'],
  ExtlClntAppOauthSettings: ['extlClntAppOauthSettings', 'ecaOauth'],
  ExtlClntAppOauthConfigurablePolicies: ['extlClntAppOauthPolicies', 'ecaOauthPlcy'],
  ExtlClntAppConfigurablePolicies: ['extlClntAppPolicies', 'ecaPlcy'],
  ConnectedApp: ['connectedApps', 'connectedApp'],
  ProfileSessionSetting: ['profileSessionSettings', 'profileSessionSetting'],
  Settings: ['settings', 'settings'],
};

export interface Component {
  type: string;
  fullName: string;
  xml: string;
}

/** Starts one org, hands it to the test and closes it whatever happens. */
export async function withOrg(
  test: (org: LocalOrg) => Promise<void>,
  options: LocalOrgOptions = {},
): Promise<void> {
  const server = await startLocalOrg(options);
  try {
    await test(server.orgs[0]!);
  } finally {
    await server.close();
  }
}

export function connect(org: LocalOrg, version = '68.0', role: LocalOrgRole = 'developer'): Connection {
  const user = org.users.find((candidate) => candidate.role === role);
  return new Connection({ instanceUrl: org.instanceUrl, accessToken: user!.accessToken, version });
}

export function path({ type, fullName }: Pick<Component, 'type' | 'fullName'>): string {
  const [folder, suffix] = files[type]!;
  return `${folder}/${fullName}.${suffix}`;
}

export function packageXml(
  components: readonly Pick<Component, 'type' | 'fullName'>[],
  version: string,
): string {
  const types = components.map(
    ({ type, fullName }) => `<types><members>${fullName}</members><name>${type}</name></types>`,
  );
  return `<?xml version="1.0"?><Package xmlns="http://soap.sforce.com/2006/04/metadata">${types.join('')}<version>${version}</version></Package>`;
}

export function zip(components: readonly Component[], version: string): Buffer {
  const entries = components.map((component) => [path(component), strToU8(component.xml)] as const);
  return Buffer.from(
    zipSync({ 'package.xml': strToU8(packageXml(components, version)), ...Object.fromEntries(entries) }),
  );
}

/** Retrieves components, as texts by `Type/fullName`, with the messages of the retrieve. */
export async function retrieve(
  connection: Connection,
  members: Record<string, string[]>,
): Promise<{ texts: Map<string, string>; problems: string[]; paths: string[] }> {
  const types = Object.entries(members).map(([name, fullNames]) => ({ name, members: fullNames }));
  const request = { apiVersion: connection.version, unpackaged: { types, version: connection.version } };
  const { id } = await connection.metadata.retrieve(request as never);
  const result = await connection.metadata.checkRetrieveStatus(id);
  assert.equal(result.status, 'Succeeded');
  const unzipped = unzipSync(Buffer.from(result.zipFile, 'base64'));
  const texts = new Map(
    result.fileProperties
      .filter(({ type }) => type !== 'Package')
      .map(({ type, fullName, fileName }) => [`${type}/${fullName}`, strFromU8(unzipped[fileName]!)]),
  );
  return { texts, problems: result.messages.map(({ problem }) => problem), paths: Object.keys(unzipped) };
}

export async function retrieveOne(connection: Connection, type: string, fullName: string): Promise<string> {
  const { texts } = await retrieve(connection, { [type]: [fullName] });
  const text = texts.get(`${type}/${fullName}`);
  assert.ok(text !== undefined, `${type} ${fullName} was not retrieved`);
  return text;
}

/** Deploys over SOAP, all or nothing, and returns the result with its details. */
export async function deploy(connection: Connection, components: readonly Component[], options: object = {}) {
  const { id } = await connection.metadata.deploy(zip(components, connection.version), {
    singlePackage: true,
    rollbackOnError: true,
    ...options,
  });
  return connection.metadata.checkDeployStatus(id, true);
}

/** The problems of a deploy of one component. */
export async function problemsOf(connection: Connection, component: Component): Promise<string[]> {
  return (await failuresOf(connection, component)).map(([problem]) => problem);
}

/** The problems of a deploy of one component, each with line and column where it has them. */
export async function failuresOf(
  connection: Connection,
  component: Component,
): Promise<[problem: string, line?: number, column?: number][]> {
  const result = await deploy(connection, [component]);
  return [result.details.componentFailures]
    .flat()
    .map(({ problem, lineNumber, columnNumber }) =>
      lineNumber === undefined ? [problem ?? ''] : [problem ?? '', Number(lineNumber), Number(columnNumber)],
    );
}

/** Remembers every component of an org. Returns what puts them back and takes away those that came later. */
export function keptComponents(org: LocalOrg): () => void {
  const all = () =>
    Object.keys(files).flatMap((type) => org.componentNames(type).map((fullName) => ({ type, fullName })));
  const kept = all().map((component) => ({
    ...component,
    xml: org.component(component.type, component.fullName)!,
  }));
  return () => {
    for (const { type, fullName } of all()) {
      if (!kept.some((component) => component.type === type && component.fullName === fullName))
        org.removeComponent(type, fullName);
    }
    for (const { type, fullName, xml } of kept) org.putComponent(type, fullName, xml);
  };
}

/** A token of an app by JWT bearer, for the developer. */
export async function jwtBearer(
  org: LocalOrg,
  clientId: string,
): Promise<{ access_token: string; token_format?: string }> {
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(clientId)
    .setSubject(org.username)
    .setAudience('https://login.salesforce.com')
    .setExpirationTime('3m')
    .sign(createPrivateKey(org.privateKey));
  const reply = await fetch(`${org.instanceUrl}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
  });
  assert.equal(reply.status, 200, await reply.clone().text());
  return (await reply.json()) as { access_token: string; token_format?: string };
}

/** A raw SOAP call of the Metadata API, with the prefixes that clients other than jsforce write. */
export function soapCall(
  org: Pick<LocalOrg, 'instanceUrl' | 'organizationId'>,
  token: string,
  operation: string,
  content = '',
  version = '66.0',
): Promise<Response> {
  return fetch(`${org.instanceUrl}//services/Soap/m/${version}/${org.organizationId.slice(0, 15)}`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml', SOAPAction: 'x' },
    body: `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:met="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Header><met:SessionHeader><met:sessionId>${token}</met:sessionId></met:SessionHeader></soapenv:Header><soapenv:Body><met:${operation}>${content}</met:${operation}></soapenv:Body></soapenv:Envelope>`,
  });
}

/** The content of a {@link soapCall} that lists the apps. */
export const listApps = '<met:queries><met:type>ExternalClientApplication</met:type></met:queries>';

/** A new policies file with these elements, in the order given. */
export function policies(app: string, elements: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${policiesType} xmlns="http://soap.sforce.com/2006/04/metadata">\n    <externalClientApplication>${app}</externalClientApplication>\n${elements}</${policiesType}>\n`;
}
