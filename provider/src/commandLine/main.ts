import { readFileSync } from 'node:fs';
import { runCommandLine } from './runCommandLine.js';

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(require.resolve('../../package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '';
}

void runCommandLine(process.argv.slice(2), packageVersion(), {
  environment: process.env,
  print: (text) => {
    process.stdout.write(text);
  },
  note: (text) => {
    process.stderr.write(text);
  },
}).then((code) => {
  process.exitCode = code;
});
