import { providerOf, type Provider } from '../../provider/dist/lifecycle/providerOf.js';
import { Run } from '../../provider/dist/run/run.js';

/** Properties of a resource. */
export type Properties = Record<string, unknown>;

/** The provider's entry, as the host calls it. */
export type ProviderEntry = Provider;

/**
 * The provider as a new provider process sees it: it remembers nothing of the run before.
 *
 * @param configuration the stack's configuration by whole keys
 */
export function newProviderRun(configuration: Readonly<Record<string, string>>): ProviderEntry {
  const provider = providerOf(new Run());
  provider.configure({ config: { get: (key) => configuration[key] } });
  return provider;
}
