import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChangeStamp, ComponentStore } from '../components/componentStore.js';
import { newConsumerKey, newConsumerSecret } from '../components/credentials.js';
import { setElement } from '../components/editComponent.js';
import { componentOfPath, componentPath, componentType } from '../components/types.js';
import { readPackageXml } from '../packageXml.js';
import { child, childText, decodeUtf8, parseXml } from '../xml.js';

/** The package's own seed. */
export const defaultSeed = join(__dirname, '..', '..', 'seed');

/** The app that deployers sign in with; an org has it whatever its seed. */
export const deployerApp = 'Deployer';

/** Apps of a seed that get the certificate of the org's private key, unless they have one. */
const appsWithCertificate: readonly string[] = [deployerApp, 'Agent_Gateway'];

/** Apps of a seed whose global settings show their consumer secret, as Salesforce's own sample does. */
const appsShowingSecret: readonly string[] = ['Agent_Gateway'];

/** A seed that cannot be loaded: names the file and what is wrong with it. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
}

/** A component of a seed. */
export interface SeedComponent {
  type: string;
  fullName: string;
  xml: string;
}

/**
 * Reads a folder in metadata format: what its package.xml names, `*` meaning every file of the type.
 * @throws SeedError
 */
export async function readSeed(folder: string): Promise<SeedComponent[]> {
  const manifest = await readXml(folder, 'package.xml', readPackageXml);
  const components: SeedComponent[] = [];
  for (const { name, members } of manifest.types) {
    const type = componentType(name);
    if (!type)
      throw new SeedError(
        `${join(folder, 'package.xml')} names the type '${name}', which the local org does not know.`,
      );
    const files = members.includes('*') ? await readdir(join(folder, type.folder)).catch(() => []) : [];
    const inFolder = files.flatMap((file) => componentOfPath(`${type.folder}/${file}`)?.fullName ?? []);
    const fullNames = members.flatMap((member) => (member === '*' ? inFolder : [member]));
    for (const fullName of fullNames.toSorted()) {
      const xml = await readXml(folder, componentPath(type, fullName), (text) => {
        parseXml(text);
        return text;
      });
      components.push({ type: type.name, fullName, xml });
    }
  }
  return components;
}

/**
 * Loads the components into an org, mints the consumer keys that the files leave out, and gives the org's own certificate, Run As
 * user and links to the apps that need them.
 * @param seed what {@link readSeed} read
 * @param deployer the components of the package's own seed, for the app that deployers sign in with
 */
export function loadSeed(
  store: ComponentStore,
  seed: readonly SeedComponent[],
  deployer: readonly SeedComponent[],
  org: { certificate: string; runAsUsername: string; change: ChangeStamp },
): void {
  const hasDeployer = seed.some(
    ({ type, fullName }) => type === 'ExternalClientApplication' && fullName === deployerApp,
  );
  const missing = hasDeployer ? [] : deployer.filter((component) => appOf(component) === deployerApp);
  for (const component of [...seed, ...missing]) {
    store.put(
      component.type,
      component.fullName,
      completed(component, { ...org, organizationId: store.organizationId }),
      org.change,
    );
  }
}

function completed(
  component: SeedComponent,
  org: { certificate: string; runAsUsername: string; organizationId: string },
): string {
  const app = appOf(component);
  let { xml } = component;
  const fill = (element: string, value: () => string): void => {
    if ((childText(parseXml(xml), element) ?? '') === '') xml = setElement(xml, element, value());
  };
  if (component.type === 'ExtlClntAppGlobalOauthSettings') {
    fill('consumerKey', newConsumerKey);
    if (appsWithCertificate.includes(app)) fill('certificate', () => org.certificate);
    if (appsShowingSecret.includes(app)) fill('consumerSecret', newConsumerSecret);
  }
  if (component.type === 'ExtlClntAppOauthSettings') {
    fill('oauthLink', () => `${org.organizationId.slice(0, 15)}:${app}`);
  }
  const isPolicy = component.type === 'ExtlClntAppOauthConfigurablePolicies';
  if (isPolicy && childText(parseXml(xml), 'isClientCredentialsFlowEnabled') === 'true') {
    fill('clientCredentialsFlowUser', () => org.runAsUsername);
  }
  return xml;
}

function appOf({ type, fullName, xml }: SeedComponent): string {
  return type === 'ExternalClientApplication'
    ? fullName
    : (child(parseXml(xml), 'externalClientApplication')?.text.trim() ?? '');
}

async function readXml<T>(folder: string, path: string, read: (text: string) => T): Promise<T> {
  const file = join(folder, path);
  try {
    return read(decodeUtf8(await readFile(file)));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new SeedError(`The seed needs a file ${file}, which does not exist.`);
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new SeedError(`The seed file ${file} cannot be read: ${reason}`);
  }
}
