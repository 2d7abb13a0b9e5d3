import type { ComponentFailure, DeployStatus } from '../salesforce/metadataApi.js';
import { encodeComponent } from '../salesforce/componentXml.js';
import { TransportError } from '../salesforce/errors.js';
import type { OrgConnection } from '../salesforce/orgConnection.js';
import { packageXml, zipComponents } from '../salesforce/packageZip.js';
import { waitFor, WaitTimeoutError } from '../salesforce/waiting.js';
import { messageOf } from '../errors.js';
import type { ChangedComponent } from './change.js';
import type { OnWait } from './job.js';

/** How a deploy ended. */
export type DeployOutcome =
  | { kind: 'succeeded'; id: string }
  /** The org refused it, for components or as a whole. */
  | { kind: 'failed'; id: string; reason: string; failures: readonly ComponentFailure[] }
  /** The org may have acted, or may still act: only reading it tells. */
  | { kind: 'unknown'; reason: string };

/**
 * Deploys components in one package at the API version of the retrieve, all or nothing, without tests.
 *
 * @param beforeSend called right before the deploy leaves; what it throws keeps it from leaving
 * @throws SalesforceApiError or TransportError when the org certainly did not take the deploy
 */
export async function deploy(
  connection: OrgConnection,
  changed: readonly ChangedComponent[],
  beforeSend: () => Promise<void>,
  onWait: OnWait,
): Promise<DeployOutcome> {
  const members = new Map<string, string[]>();
  const files = new Map<string, Uint8Array>();
  for (const { component, xml } of changed) {
    members.set(component.type, [...(members.get(component.type) ?? []), component.fullName]);
    files.set(component.path, encodeComponent(xml));
  }
  files.set('package.xml', Buffer.from(packageXml(members, `${connection.apiVersion}.0`)));
  const zip = zipComponents(files);
  await beforeSend();
  let id: string;
  try {
    ({ id } = await connection.send((api) => api.startDeploy(zip)));
  } catch (thrown) {
    if (thrown instanceof TransportError && thrown.mayHaveBeenSent) {
      return { kind: 'unknown', reason: `the answer to the deploy was lost (${thrown.message})` };
    }
    throw thrown;
  }
  try {
    return outcomeOf(await waitForDeploy(connection, id, onWait));
  } catch (thrown) {
    const advice =
      thrown instanceof WaitTimeoutError
        ? 'It may still run: see Setup, Deployment Status; the next pulumi up looks at the org again'
        : 'It may have run to its end: see Setup, Deployment Status';
    return { kind: 'unknown', reason: `deploy ${id}: ${messageOf(thrown)}. ${advice}` };
  }
}

async function waitForDeploy(connection: OrgConnection, id: string, onWait: OnWait): Promise<DeployStatus> {
  let seen = 'sent';
  return waitFor(
    async () => {
      const status = await connection.read((api) => api.checkDeploy(id));
      seen = `${status.status} ${status.numberComponentsDeployed}/${status.numberComponentsTotal} components`;
      return status.done ? status : undefined;
    },
    {
      timeoutMinutes: connection.timeoutMinutes,
      subject: `org ${connection.label}: deploy ${id}`,
      beforeLook: (elapsed) => onWait(`deploy ${id} ${seen}`, elapsed),
    },
  );
}

function outcomeOf(status: DeployStatus): DeployOutcome {
  if (status.status === 'Succeeded' && status.success) {
    return { kind: 'succeeded', id: status.id };
  }
  const by = status.canceledByName === undefined ? '' : ` by ${status.canceledByName}`;
  const message = [status.errorStatusCode, status.errorMessage]
    .filter((text) => text !== undefined)
    .join(' ');
  return {
    kind: 'failed',
    id: status.id,
    reason: `deploy ${status.id} ended as ${status.status}${by}${message === '' ? '' : `: ${message}`}`,
    failures: status.componentFailures,
  };
}
