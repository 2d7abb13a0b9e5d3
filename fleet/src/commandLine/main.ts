import { readFileSync } from 'node:fs';
import { exitCodes } from './exitCodes.js';
import { runCommandLine } from './runCommandLine.js';

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '';
}

// A result that cannot be written is a failure. If the reader is gone (`| head`), there is nobody to tell.
process.stdout.on('error', (failure: NodeJS.ErrnoException) => {
  if (failure.code !== 'EPIPE')
    process.stderr.write(`eca-fleet: the result could not be written: ${failure.message}\n`);
  process.exit(exitCodes.failed);
});
// Messages are lost then, but the exit code still shows the outcome.
process.stderr.on('error', () => undefined);

const code = await runCommandLine(process.argv.slice(2), {
  version: packageVersion(),
  environment: process.env,
  isTerminal: process.stdout.isTTY,
  print: (text) => {
    process.stdout.write(text);
  },
  note: (text) => {
    process.stderr.write(text);
  },
});
// Pending connections must not keep the process alive, but its output must be written first.
process.stdout.write('', () => process.exit(code));
