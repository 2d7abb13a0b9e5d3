import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rememberAppNamedIn } from '../components/appIndex.js';
import type { ComponentStore } from '../components/componentStore.js';
import type { ChangeStamp } from '../components/storedComponent.js';
import { newConsumerKey, newConsumerSecret } from '../components/credentials.js';
import { setElement } from '../components/editComponent.js';
import {
  componentOfPath,
  componentPath,
  componentType,
  namesAnApp,
  type ComponentTypeName,
} from '../components/types.js';
import { readPackageXml } from '../packageXml.js';
import { childText, decodeUtf8, escapeXml, parseXml, type XmlElement } from '../xml.js';

/** The package's own seed. */
export const defaultSeed = join(__dirname, '..', '..', 'seed');

/** The app that deployers sign in with; an org has it with any seed. */
export const deployerApp = 'Deployer';

/** Apps of a seed that get the certificate of the org's private key, unless they have one. */
const appsWithCertificate: readonly string[] = [deployerApp, 'Agent_Gateway'];

/** Apps of a seed whose global settings contain their consumer secret, as in Salesforce's own sample. */
const appsShowingSecret: readonly string[] = ['Agent_Gateway'];

/** A seed that cannot be loaded; the message has the file and what is wrong with it. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
}

/** A component of a seed. */
export interface SeedComponent {
  type: ComponentTypeName;
  fullName: string;
  /** As in its file. */
  xml: string;
  /** The app that it belongs to; empty if there is none. */
  app: string;
  /** The text with a placeholder for each of {@link missing}. */
  template: string;
  /** Elements that every org fills in for itself. */
  missing: readonly FilledElement[];
}

/** Elements that a seed's files may omit. */
type FilledElement =
  'consumerKey' | 'consumerSecret' | 'certificate' | 'oauthLink' | 'clientCredentialsFlowUser';

/**
 * Reads a folder in metadata format: what its package.xml lists, with `*` for every file of the type.
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
      components.push(
        await readXml(folder, componentPath(type, fullName), (xml) =>
          seedComponent(type.name, fullName, xml),
        ),
      );
    }
  }
  return components;
}

/**
 * Loads the components into an org, generates the consumer keys that the files omit, and adds the org's own certificate, Run As
 * user and links to the apps that need them.
 * @param seed what {@link readSeed} read
 * @param ownSeed the components of the package's own seed, for what every org has: the app that deployers sign in with, and the security
 * settings
 */
export function loadSeed(
  store: ComponentStore,
  seed: readonly SeedComponent[],
  ownSeed: readonly SeedComponent[],
  org: { certificate: string; runAsUsername: string; change: ChangeStamp },
): void {
  const has = (type: ComponentTypeName, name: string): boolean =>
    seed.some((component) => component.type === type && component.fullName === name);
  const missing = ownSeed.filter(
    ({ type, fullName, app }) =>
      (app === deployerApp && !has('ExternalClientApplication', deployerApp)) ||
      (type === 'Settings' && !has(type, fullName)),
  );
  store.load(
    [...seed, ...missing].map((component) => {
      const xml = filledIn(component, { ...org, organizationId: store.organizationId });
      const loaded = store.newComponent(component.type, component.fullName, { xml }, org.change);
      if (namesAnApp(component.type)) rememberAppNamedIn(loaded, component.app);
      return loaded;
    }),
  );
}

function seedComponent(type: ComponentTypeName, fullName: string, xml: string): SeedComponent {
  const root = parseXml(xml);
  const app =
    type === 'ExternalClientApplication' ? fullName : (childText(root, 'externalClientApplication') ?? '');
  const missing = fillable(type, app, root).filter((element) => (childText(root, element) ?? '') === '');
  const template = missing.reduce((text, element) => setElement(text, element, placeholder(element)), xml);
  return { type, fullName, xml, app, template, missing };
}

function fillable(type: ComponentTypeName, app: string, root: XmlElement): readonly FilledElement[] {
  switch (type) {
    case 'ExtlClntAppGlobalOauthSettings':
      return [
        'consumerKey',
        ...(appsWithCertificate.includes(app) ? (['certificate'] as const) : []),
        ...(appsShowingSecret.includes(app) ? (['consumerSecret'] as const) : []),
      ];
    case 'ExtlClntAppOauthSettings':
      return ['oauthLink'];
    case 'ExtlClntAppOauthConfigurablePolicies':
      return childText(root, 'isClientCredentialsFlowEnabled') === 'true'
        ? ['clientCredentialsFlowUser']
        : [];
    default:
      return [];
  }
}

/** Between characters for private use, which have no meaning in XML. */
function placeholder(element: FilledElement): string {
  return `\uE000${element}\uE000`;
}

function filledIn(
  { app, template, missing }: SeedComponent,
  org: { certificate: string; runAsUsername: string; organizationId: string },
): string {
  const values: Readonly<Record<FilledElement, () => string>> = {
    consumerKey: newConsumerKey,
    consumerSecret: newConsumerSecret,
    certificate: () => org.certificate,
    oauthLink: () => `${org.organizationId.slice(0, 15)}:${app}`,
    clientCredentialsFlowUser: () => org.runAsUsername,
  };
  return missing.reduce(
    (text, element) => text.replace(placeholder(element), () => escapeXml(values[element]())),
    template,
  );
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
