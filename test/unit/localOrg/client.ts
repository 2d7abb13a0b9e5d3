import assert from 'node:assert/strict';
import { Connection } from '@jsforce/jsforce-node';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import {
  startLocalOrg,
  type LocalOrg,
  type LocalOrgOptions,
  type LocalOrgRole,
} from '../../../local-org/src/index.js';

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

export function connect(org: LocalOrg, version = '66.0', role: LocalOrgRole = 'developer'): Connection {
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
  const result = await deploy(connection, [component]);
  return [result.details.componentFailures].flat().map(({ problem }) => problem ?? '');
}

/** A new policies file with these elements, in the order given. */
export function policies(app: string, elements: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${policiesType} xmlns="http://soap.sforce.com/2006/04/metadata">\n    <externalClientApplication>${app}</externalClientApplication>\n${elements}</${policiesType}>\n`;
}
