/** The address of the engine that a provider process works for. */
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

  /** Whether the engine started this process, and not somebody who debugs it. */
  get isParent(): boolean {
    return this.#isParent;
  }

  /** An engine attaches to this process, which somebody else started. */
  attach(address: string): void {
    this.#value = address;
    this.#isParent = false;
  }
}
