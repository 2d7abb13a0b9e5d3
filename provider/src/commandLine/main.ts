import { readFileSync } from 'node:fs';
import { formatMessage, reasonOf } from '../errors.js';
import { exitCodes } from './exitCodes.js';
import { ProgressLine, showsColours } from './terminal.js';
import { programName } from './examplesHelp.js';
import { runCommandLine } from './runCommandLine.js';

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(require.resolve('../../package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '';
}

// A result that cannot be written is a failure. If the reader is gone (`| head`), nobody could read a message.
process.stdout.on('error', (failure: NodeJS.ErrnoException) => {
  if (failure.code !== 'EPIPE') {
    const cause = `the result could not be written: ${reasonOf(failure)}.`;
    process.stderr.write(`${programName}: ${formatMessage({ code: 'ECA8001', cause })}\n`);
  }
  process.exit(exitCodes.failed);
});
// Messages are lost then, but the exit code still shows the outcome.
process.stderr.on('error', () => undefined);

const progressLine = new ProgressLine(process.stderr);

void runCommandLine(process.argv.slice(2), packageVersion(), {
  environment: process.env,
  hasColours: showsColours(
    { isTTY: process.stdout.isTTY, hasColors: () => process.stdout.hasColors() },
    process.env,
  ),
  progress: (text) => {
    progressLine.show(text);
  },
  print: (text) => {
    progressLine.clear();
    process.stdout.write(text);
  },
  note: (text) => {
    progressLine.clear();
    process.stderr.write(text);
  },
}).then((code) => {
  // Pending work of a stopped command must not keep the process alive, but its output must be written first. If writing fails, the error
  // handler of the stream reports that and ends the process.
  process.stdout.write('', (failure) => {
    if (!failure) {
      process.exit(code);
    }
  });
});
