/**
 * `npm run -s chromium-path`: installs Chromium if need be and if it can, and prints its executable file, and nothing else, on stdout.
 * Without one it prints the reason on stderr and still exits with 0; the tests that need a browser are then skipped.
 */
import { findChromium } from './chromium/findChromium.js';
import { installChromium } from './chromium/installChromium.js';
import { say } from './pulumiCli/progress.js';

async function main(): Promise<void> {
  let file = await findChromium();
  if (file === undefined) {
    await installChromium().catch((error: unknown) => {
      say(`Chromium was not installed: ${error instanceof Error ? error.message : String(error)}`);
    });
    file = await findChromium();
  }
  if (file === undefined) {
    say(
      'No Chromium: the tests of the Setup page in a browser are skipped. Install one, or name it in CHROMIUM_BIN.',
    );
    return;
  }
  process.stdout.write(`${file}\n`);
}

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
