import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { LocalOrg, RecordedRequest } from 'salesforce-local-org';
import { retrieveInProgress } from '../support/apiAnswers.js';
import type { Cell } from './matrix.js';
import { repetitions } from './targets.js';

/** A fault that lies in wait. */
export interface ArmedFault {
  /** How often it has met something. */
  hits(): number;
  /** Takes it away and lets the org be as usual. */
  disarm(): Promise<void>;
}

/** How long a deploy ahead in the queue takes: long enough to be seen waiting, in milliseconds. */
const queueMs = 400;

/**
 * Lays a cell's fault into an org.
 *
 * @param victim the app whose components fail, where components do
 */
export function armFault(org: LocalOrg, { target, fault, repetition }: Cell, victim: string): ArmedFault {
  const times = repetitions[repetition];
  const { effect } = fault;
  layPrelude(org, target.prelude);
  switch (effect.kind) {
    case 'request': {
      const arrivals = watchRequests(org, target.on);
      const remove = org.faults.add({
        on: target.on,
        skip: target.skip,
        ...(Number.isFinite(times) ? { times } : {}),
        do: effect.faultOn(target.on),
      });
      return {
        hits: () => Math.max(0, Math.min(times, arrivals.count() - target.skip)),
        disarm() {
          remove();
          arrivals.stop();
          return Promise.resolve();
        },
      };
    }
    case 'refused':
      return armRefusal(org, target, times);
    case 'queued':
      return armQueue(org, times);
    case 'canceled':
      return armCancellation(org, times, effect.committed);
    case 'components': {
      const before = org.deploys.length;
      const failed = (): number =>
        org.deploys.slice(before).filter(({ problems }) => problems.length > 0).length;
      const remove = org.faults.failComponent(victim, effect.problem);
      const stop = org.onRequest(({ kind }) => {
        // Before the next deploy is taken all earlier ones have been evaluated.
        if (kind === 'deploy' && failed() >= times) remove();
      });
      return {
        hits: failed,
        disarm() {
          remove();
          stop();
          return Promise.resolve();
        },
      };
    }
  }
}

function layPrelude(org: LocalOrg, prelude: Cell['target']['prelude']): void {
  switch (prelude) {
    case 'deploy answer lost':
      org.faults.add({ on: 'deploy', times: 1, do: { kind: 'reset', when: 'after' } });
      return;
    case 'deploy not arrived':
      org.faults.add({ on: 'deploy', times: 1, do: { kind: 'reset', when: 'before' } });
      return;
    case 'retrieve in progress':
      org.faults.add({ on: 'checkRetrieveStatus', times: 1, do: retrieveInProgress });
      return;
    case 'session expired':
      org.faults.add({ on: 'retrieve', times: 1, do: { kind: 'sessionExpired' } });
      return;
    case 'two steps':
      org.faults.refusePluginSettings = 'strict';
      return;
    case undefined:
  }
}

/** Nobody listens from the answer before the request on, until so many connections were refused. */
function armRefusal(org: LocalOrg, { after }: Cell['target'], times: number): ArmedFault {
  let refused = 0;
  let back: (() => Promise<void>) | undefined;
  let returning: Promise<void> = Promise.resolve();
  const port = new URL(org.instanceUrl).port;
  const comeBack = (): void => {
    returning = back?.() ?? returning;
    back = undefined;
  };
  const onConnectError = (message: unknown): void => {
    if (back !== undefined && portOf(message) === port) {
      refused += 1;
      if (refused >= times) comeBack();
    }
  };
  subscribe('undici:client:connectError', onConnectError);
  let seen = 0;
  const stop =
    after === undefined
      ? () => undefined
      : org.onRequest(({ kind }) => {
          if (kind !== after.on) return;
          if (after.isDeployDone === true && !isEnded(org.deploys.at(-1)?.status)) return;
          seen += 1;
          if (seen === after.nth) back = org.faults.goOffline();
        });
  if (after === undefined) back = org.faults.goOffline();
  return {
    hits: () => refused,
    async disarm() {
      unsubscribe('undici:client:connectError', onConnectError);
      stop();
      comeBack();
      await returning;
    },
  };
}

function armQueue(org: LocalOrg, times: number): ArmedFault {
  const arrivals = watchRequests(org, 'checkDeployStatus');
  const ends: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  const next = (ahead: number): void => {
    ends.push(org.faults.occupyDeploys());
    if (!Number.isFinite(times)) return;
    timer = setTimeout(() => {
      ends.pop()?.();
      if (ahead > 1) next(ahead - 1);
    }, queueMs);
  };
  const stop = org.onRequest(({ kind }) => {
    if (kind !== 'deploy') return;
    stop();
    next(times);
  });
  return {
    hits: arrivals.count,
    disarm() {
      clearTimeout(timer);
      stop();
      arrivals.stop();
      ends.forEach((end) => {
        end();
      });
      return Promise.resolve();
    },
  };
}

/** So many deploys are cancelled, one after the other. */
function armCancellation(org: LocalOrg, times: number, committed: boolean): ArmedFault {
  const before = org.deploys.length;
  let laid = 1;
  org.faults.cancelNextDeploy({ committed });
  const stop = org.onRequest(({ kind }) => {
    const canceled = org.deploys.slice(before).filter(({ status }) => status === 'Canceled').length;
    if (kind === 'deploy' && canceled === laid && laid < times) {
      laid += 1;
      org.faults.cancelNextDeploy({ committed });
    }
  });
  return {
    hits: () => org.deploys.slice(before).filter(({ status }) => status === 'Canceled').length,
    disarm() {
      stop();
      return Promise.resolve();
    },
  };
}

/** Counts the requests of a kind from now on. */
function watchRequests(
  org: LocalOrg,
  watched: RecordedRequest['kind'],
): { count: () => number; stop: () => void } {
  let count = 0;
  const stop = org.onRequest(({ kind }) => {
    if (kind === watched) count += 1;
  });
  return { count: () => count, stop };
}

const isEnded = (status: string | undefined): boolean =>
  ['Succeeded', 'Failed', 'Canceled'].includes(status ?? '');

/** The port of a connection that could not be made, from undici's diagnostics. */
function portOf(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('connectParams' in message)) return undefined;
  const { connectParams } = message;
  return typeof connectParams === 'object' && connectParams !== null && 'port' in connectParams
    ? String(connectParams.port)
    : undefined;
}
