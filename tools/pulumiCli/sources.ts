import { oldestCliVersion, oldestGoVersion } from './versions.js';

/** One way to come by the Pulumi CLI. */
export interface Source {
  /** What it is, for the message that lists what was tried. */
  name: string;
  /**
   * Resolves to the folder with the CLI, or to the reason if there is none; may also be rejected with an Error
   * that is the reason.
   */
  find(): Promise<{ folder: string } | { reason: string }>;
}

/** A source that did not work, and why. */
interface Attempt {
  name: string;
  reason: string;
}

/**
 * Asks the sources in order, one after another, and returns the folder of the first that works.
 *
 * @throws Error that lists what was tried, why each failed and what to do, when none works.
 */
export async function firstThatWorks(sources: readonly Source[]): Promise<string> {
  const attempts: Attempt[] = [];
  for (const source of sources) {
    const found = await source
      .find()
      .catch((error: unknown) => ({ reason: error instanceof Error ? error.message : String(error) }));
    if ('folder' in found) return found.folder;
    attempts.push({ name: source.name, reason: found.reason });
  }
  throw new Error(nothingWorked(attempts));
}

/** The message for when no source works. */
export function nothingWorked(attempts: readonly Attempt[]): string {
  return [
    `No Pulumi CLI ${oldestCliVersion.version} or newer was found, and none could be got. Tried in this order:`,
    ...attempts.map(
      ({ name, reason }, index) => `  ${index + 1}. ${name}: ${reason.replaceAll('\n', '\n     ')}`,
    ),
    'Do one of these and run the command again:',
    '  - install the Pulumi CLI so that it is on PATH: https://www.pulumi.com/docs/install/',
    '  - set PULUMI_BIN to the folder that contains it',
    '  - give this machine access to get.pulumi.com',
    `  - install Go ${oldestGoVersion} or newer, with a module proxy that it reaches: https://go.dev/dl/`,
  ].join('\n');
}
