import { readWholeNumber } from '../readInput.js';
import { notKept, type KeptState } from '../state/keptState.js';

/** The part of the state with the clock. */
const keptAs = 'clockOffsetMs';

/** An org's clock: the machine's clock plus the time that tests advanced it. Milliseconds since 1970. */
export class OrgClock {
  #offset = 0;

  /** @param kept what holds how far an earlier process moved the clock, and records how far this one does; default: nothing */
  constructor(private readonly kept: KeptState = notKept) {
    const stored = kept.entries('org').get(keptAs);
    if (stored !== undefined) this.#offset = readWholeNumber(Number.MIN_SAFE_INTEGER)(stored, keptAs);
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#offset;
  }

  /** @param milliseconds how far to move the clock; negative moves it back */
  advance(milliseconds: number): void {
    this.#offset += milliseconds;
    this.kept.put('org', keptAs, this.#offset);
  }
}
