/** The address of the engine that a provider process serves. */
export class EngineAddress {
  #value: string | undefined;
  #isParent: boolean;

  /** @param argument the first argument of the process: the engine that started it */
  constructor(argument = process.argv[2]) {
    this.#value = argument !== undefined && /^[^/\s]+:\d+$/.test(argument) ? argument : undefined;
    this.#isParent = this.#value !== undefined;
  }

  /** `<host>:<port>`; `undefined` without an engine. */
  get value(): string | undefined {
    return this.#value;
  }

  /** Whether the engine started this process. If not, it was started for debugging. */
  get isParent(): boolean {
    return this.#isParent;
  }

  /** Attaches an engine that did not start this process. */
  attach(address: string): void {
    this.#value = address;
    this.#isParent = false;
  }
}
