/** Says a line to whoever waits: on stderr, because stdout is for results. */
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
 * Runs something long. Says what it is and how long it takes, every 15 seconds how much time has passed, and in the end how it went.
 * A twin of the repository's `tools/pulumiCli/progress.ts`, which is in no package.
 */
export async function withProgress<T>(what: string, expected: string, task: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const elapsed = (): string => formatDuration(performance.now() - started);
  say(`${what} (${expected}) …`);
  const timer = setInterval(() => {
    say(`  still at it: ${what}, ${elapsed()} so far`);
  }, intervalMs);
  try {
    const result = await task();
    say(`  done in ${elapsed()}`);
    return result;
  } catch (error) {
    say(`  failed: ${error instanceof Error ? error.message : String(error)}`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
