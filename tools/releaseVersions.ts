/**
 * The first step of `npm run release:versions`: turns the noted changes into versions and changelogs, and brings the lock files up to date.
 * Ends with 1 if no change is noted.
 */
import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './pulumiCli/progress.js';

/** The folders with a lock file and notes of their own: the workspace, and the fleet. */
const roots = ['.', 'fleet'];

const hasNotes = (root: string): boolean =>
  globSync('*.md', { cwd: join(root, '.changeset') }).some((file) => file !== 'README.md');

function run(cwd: string, command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { cwd, stdio: 'inherit' });
}

function main(): void {
  const changed = roots.filter(hasNotes);
  if (changed.length === 0) {
    throw new Error('No change is noted in .changeset or fleet/.changeset: note one with npm run changeset.');
  }
  // Without a note changesets would fail.
  for (const root of changed) run(root, 'changeset', 'version');
  // The lock of the fleet has the version of the provider too.
  for (const root of roots) run(root, 'npm', 'install', '--package-lock-only', '--ignore-scripts');
}

try {
  main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
