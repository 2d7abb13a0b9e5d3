/** What has been said in a run, so that each thing is said once. */
export class Notices {
  readonly #given = new Set<string>();

  /** Whether a notice is given for the first time; from now on it is not. */
  isFirst(notice: string): boolean {
    const isFirst = !this.#given.has(notice);
    this.#given.add(notice);
    return isFirst;
  }
}
