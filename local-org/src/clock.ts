/** An org's clock: the machine's, moved forward by what tests advanced it. Milliseconds since 1970. */
export class OrgClock {
  #offset = 0;

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#offset;
  }

  /** @param milliseconds how far to move the clock; negative moves it back */
  advance(milliseconds: number): void {
    this.#offset += milliseconds;
  }
}
