/** The workflows, by the names of their types. */
export { driftAll, rollOut } from './rollOut.js';
export { stack } from './stack.js';
