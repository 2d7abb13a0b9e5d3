/** Something wrong in an inventory. */
export interface Fault {
  /** Where it is, such as `line 3 (acme)`. */
  readonly where: string;
  readonly message: string;
}

/** An inventory that cannot be used, with everything that is wrong in it. */
export class InventoryError extends Error {
  override readonly name = 'InventoryError';

  constructor(readonly faults: readonly Fault[]) {
    super(
      [
        `The inventory has ${faults.length === 1 ? '1 fault' : `${faults.length} faults`}:`,
        ...faults.map(({ where, message }) => `  ${where}: ${message}`),
      ].join('\n'),
    );
  }
}
