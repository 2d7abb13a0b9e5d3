import { packageProviderText } from '../support/dynamicProviderProcess.js';
import { ProviderCallError } from '../support/providerCallError.js';
import type { ProviderClient } from '../support/providerClient.js';
import type { ProviderEntry, Properties } from '../support/providerRun.js';

/** A provider of either program. */
export type Provider = ProviderEntry | ProviderClient;

/** A resource of the program, and what the engine remembers of it. */
export interface Resource {
  app: string;
  args: Properties;
  state: { id: string; outputs: Properties; hasInitErrors: boolean } | undefined;
}

/** How one resource ended. */
export interface ResourceFailure {
  app: string;
  message: string;
  carriesState: boolean;
}

const urnOf = (app: string): string =>
  `urn:pulumi:faults::faults::pulumi-nodejs:dynamic/salesforce:ExternalClientAppJwtPolicy::${app}`;

/** One `pulumi up`, in a new provider process: what the engine calls, and what it keeps of the answers. */
export async function up(provider: Provider, resources: readonly Resource[]): Promise<ResourceFailure[]> {
  const checked: { resource: Resource; inputs: Properties }[] = [];
  for (const resource of resources) {
    const { inputs, failures } = await provider.check(
      {},
      { ...resource.args, __dryRun: false, __urn: urnOf(resource.app) },
    );
    if (failures.length > 0) throw new Error(`check refused the inputs: ${JSON.stringify(failures)}`);
    checked.push({ resource, inputs: { ...inputs, __provider: packageProviderText } });
  }
  const failures = await Promise.all(
    checked.map(({ resource, inputs }) => bringUp(provider, resource, inputs)),
  );
  return failures.filter((failure) => failure !== undefined);
}

async function bringUp(
  provider: Provider,
  resource: Resource,
  inputs: Properties,
): Promise<ResourceFailure | undefined> {
  const { app, state } = resource;
  try {
    if (state === undefined) {
      const { id, outs } = await provider.create(inputs);
      resource.state = { id, outputs: outs, hasInitErrors: false };
      return undefined;
    }
    // The engine updates a resource whose last change was not finished, whatever diff says.
    const { changes } = await provider.diff(state.id, state.outputs, inputs);
    if (changes === true || state.hasInitErrors) {
      const { outs } = await provider.update(state.id, state.outputs, inputs);
      resource.state = { id: state.id, outputs: outs, hasInitErrors: false };
    }
    return undefined;
  } catch (thrown) {
    const kept = stateIn(thrown);
    if (kept !== undefined) resource.state = { ...kept, hasInitErrors: true };
    return { app, message: textOf(thrown), carriesState: kept !== undefined };
  }
}

/** One `pulumi preview` of other settings of resources in the state, in a new provider process. */
export async function preview(
  provider: Provider,
  resources: readonly Resource[],
): Promise<ResourceFailure[]> {
  return onEachState(resources, async ({ app, args }, { id, outputs }) => {
    const { inputs, failures } = await provider.check(outputs, {
      ...args,
      __dryRun: true,
      __urn: urnOf(app),
    });
    if (failures.length > 0) throw new Error(`check refused the inputs: ${JSON.stringify(failures)}`);
    const { changes } = await provider.diff(id, outputs, { ...inputs, __provider: packageProviderText });
    if (changes !== true) throw new Error('diff sees no change');
  });
}

/** One `pulumi destroy`, in a new provider process: without a program, so without check. */
export async function destroy(
  provider: Provider,
  resources: readonly Resource[],
): Promise<ResourceFailure[]> {
  return onEachState(resources, async (resource, state) => {
    await provider.delete(state.id, state.outputs);
    resource.state = undefined;
  });
}

/** One `pulumi refresh`, in a new provider process: without a program, so without check. */
export async function refresh(
  provider: Provider,
  resources: readonly Resource[],
): Promise<ResourceFailure[]> {
  return onEachState(resources, async (resource, state) => {
    const { id, props } = await provider.read(state.id, state.outputs);
    // Without an id the engine takes the resource out of the state.
    resource.state = id === undefined || id === '' ? undefined : { ...state, id, outputs: { ...props } };
  });
}

/** Does something to all resources that are in the state, at once; an error leaves a resource as it is there. */
async function onEachState(
  resources: readonly Resource[],
  work: (resource: Resource, state: NonNullable<Resource['state']>) => Promise<void>,
): Promise<ResourceFailure[]> {
  const failures = await Promise.all(
    resources.map(async (resource) => {
      if (resource.state === undefined) return undefined;
      try {
        await work(resource, resource.state);
        return undefined;
      } catch (thrown) {
        return { app: resource.app, message: textOf(thrown), carriesState: false };
      }
    }),
  );
  return failures.filter((failure) => failure !== undefined);
}

/** What the engine gets with an error that carries an id. */
function stateIn(thrown: unknown): { id: string; outputs: Properties } | undefined {
  if (thrown instanceof ProviderCallError) {
    const { initFailure } = thrown;
    return initFailure && { id: initFailure.id, outputs: initFailure.properties };
  }
  if (typeof thrown !== 'object' || thrown === null || !('id' in thrown) || !('properties' in thrown))
    return undefined;
  const { id, properties } = thrown;
  if (typeof id !== 'string' || typeof properties !== 'object' || properties === null) return undefined;
  return { id, outputs: { ...properties } };
}

/** What the engine shows of an error: its reasons, or its message, and a stack if one would be printed. */
function textOf(thrown: unknown): string {
  if (thrown instanceof ProviderCallError) return thrown.initFailure?.reasons.join('\n') ?? thrown.message;
  if (!(thrown instanceof Error)) return String(thrown);
  const reasons =
    'reasons' in thrown && Array.isArray(thrown.reasons) ? thrown.reasons.join('\n') : undefined;
  const stack = thrown.stack?.includes('\n') === true ? `\n${thrown.stack}` : '';
  return `${reasons ?? thrown.message}${stack}`;
}
