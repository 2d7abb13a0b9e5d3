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

// A result that reaches nobody is a failure, whatever it says; of a reader that is gone (`| head`) there is nothing to tell.
process.stdout.on('error', (failure: NodeJS.ErrnoException) => {
  if (failure.code !== 'EPIPE') {
    const cause = `the result could not be written: ${reasonOf(failure)}.`;
    process.stderr.write(`${programName}: ${formatMessage({ code: 'ECA8001', cause })}\n`);
  }
  process.exit(exitCodes.failed);
});
// What is said beside the result is lost; the exit code still tells.
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
  // What a command that was stopped still waits for must not keep the process; what it has written must be out. A failure to write
  // comes as an error of the stream, too, which says so and ends the process.
  process.stdout.write('', (failure) => {
    if (!failure) {
      process.exit(code);
    }
  });
});
