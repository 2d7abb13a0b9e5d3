import { utimes, writeFile } from 'node:fs/promises';
import { utimesSync } from 'node:fs';

/**
 * How long an operation may go on without a sign from the server. The end is the modification time of a file: the watchdog looks at it,
 * and the provider before each request.
 */
export class Lease {
  #until = 0;
  #hasEnded = false;

  private constructor(readonly file: string) {}

  /** A lease that is over until it is extended. */
  static async create(file: string): Promise<Lease> {
    await writeFile(file, '', { mode: 0o600 });
    await utimes(file, 0, 0);
    return new Lease(file);
  }

  /** Whether it has ended. */
  get isOver(): boolean {
    return this.#until <= Date.now();
  }

  /** Moves its end. It never comes nearer, because an answer may arrive after that of a later question; nor is an ended lease revived. */
  extendTo(until: number): void {
    if (this.#hasEnded || until <= this.#until) return;
    this.#until = until;
    utimesSync(this.file, until / 1000, until / 1000);
  }

  /** Ends it now, for good. Then its file may go. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#until = 0;
    utimesSync(this.file, 0, 0);
  }
}
