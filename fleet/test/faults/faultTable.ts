import type { FaultRow } from './faultRow.js';
import { databaseRows } from './rows/database.js';
import { engineRows } from './rows/engine.js';
import { machineRows } from './rows/machines.js';
import { refusalRows } from './rows/refusals.js';
import { workerRows } from './rows/workers.js';

/** Every fault that the fleet must survive. */
export const faultTable: readonly FaultRow[] = [
  ...workerRows,
  ...machineRows,
  ...engineRows,
  ...databaseRows,
  ...refusalRows,
];
