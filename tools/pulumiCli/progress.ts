/** Says a line to whoever waits: on stderr, because stdout of these tools is for programs. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Between two lines that say that something is still running. */
const intervalMs = 15_000;

/** A duration as `45 s` or `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}

/**
 * Runs something long: one line at its start with what it is and how long that takes, and every 15 seconds a line with
 * the time elapsed, at its end how that went.
 */
export async function withProgress<T>(what: string, expected: string, task: () => Promise<T>): Promise<T> {
  const started = Date.now();
  say(`${what} (${expected}) …`);
  const timer = setInterval(() => {
    say(`  still at it: ${what}, ${formatDuration(Date.now() - started)} so far`);
  }, intervalMs);
  try {
    const result = await task();
    say(`  done in ${formatDuration(Date.now() - started)}`);
    return result;
  } catch (error) {
    say(`  failed: ${error instanceof Error ? error.message : String(error)}`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
