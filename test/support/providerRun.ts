import { providerOf, type Provider } from '../../provider/dist/lifecycle/providerOf.js';
import { startServer } from '../../provider/dist/native/server.js';
import { Run } from '../../provider/dist/run/run.js';
import { ProviderClient } from './providerClient.js';

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

/** The native provider in this process. */
export interface NativeProviderRun {
  provider: ProviderClient;
  /** Ends it. */
  close: () => void;
}

/**
 * The native provider as a new process of it starts, in this process: a program of many runs takes seconds for each process. It is called over
 * gRPC in the same way.
 *
 * @param configuration as for {@link newProviderRun}
 * @param deadlineMs milliseconds after which a call is rejected
 */
export async function startNativeProviderRun(
  configuration: Readonly<Record<string, string>>,
  deadlineMs: number,
): Promise<NativeProviderRun> {
  const { port, stop } = await startServer();
  const provider = new ProviderClient(port, { program: 'native', keepsHidden: true, deadlineMs });
  await provider.configure(configuration);
  return {
    provider,
    close() {
      provider.close();
      stop();
    },
  };
}
