import { readFile } from 'node:fs/promises';
import { withProgress } from '../pulumiCli/progress.js';
import { runProcess } from '../pulumiCli/runProcess.js';

/** Enough for a hundred megabytes over a slow line. */
const installLimitMs = 15 * 60 * 1000;

/**
 * Installs Debian's package `chromium` if that needs no question: on Debian, as root, as in a container.
 *
 * @throws Error with the reason why not
 */
export async function installChromium(): Promise<void> {
  const system = await readFile('/etc/os-release', 'utf8').catch(() => '');
  // Elsewhere, as on Ubuntu, a package of that name is something else.
  if (!/^ID="?debian"?$/m.test(system)) throw new Error('this is not Debian');
  if (process.getuid?.() !== 0) throw new Error('installing it needs root');
  await withProgress("Installing Debian's chromium", 'a minute, a hundred megabytes', async () => {
    await aptGet('update');
    await aptGet('install', '--yes', '--no-install-recommends', 'chromium');
  });
}

async function aptGet(...args: string[]): Promise<void> {
  const { code, stderr } = await runProcess('apt-get', ['-q', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    deadlineMs: installLimitMs,
  });
  if (code !== 0)
    throw new Error(`"apt-get ${args.join(' ')}" failed: ${stderr.trim().split('\n').slice(-5).join('\n')}`);
}
