/**
 * How a component is hidden from users:
 *
 * - `loadFails`: a list shows it; a retrieve succeeds without it and reports that (one report: sfdx-hardis#2070)
 * - `notReturned`: a list shows it; a retrieve succeeds without it and does not report that
 * - `notListed`: neither shows it, as for a user without permission; by name it is not found
 */
export type HiddenHow = 'loadFails' | 'notReturned' | 'notListed';

/** Every {@link HiddenHow}. */
export const hiddenHows = ['loadFails', 'notReturned', 'notListed'] as const satisfies readonly HiddenHow[];

/** The components that are hidden from users, by name; see {@link Faults.hideComponent}. */
export class HiddenComponents {
  readonly #hidden = new Map<string, HiddenHow>();

  hide(name: string, how: HiddenHow): void {
    this.#hidden.set(name, how);
  }

  show(name: string): void {
    this.#hidden.delete(name);
  }

  clear(): void {
    this.#hidden.clear();
  }

  get all(): Readonly<Record<string, HiddenHow>> {
    return Object.fromEntries(this.#hidden);
  }

  /**
   * How a component is hidden; undefined if it is not.
   * @param app the app that it belongs to; undefined: none
   */
  howOf(type: string, fullName: string, app: string | undefined): HiddenHow | undefined {
    if (this.#hidden.size === 0) return undefined;
    const names = [`${type}/${fullName}`, `${type}/*`, fullName, ...(app === undefined ? [] : [app, '*'])];
    return names.map((name) => this.#hidden.get(name)).find((how) => how !== undefined);
  }
}
