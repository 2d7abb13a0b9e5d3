import type { Operation } from './operation.js';
import { deployOperations } from './operations/deploying.js';
import { jobOperations } from './operations/byJobId.js';
import { readingOperations } from './operations/reading.js';
import { signInOperations } from './operations/signIn.js';

/** The rows of the table, in their order. */
export const operations: readonly Operation[] = [
  ...signInOperations,
  ...readingOperations,
  ...deployOperations,
  ...jobOperations,
];
