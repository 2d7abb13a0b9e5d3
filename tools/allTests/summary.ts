/** The file that the tests' reporter writes its counts to, in the place of its last line. */
export const countsVariable = 'TEST_COUNTS_FILE';

/** How an npm script that runs tests has ended. */
export interface Part {
  script: string;
  /** `null`: a signal ended it. */
  exitCode: number | null;
  /** What the reporter has written; `undefined` if it has written nothing. */
  counts: string | undefined;
}

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * What is printed about all parts: a line for each that did not fail by its tests alone, and the line that sums them. Such a part counts as one
 * failed test.
 */
export function summaryOf(parts: readonly Part[]): { lines: string[]; passed: boolean } {
  const lines: string[] = [];
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { script, exitCode, counts } of parts) {
    const counted = counts === undefined ? undefined : parseCounts(counts);
    total.passed += counted?.passed ?? 0;
    total.failed += counted?.failed ?? 0;
    total.skipped += counted?.skipped ?? 0;
    const ending = exitCode === null ? 'was ended by a signal' : `ended with exit code ${exitCode}`;
    if (counted === undefined) lines.push(`npm run ${script} ${ending} before its tests were counted.`);
    else if (exitCode !== 0 && counted.failed === 0)
      lines.push(`npm run ${script} ${ending}, although no test failed.`);
    else continue;
    total.failed += 1;
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  lines.push(`${total.passed} passed, ${total.failed} failed${skipped}`);
  return { lines, passed: total.failed === 0 && parts.every(({ exitCode }) => exitCode === 0) };
}

function parseCounts(text: string): Counts | undefined {
  const [, passed, failed, skipped = '0'] =
    /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\n$/.exec(text) ?? [];
  if (passed === undefined || failed === undefined) return undefined;
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
}
