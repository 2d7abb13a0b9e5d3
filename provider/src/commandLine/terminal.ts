/** The properties of a stream that show whether it is a terminal. */
export interface Terminal {
  isTTY?: boolean;
  columns?: number;
  hasColors?: () => boolean;
}

/** Whether a stream shows colours: it is a terminal with colours, and `NO_COLOR` is not set (https://no-color.org). */
export function showsColours(
  { isTTY, hasColors }: Terminal,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return isTTY === true && (environment['NO_COLOR'] ?? '') === '' && (hasColors?.() ?? false);
}

/** A line on a terminal that the next one replaces. Nothing is written to a stream that is not a terminal. */
export class ProgressLine {
  readonly #stream: Terminal & { write: (text: string) => unknown };
  #isShown = false;

  constructor(stream: Terminal & { write: (text: string) => unknown }) {
    this.#stream = stream;
  }

  /** Shows a text, cut to the width of the terminal. */
  show(text: string): void {
    if (this.#stream.isTTY === true) {
      const { columns = 0 } = this.#stream;
      // Some terminals report no width.
      this.#stream.write(`\r\u001b[K${text.slice(0, (columns > 0 ? columns : 80) - 1)}`);
      this.#isShown = true;
    }
  }

  /** Clears the line before anything else is written. */
  clear(): void {
    if (this.#isShown) {
      this.#stream.write('\r\u001b[K');
      this.#isShown = false;
    }
  }
}
