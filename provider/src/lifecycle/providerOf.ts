import { ProviderError } from '../errors.js';
import type { Properties } from '../resourceState.js';
import type { ConfigureRequest, Run } from '../run/run.js';
import { check } from './check.js';
import type { CheckResult } from './checkInputs.js';
import { create } from './create.js';
import type { CreateResult } from './create.js';
import { deleteResource } from './delete.js';
import { diff } from './diff.js';
import type { DiffResult } from './diff.js';
import { read } from './read.js';
import type { ReadResult } from './read.js';
import { update } from './update.js';
import type { UpdateResult } from './update.js';

/** The methods of a dynamic provider, as the host calls them. */
export interface Provider {
  readonly configure: (request: ConfigureRequest) => void;
  readonly check: (olds: Properties, news: Properties) => Promise<CheckResult>;
  readonly diff: (id: string, olds: Properties, news: Properties) => Promise<DiffResult>;
  readonly create: (inputs: Properties) => Promise<CreateResult>;
  readonly read: (id: string, properties: Properties) => Promise<ReadResult>;
  readonly update: (id: string, olds: Properties, news: Properties) => Promise<UpdateResult>;
  readonly delete: (id: string, properties: Properties) => Promise<void>;
}

/**
 * As {@link diff}. Outputs that the native provider wrote lack the code of the provider, which the host needs to delete the resource: an
 * update adds it.
 */
async function diffOfDynamic(run: Run, id: string, olds: Properties, news: Properties): Promise<DiffResult> {
  const result = await diff(run, id, olds, news);
  return Object.hasOwn(olds, '__provider') ? result : { ...result, changes: true };
}

/**
 * The host prints the stack of an error of check, diff, read and delete, which the engine shows at the stack; at the resource it shows the
 * whole message.
 */
async function shortAtStack<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    if (thrown instanceof ProviderError) {
      thrown.stack = `[${thrown.parts.code}] see the error of the resource`;
    }
    throw thrown;
  }
}

/** The provider of one run. */
export function providerOf(run: Run): Provider {
  return {
    configure: (request) => {
      run.configure(request);
    },
    check: (olds, news) => shortAtStack(check(run, olds, news)),
    diff: (id, olds, news) => shortAtStack(diffOfDynamic(run, id, olds, news)),
    create: (inputs) => create(run, inputs),
    read: (id, properties) => shortAtStack(read(run, id, properties)),
    update: (id, olds, news) => update(run, id, olds, news),
    delete: (id, properties) => shortAtStack(deleteResource(run, id, properties)),
  };
}
