import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Waits until a process has written a text on its standard error. Rejects with what it wrote if it ends before.
 *
 * @returns what it has written last, whenever it is called
 */
export async function untilSaid(child: ChildProcess, text: string): Promise<() => string> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
      said = (said + piece).slice(-10_000);
      if (said.includes(text)) resolve();
    });
    child.once('error', reject).once('close', () => {
      reject(new Error(`${child.spawnfile} ended:\n${said}`));
    });
  });
  return () => said;
}

/** Sends a signal to a process unless it has ended, and waits until it has. */
export async function stopProcess(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
}
