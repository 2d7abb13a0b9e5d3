import { faultKinds, type FaultKind } from './faultKinds.js';
import { providerPrograms, type ProviderProgram } from '../support/providerProgram.js';
import { repetitions, targets, type Operation, type Repetition, type Target } from './targets.js';

/** One fault at one request. */
export interface Cell {
  program: ProviderProgram;
  target: Target;
  fault: FaultKind;
  repetition: Repetition;
  operation: Operation;
}

/** A fault that makes no sense at a request, and why. */
export interface Exclusion {
  target: Target;
  fault: FaultKind;
  reason: string;
}

/** How messages name a cell. */
export function nameOf({ program, target, fault, repetition, operation }: Cell): string {
  return `${program} · ${operation} · ${target.name} · ${fault.name} · ${repetition}`;
}

/** The operations that send a request; a read sends only what comes before a deploy. */
function operationsOf({ on, skip, prelude, operations: named }: Target): readonly Operation[] {
  if (named !== undefined) return named;
  const isFirst = skip === 0 || prelude === 'session expired';
  const isOfRead = isFirst && ['token', 'versions', 'retrieve', 'checkRetrieveStatus'].includes(on);
  return ['create', 'update', 'delete', ...(isOfRead ? (['read'] as const) : [])];
}

/** The whole matrix. */
export function buildMatrix(): { cells: Cell[]; exclusions: Exclusion[] } {
  const cells: Cell[] = [];
  const exclusions: Exclusion[] = [];
  for (const fault of faultKinds) {
    for (const target of targets) {
      const reason = fault.excludes(target);
      if (reason !== undefined) {
        exclusions.push({ target, fault, reason });
        continue;
      }
      for (const operation of operationsOf(target)) {
        for (const repetition of Object.keys(repetitions) as Repetition[]) {
          for (const program of providerPrograms)
            cells.push({ program, target, fault, repetition, operation });
        }
      }
    }
  }
  return { cells, exclusions };
}

/**
 * A size that is quickly run: pairs of fault and request, each once, with the operations and repetitions in turn.
 *
 * @param each 1 takes every pair; 3 every third, and the first of every fault and of every request
 */
export function sampleOf(cells: readonly Cell[], each: number): Cell[] {
  const pairs = [...Map.groupBy(cells, ({ fault, target }) => `${fault.name}/${target.name}`).values()];
  const taken = new Set<unknown>();
  return pairs.flatMap((own, index) => {
    const cell = own[index % own.length];
    if (cell === undefined) return [];
    const isFirst = !taken.has(cell.fault) || !taken.has(cell.target);
    if (index % each !== 0 && !isFirst) return [];
    taken.add(cell.fault).add(cell.target);
    return [cell];
  });
}
