import type { Operation } from '../targets.js';

/** The operations that change an org: what a refresh leaves half done, the next one does. */
export const changingOperations = ['create', 'update', 'delete'] as const satisfies readonly Operation[];

export type ChangingOperation = (typeof changingOperations)[number];
