import { ProviderError } from '../../errors.js';

/** A property bag in an engine event: secrets are masked. */
export type Properties = Readonly<Record<string, unknown>>;

/** A resource before or after a step. */
export interface StepState {
  /** Before a step it may be another URN than the step's: that of an alias. */
  urn: string;
  /** Empty before the resource exists. */
  id: string;
  /** The provider that serves it: its URN and its id, with `::` between them. */
  provider: string;
  inputs: Properties;
  outputs: Properties;
}

/** A step of the engine that has ended (`resOutputsEvent`). */
export interface StepEvent {
  /** `refresh`, `same`, `create`, `update`, `delete`, `replace`, or another operation of the engine. */
  op: string;
  urn: string;
  type: string;
  old: StepState | undefined;
  new: StepState | undefined;
}

/** An error that the engine reports. */
export interface EngineError {
  message: string;
  /** The resource; empty for the stack. */
  urn: string;
}

/** The parts of a preview's events that are used here. */
export interface PreviewEvents {
  steps: readonly StepEvent[];
  errors: readonly EngineError[];
  /** Whether there is a summary, which the engine sends at the end. */
  hasSummary: boolean;
}

/** A resource in the stack's state. */
export interface StateResource {
  urn: string;
  type: string;
  id: string;
  /** The provider that serves it: its URN and its id, with `::` between them; empty for a provider and a component. */
  provider: string;
  inputs: Properties;
  outputs: Properties;
  /** Why the last operation was only partly done. */
  initErrors: readonly string[];
  /** Whether it was replaced and is waiting to be deleted. */
  isPendingDelete: boolean;
}

const isRecord = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const recordOf = (value: unknown): Properties => (isRecord(value) ? value : {});

/**
 * Parses the events of a preview; kinds that are not used are skipped.
 *
 * @throws ProviderError for a step without its resource
 */
export function parsePreviewEvents(events: readonly unknown[]): PreviewEvents {
  const steps: StepEvent[] = [];
  const errors: EngineError[] = [];
  let hasSummary = false;
  for (const event of events.filter(isRecord)) {
    const outputs = event['resOutputsEvent'];
    const diagnostic = event['diagnosticEvent'];
    if (isRecord(outputs)) {
      steps.push(parseStep(outputs['metadata']));
    } else if (isRecord(diagnostic) && diagnostic['severity'] === 'error') {
      errors.push({ message: textOf(diagnostic['message']).trim(), urn: textOf(diagnostic['urn']) });
    } else if (isRecord(event['summaryEvent'])) {
      hasSummary = true;
    }
  }
  return { steps, errors, hasSummary };
}

/** Whether an event reports that a resource of certain types has been read. */
export function hasRead(event: unknown, isType: (type: string) => boolean): boolean {
  const metadata = recordOf(recordOf(recordOf(event)['resOutputsEvent'])['metadata']);
  return metadata['op'] === 'refresh' && isType(textOf(metadata['type']));
}

function parseStep(metadata: unknown): StepEvent {
  if (!isRecord(metadata) || typeof metadata['op'] !== 'string' || typeof metadata['urn'] !== 'string') {
    throw new ProviderError({
      code: 'ECA8006',
      cause:
        'an event of the Pulumi engine (resOutputsEvent) names no step or resource: this release does not support this version of the Pulumi CLI',
    });
  }
  const stateOf = (value: unknown): StepState | undefined =>
    isRecord(value)
      ? {
          urn: textOf(value['urn']),
          id: textOf(value['id']),
          provider: textOf(value['provider']),
          inputs: recordOf(value['inputs']),
          outputs: recordOf(value['outputs']),
        }
      : undefined;
  return {
    op: metadata['op'],
    urn: metadata['urn'],
    type: textOf(metadata['type']),
    old: stateOf(metadata['old']),
    new: stateOf(metadata['new']),
  };
}

/**
 * Parses the deployment of `pulumi stack export`.
 *
 * @throws ProviderError when it is not a deployment
 */
export function parseDeployment(deployment: unknown): StateResource[] {
  const resources = isRecord(deployment) ? (deployment['resources'] ?? []) : undefined;
  if (!Array.isArray(resources)) {
    throw new ProviderError({
      code: 'ECA8006',
      cause:
        'the export of the stack contains no list of resources: this release does not support this version of the Pulumi CLI',
    });
  }
  return resources.filter(isRecord).map((resource) => {
    const initErrors = resource['initErrors'];
    return {
      urn: textOf(resource['urn']),
      type: textOf(resource['type']),
      id: textOf(resource['id']),
      provider: textOf(resource['provider']),
      inputs: recordOf(resource['inputs']),
      outputs: recordOf(resource['outputs']),
      initErrors: Array.isArray(initErrors) ? initErrors.map(String) : [],
      isPendingDelete: resource['delete'] === true,
    };
  });
}

/**
 * Whether a stack's state has the values that `up` set last, that is, whether the last operation that may have changed it was a successful
 * `up`. A refresh writes the org's values to the state, and an import those of its file.
 *
 * @param history the entries of `pulumi stack history --json`, the newest first
 */
export function isStateFromUp(history: readonly unknown[]): boolean {
  for (const entry of history.filter(isRecord)) {
    const changes = recordOf(entry['resourceChanges']);
    const hasChanged = Object.entries(changes).some(([op, count]) => op !== 'same' && count !== 0);
    if (entry['kind'] !== 'refresh' || hasChanged) {
      return entry['kind'] === 'update' && entry['result'] === 'succeeded';
    }
  }
  return false;
}
