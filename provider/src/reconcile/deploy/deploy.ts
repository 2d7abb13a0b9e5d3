import { setTimeout as sleep } from 'node:timers/promises';
import { partsOf, reasonOf, withParts } from '../../errors.js';
import type { MessageParts } from '../../errors.js';
import { encodeComponent } from '../../components/componentXml.js';
import { SalesforceApiError, textWithCode, TransportError } from '../../org/errors.js';
import type { OrgConnection } from '../../org/orgConnection.js';
import { packageXml, zipComponents } from '../../components/packageZip.js';
import {
  isServerFailure,
  isThrottled,
  isTransient,
  isWorthRepeating,
  retryAfterOf,
} from '../../org/retryTransient.js';
import { WaitTimeoutError } from '../../org/waiting.js';
import { membersOf } from './changedComponents.js';
import type { ChangedComponent } from './changedComponents.js';
import { findLostDeploy, withdrawBehindOthers } from './deployQueue.js';
import { outcomeOf } from '../outcome.js';
import type { DeployOutcome } from '../outcome.js';
import { isLockedRefusal, withAdvice } from './refusalAdvice.js';
import type { OnWait } from '../request.js';
import { adviceOnUnseenEnd, waitForDeploy } from './waitForDeploy.js';

/**
 * Deploys components in one package at the API version of the retrieve, all or nothing, without tests.
 *
 * If the response is lost, the deploy is looked up in the org before anything else is sent.
 *
 * @param mayWithdraw whether the deploy gives way to deploys that are ahead of it in the org's queue
 * @throws SalesforceApiError when the org refused the request for good
 */
export async function deploy(
  connection: OrgConnection,
  changed: readonly ChangedComponent[],
  onWait: OnWait,
  mayWithdraw: boolean,
): Promise<DeployOutcome> {
  const zip = zipOf(connection, changed);
  const sentAt = connection.orgTime();
  try {
    const { id } = await connection.send((api) => api.startDeploy(zip));
    return await followDeploy(connection, id, onWait, mayWithdraw);
  } catch (thrown) {
    if (thrown instanceof SalesforceApiError && isLockedRefusal(thrown.errorCode)) {
      return { kind: 'notTaken', reason: withAdvice(`${thrown.errorCode}: ${reasonOf(thrown)}`) };
    }
    if (thrown instanceof TransportError && !thrown.mayHaveBeenSent) {
      return {
        kind: 'notTaken',
        reason: withParts(partsOf(thrown), { advice: 'Repeat the command later' }),
      };
    }
    if (isThrottled(thrown)) {
      if (!isWorthRepeating(thrown)) {
        throw thrown;
      }
      await sleep(retryAfterOf(thrown));
      return { kind: 'notTaken', reason: partsOf(thrown) };
    }
    if (!isTransient(thrown) && !isServerFailure(thrown)) {
      throw thrown;
    }
    return lookUp(connection, changed, sentAt, thrown, onWait);
  }
}

/** The zip file of a package of changed components. */
export function zipOf(connection: OrgConnection, changed: readonly ChangedComponent[]): Buffer {
  const files = new Map<string, Uint8Array>(
    changed.map(({ component, xml }) => [component.path, encodeComponent(xml)]),
  );
  files.set('package.xml', Buffer.from(packageXml(membersOf(changed), `${connection.apiVersion}.0`)));
  return zipComponents(files);
}

async function lookUp(
  connection: OrgConnection,
  changed: readonly ChangedComponent[],
  sentAt: Date | undefined,
  thrown: unknown,
  onWait: OnWait,
): Promise<DeployOutcome> {
  const lost = (found: string): MessageParts => ({
    code: 'ECA6101',
    cause: `the response to the deploy request was lost (${reasonOf(thrown)}), and ${found}`,
  });
  const found = await findLostDeploy(connection, changed, sentAt, onWait);
  switch (found.kind) {
    case 'found': {
      const outcome = outcomeOf(found.status);
      return outcome.kind === 'succeeded' ? { ...outcome, isAssumed: true } : outcome;
    }
    case 'running':
      return stillRunning(found.id, found.thrown);
    case 'none':
      // A request that hangs may still arrive: it is not sent a second time.
      return thrown instanceof TransportError && thrown.kind === 'timeout'
        ? { kind: 'unknown', reason: lost('the org lists no such deploy yet'), id: undefined }
        : { kind: 'notTaken', reason: lost('the org lists no such deploy') };
    case 'unknown':
      return { kind: 'unknown', reason: lost(found.reason), id: undefined };
  }
}

/** Waits for a deploy that the org has accepted. */
async function followDeploy(
  connection: OrgConnection,
  id: string,
  onWait: OnWait,
  mayWithdraw: boolean,
): Promise<DeployOutcome> {
  let ahead: readonly string[] = [];
  const withdraw = async (): Promise<void> => {
    ahead = mayWithdraw ? await withdrawBehindOthers(connection, id) : [];
  };
  try {
    const status = await waitForDeploy(connection, id, onWait, { onQueued: withdraw });
    return status.status === 'Canceled' && ahead.length > 0
      ? { kind: 'withdrawn', ahead }
      : outcomeOf(status);
  } catch (thrown) {
    return stillRunning(id, thrown);
  }
}

/** A deploy that the org has accepted, but whose end was not seen. */
function stillRunning(id: string, thrown: unknown): DeployOutcome {
  const parts: MessageParts =
    thrown instanceof WaitTimeoutError
      ? thrown.parts
      : { code: 'ECA6104', subject: `deploy ${id}`, cause: textWithCode(thrown) };
  return { kind: 'unknown', reason: withParts(parts, { advice: adviceOnUnseenEnd(thrown) }), id };
}
