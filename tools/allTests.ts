/**
 * `.ci/run`: runs every part of the tests, each an npm script, whatever became of the one before it, and ends with one line that sums what they
 * counted. Ends with 1 unless every part has run and passed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countsVariable, summaryOf, type Part } from './allTests/summary.js';
import { say } from './pulumiCli/progress.js';

const scripts = ['test', 'test:docs', 'test:native', 'test:languages', 'test:fleet'];

/** Runs an npm script of the repository; what it prints goes where this process prints. */
async function runPart(script: string, folder: string): Promise<Part> {
  const file = join(folder, script.replace(':', '-'));
  const child = spawn('npm', ['run', script], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, [countsVariable]: file },
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { script, exitCode, counts: await readFile(file, 'utf8').catch(() => undefined) };
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'test-counts-'));
  try {
    const parts: Part[] = [];
    for (const script of scripts) parts.push(await runPart(script, folder));
    const { lines, passed } = summaryOf(parts);
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    if (!passed) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
