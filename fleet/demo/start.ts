/**
 * `npm start`: a fleet on this machine. Starts the orgs of examples/fleet, a Temporal server with its web page, and a worker, and runs them
 * until Ctrl-C. What they know is kept in examples/fleet/.eca-fleet. Arguments are those of `eca-fleet dev`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { say } from '../src/server/progress.js';
import { fleetFolder, exampleFolder } from './folders.js';
import { prepare, pulumiFolder } from './prepare.js';

async function main(): Promise<void> {
  await prepare();
  const bin = await pulumiFolder();
  // The packages of the repository are there only now.
  const { startOrgs } = await import('./localOrgs.js');
  const orgs = await startOrgs();
  try {
    say(`${orgs.names.length} orgs run: ${orgs.names.join(', ')}`);
    say('When the worker takes stacks, type in another terminal, in this folder: npm run demo:roll-out');
    const child = spawn(
      process.execPath,
      [
        join(fleetFolder, 'bin/eca-fleet.js'),
        'dev',
        ...['--settings', join(exampleFolder, 'fleet.yaml')],
        ...process.argv.slice(2),
      ],
      {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, PATH: [bin, process.env['PATH'] ?? ''].join(delimiter) },
      },
    );
    // It ends when what it has begun has ended; then the orgs may.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => child.kill(signal));
    await once(child, 'close');
    process.exitCode = child.exitCode ?? 1;
  } finally {
    await orgs.close();
  }
}

main().catch((error: unknown) => {
  say(`The demo stopped: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
