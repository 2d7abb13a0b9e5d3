import { writeFileSync } from 'node:fs';
import { ProviderError, reasonOf } from '../errors.js';

/**
 * Writes the result of a command to a file, replacing its contents.
 *
 * @throws ProviderError naming the file
 */
export function writeResult(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flush: true });
  } catch (thrown) {
    throw new ProviderError({
      code: 'ECA8001',
      cause: `the result could not be written: ${reasonOf(thrown)}`,
    });
  }
}
