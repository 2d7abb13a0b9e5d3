import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Properties of a resource. */
export type Properties = Record<string, unknown>;

/** The provider's entry, as the host calls it. */
export interface ProviderEntry {
  configure(request: { config: { get(key: string): unknown } }): void;
  check(
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }>;
  diff(id: string, olds: Properties, news: Properties): Promise<{ changes: boolean; replaces?: string[] }>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  read(id: string, properties: Properties): Promise<{ id?: string; props?: Properties }>;
  delete(id: string, properties: Properties): Promise<void>;
}

const requireHere = createRequire(__filename);
const entry = requireHere.resolve('pulumi-salesforce-eca/provider');
const dist = dirname(entry);

/** The modules in which the provider remembers a run; all others hold nothing that outlives a call. */
const isOfOneRun = (path: string): boolean =>
  path === entry || ['lifecycle', 'run'].some((folder) => path.startsWith(join(dist, folder)));

/**
 * The provider as a new provider process sees it: it has forgotten the run before.
 *
 * @param configuration the stack's configuration by whole keys
 */
export function newProviderRun(configuration: Readonly<Record<string, string>>): ProviderEntry {
  for (const path of Object.keys(requireHere.cache).filter(isOfOneRun)) {
    Reflect.deleteProperty(requireHere.cache, path);
  }
  // The package has no types of its own for the host's view of its entry.
  const provider = requireHere(entry) as ProviderEntry;
  provider.configure({ config: { get: (key) => configuration[key] } });
  return provider;
}
