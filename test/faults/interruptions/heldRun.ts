import type { LocalOrg } from 'salesforce-local-org';
import type { RunningProcess } from '../../../tools/pulumiCli/runProcess.js';
import { columnCounter, type Column } from './cells.js';
import { beforeEnd, hasPrinted } from './output.js';

/** A command of which one request waits in the org. */
export interface HeldRun {
  command: RunningProcess;
  /** Resolves when that request has reached the org, which does not act on it yet; rejects when the command ends without it. */
  arrived: Promise<void>;
  /** Lets the org act on it, and on everything after it. */
  release: () => void;
}

/**
 * Starts a command and holds one of its requests, or none. Its first request waits in any case until Pulumi is at work on every
 * app: they share one batch then, however busy the machine is.
 *
 * @param start starts it
 * @param apps the names of the resources
 * @param held the request; `undefined`: none
 */
export function startHeld(
  org: LocalOrg,
  start: () => RunningProcess,
  apps: readonly string[],
  held?: Column,
): HeldRun {
  const first = Promise.withResolvers<undefined>();
  const target = Promise.withResolvers<undefined>();
  const count = columnCounter();
  let releaseFirst: (() => void) | undefined;
  let releaseTarget: (() => void) | undefined;
  let deployedAt: number | undefined;
  const stop = org.onRequest(({ kind, at }) => {
    if (kind === 'deploy') {
      deployedAt = at;
    } else if (kind === 'checkDeployStatus' && deployedAt !== undefined) {
      // The first status of a deploy is Pending, however long the busy machine took to ask for it.
      org.advanceClock(deployedAt - at);
      deployedAt = undefined;
    }
    const column = count(kind);
    // The org looks for holds after it has recorded a request: this very one is held.
    if (held !== undefined && column?.kind === held.kind && column.nth === held.nth) {
      releaseTarget = org.faults.holdNext(kind);
      target.resolve(undefined);
    } else if (releaseFirst === undefined && releaseTarget === undefined) {
      releaseFirst = org.faults.holdNext(kind);
    }
    first.resolve(undefined);
  });
  const command = start();
  const arrive = async (): Promise<void> => {
    await beforeEnd(command, first.promise, 'any request');
    for (const app of apps) {
      await hasPrinted(command, new RegExp(` ${app} (?:creating|updating|deleting) `));
    }
    releaseFirst?.();
    if (held !== undefined) await beforeEnd(command, target.promise, `the ${held.name} request`);
  };
  return {
    command,
    arrived: arrive(),
    release() {
      stop();
      releaseFirst?.();
      releaseTarget?.();
    },
  };
}
