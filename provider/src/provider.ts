import './refuseOldNode.js';
import { providerOf } from './lifecycle/providerOf.js';
import { Run } from './run/run.js';

const { delete: deleteResource, ...others } = providerOf(new Run());

/**
 * The provider's entry: what the text in every state's `__provider` requires. The path of this module, and that it exports
 * the methods of a dynamic provider, must never change.
 */
export const { check, configure, create, diff, read, update } = others;
export { deleteResource as delete };
