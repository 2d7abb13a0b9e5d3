/**
 * The provider's entry: what the text in every state's `__provider` requires. The path of this module, and that it exports
 * the methods of a dynamic provider, is frozen for ever.
 */
export { check } from './lifecycle/check.js';
export { create } from './lifecycle/create.js';
export { deleteResource as delete } from './lifecycle/delete.js';
export { diff } from './lifecycle/diff.js';
export { read } from './lifecycle/read.js';
export { configure } from './run/run.js';
export { update } from './lifecycle/update.js';
