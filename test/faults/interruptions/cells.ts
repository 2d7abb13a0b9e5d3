import type { RequestKind } from 'salesforce-local-org';
import type { ProviderProgram } from '../../support/providerProgram.js';
import { changingOperations, type ChangingOperation } from './changingOperations.js';
import { interruptionKinds, type InterruptionKind } from './interruptionKinds.js';

/** A column of the matrix: a request that an undisturbed run sends. */
export interface Column {
  name: string;
  kind: RequestKind;
  /** Which of its kind, from 1 on; the same request repeated in a row, as a status is, counts once. */
  nth: number;
}

/** The requests that each operation sends when nobody disturbs it, in order. */
export type RecordedRuns = Readonly<Record<ChangingOperation, readonly RequestKind[]>>;

/** One interruption at one request. */
export interface InterruptionCell {
  column: Column;
  interruption: InterruptionKind;
  operation: ChangingOperation;
}

/** How messages name a cell, as in the matrix of faults. */
export function nameOf({ column, interruption, operation }: InterruptionCell): string {
  return `${operation} · ${column.name} · ${interruption.name}`;
}

/** What the matrix of faults calls a request, the first and the second of its kind. */
const names: Partial<Record<RequestKind, readonly string[]>> = {
  retrieve: ['retrieve', 'verify'],
  checkRetrieveStatus: ['retrieve status', 'verify status'],
  listMetadata: ['list'],
  checkDeployStatus: ['deploy status'],
};

const columnOf = (kind: RequestKind, nth: number): Column => ({
  name: names[kind]?.[nth - 1] ?? (nth === 1 ? kind : `${kind} ${nth}`),
  kind,
  nth,
});

/** Tells of each request of a run, in order, which column it is; `undefined`: one that is repeated in a row. */
export function columnCounter(): (kind: RequestKind) => Column | undefined {
  const counts = new Map<RequestKind, number>();
  let last: RequestKind | undefined;
  return (kind) => {
    if (kind === last) return undefined;
    last = kind;
    const nth = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, nth);
    return columnOf(kind, nth);
  };
}

/** The columns of a run. */
export function columnsOf(kinds: readonly RequestKind[]): Column[] {
  const count = columnCounter();
  return kinds.map((kind) => count(kind)).filter((column) => column !== undefined);
}

/** Every interruption at every request that each operation was recorded to send. */
export function cellsOf(runs: RecordedRuns): InterruptionCell[] {
  return interruptionKinds.flatMap((interruption) =>
    changingOperations.flatMap((operation) =>
      columnsOf(runs[operation]).map((column) => ({ column, interruption, operation })),
    ),
  );
}

/** Whether parts of a name can be meant for the cells of a provider; known without a recorded run, which needs the Pulumi CLI. */
export function mayBeNamed(parts: readonly string[], provider: ProviderProgram): boolean {
  const words = [
    provider,
    ...changingOperations,
    ...interruptionKinds.map(({ name }) => name),
    ...['token', 'versions', 'query', 'query 2', 'deploy', 'checkDeployStatus 2'],
    ...Object.values(names).flat(),
  ];
  return parts.every((part) =>
    part.split(' · ').every((own) => words.some((word) => ` ${word} `.includes(own))),
  );
}
