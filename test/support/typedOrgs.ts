import assert from 'node:assert/strict';
import { startProcess } from '../../tools/pulumiCli/runProcess.js';
import { isolatedEnvironment } from './temporaryProject.js';
import { until } from './until.js';

/** A local org that was started by a command of a page. */
export interface TypedOrg {
  name: string;
  instanceUrl: string;
}

/**
 * Types what starts local orgs, hands them over when they are there, and ends them as Ctrl+C in a terminal does.
 *
 * @param folder where it is typed
 */
export async function whileOrgsRun(
  block: string,
  folder: string,
  look: (orgs: readonly TypedOrg[]) => Promise<void>,
): Promise<void> {
  const running = startProcess('bash', ['-c', block], {
    cwd: folder,
    env: isolatedEnvironment([]),
    deadlineMs: 60_000,
  });
  try {
    await until('the orgs are there', () => {
      assert.equal(running.child.exitCode, null, running.output());
      return running.output().includes('Ctrl+C stops.');
    });
    const started = running.output().matchAll(/^Org (\w+) \(\w+\) listens on (\S+)$/gm);
    const orgs = [...started].map(([, name = '', instanceUrl = '']) => ({ name, instanceUrl }));
    await look(orgs);
    // To the whole group, as a terminal sends it.
    running.signal('SIGINT');
    await running.result;
    await assert.rejects(fetch(orgs[0]?.instanceUrl ?? ''));
  } finally {
    running.signal('SIGKILL');
    await running.result;
  }
}
