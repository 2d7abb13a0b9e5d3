import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { driftLookVariable, driftTimeoutVariable } from '../../run/driftLook.js';
import { formatMessage, reasonOf } from '../../errors.js';
import type { ConfigurationReader } from '../../signIn/configuration.js';
import { resourceType } from '../../resourceType.js';
import { askCli, cliReason } from '../stack/cliFailure.js';
import { configurationOf, openStack } from '../stack/openStack.js';
import { compareResources } from './compareResources.js';
import { failuresOf } from './failures.js';
import { hasRead, isStateFromUp, parseDeployment, parsePreviewEvents } from './engineEvents.js';
import type { StateResource, StepEvent } from './engineEvents.js';
import { scopeOfLook } from './foreignProviders.js';
import type { LookScope } from './foreignProviders.js';
import { makeReport } from './report.js';
import type { DriftReport, ResourceDrift } from './report.js';

/** Which stack is looked at, and with what. */
export interface StackToLookAt {
  /** The folder of the project; relative paths in the configuration count from there. */
  folder: string;
  /** The name of the stack; `undefined` for the selected one. */
  name: string | undefined;
  environment: Readonly<Record<string, string | undefined>>;
  /** Types of resources whose provider may be any text of the state. */
  trustedTypes: readonly string[];
  /** The limit of one wait for an org, in minutes; `undefined`: that of the configuration. */
  timeoutMinutes: number | undefined;
  /** Whether to ask each org for its apps, and find those that no resource declares. */
  asksForUnmanaged: boolean;
  /** Takes what the look is doing, to be shown for the moment. */
  onProgress: (text: string) => void;
}

/** So many resources are read at a time: those that arrive together share one retrieve, and the engine's default is a few a core. */
const parallelReads = 64;

/** How many entries of the history are looked at for the last `up`. */
const historyLength = 20;

/**
 * Reads the org and the program of a stack by a preview, and compares them; changes nothing, neither the org nor the state nor which
 * stack is selected. Only what keeps the look itself from beginning is thrown; what goes wrong later is in the report.
 *
 * The preview runs the program, so that the configuration is that of today. Whatever `salesforce:preview` says, neither `check` nor
 * `diff` asks the org: a resource that `up` would refuse can have drifted all the same.
 *
 * @throws ProviderError when there is no such project or stack, no Pulumi CLI, or code in the state that is not ours
 */
export async function lookAtStack({
  folder,
  name,
  environment,
  trustedTypes,
  timeoutMinutes,
  asksForUnmanaged,
  onProgress,
}: StackToLookAt): Promise<DriftReport> {
  const stack = await openStack(folder, name, {
    [driftLookVariable]: 'true',
    [driftTimeoutVariable]: timeoutMinutes === undefined ? '' : String(timeoutMinutes),
  });
  const stackName = stack.name;
  const exported = await askCli(`stack ${stackName}`, () => stack.exportStack());
  const state = parseDeployment(exported.deployment);
  const scope = scopeOfLook(stackName, state, trustedTypes);
  onProgress(`stack ${stackName}: running the program`);
  const ours = state.filter(({ type }) => type === resourceType);
  const { failure, events } = await preview(stack, scope, ours.length, (text) => {
    onProgress(`stack ${stackName}: ${text}`);
  });
  const isFromUp = await stateIsFromUp(stack, state, events.steps);
  const resources = compareResources(state, events, isFromUp);
  const failures = failuresOf(events.errors, resources);
  if (failure !== undefined && failures.length === 0) {
    failures.push(failure);
  }
  if (!events.hasSummary && failures.length === 0) {
    failures.push(
      formatMessage({ code: 'ECA8007', cause: 'the preview ended without a summary, so nothing is certain' }),
    );
  }
  if (failures.length === 0 && ours.length === 0) {
    failures.push(nothingToCompare(stackName, state.length, resources.length));
  }
  const { addLastModified } = await import('./lastModified.js');
  const hasDrifted = resources.some(({ status }) => status === 'drifted' || status === 'both');
  const read = await readConfiguration(stack, hasDrifted || asksForUnmanaged);
  const dated = await addLastModified(
    resources,
    read,
    environment,
    (urn) => componentNamesOf(urn, events.steps),
    timeoutMinutes,
  );
  const coverage = asksForUnmanaged
    ? await (await import('./unmanagedApps.js')).findUnmanaged(resources, read, environment, timeoutMinutes)
    : undefined;
  return makeReport({
    stack: stackName,
    ...(coverage === undefined ? {} : { unmanaged: coverage.unmanaged }),
    resources: dated.resources,
    failures: [...failures, ...(coverage?.failures ?? [])],
    notes: [...scope.notes, ...undeterminedNotes(resources), ...dated.notes],
  });
}

async function preview(
  stack: Stack,
  { target }: LookScope,
  expected: number,
  onProgress: StackToLookAt['onProgress'],
): Promise<{ failure: string | undefined; events: ReturnType<typeof parsePreviewEvents> }> {
  const events: unknown[] = [];
  let read = 0;
  let failure: string | undefined;
  try {
    await stack.preview({
      refresh: true,
      runProgram: true,
      parallel: parallelReads,
      ...(target === undefined ? {} : { target: [target] }),
      onEvent: (event) => {
        events.push(event);
        if (hasRead(event, resourceType)) {
          read += 1;
          onProgress(`reading: ${read} of ${expected} resources`);
        }
      },
    });
  } catch (thrown) {
    failure = cliReason(reasonOf(thrown));
  }
  return { failure, events: parsePreviewEvents(events) };
}

/** The history is asked only where it matters: where the state and the org agree and the program does not. */
async function stateIsFromUp(
  stack: Stack,
  state: readonly StateResource[],
  steps: readonly StepEvent[],
): Promise<boolean> {
  const hasOpenQuestion = compareResources(state, { steps }, false).some(({ differences }) =>
    differences.some(({ cause }) => cause === 'undetermined'),
  );
  if (!hasOpenQuestion) {
    return false;
  }
  try {
    return isStateFromUp(await stack.history(historyLength, 1, false));
  } catch {
    // A backend without a history: which of the two has changed cannot be told then.
    return false;
  }
}

function undeterminedNotes(resources: readonly ResourceDrift[]): string[] {
  const isUndetermined = resources.some(({ differences }) =>
    differences.some(({ cause }) => cause === 'undetermined'),
  );
  return isUndetermined
    ? [
        '"org or program changed": which of the two is not known, because the state was refreshed since the last up, or the value is a secret',
      ]
    : [];
}

function nothingToCompare(stack: string, inState: number, declared: number): string {
  const holds = inState === 0 ? 'is empty' : 'holds no ExternalClientAppJwtPolicy';
  return formatMessage({
    code: 'ECA8008',
    cause:
      declared === 0
        ? `stack ${stack} ${holds}, and its program declares none: nothing was compared. Is it the right stack?`
        : `stack ${stack} ${holds}, so nothing was compared: its program declares ${declared}. Run pulumi up once`,
  });
}

/** The configuration of today; not asked for where no org is. */
async function readConfiguration(stack: Stack, isNeeded: boolean): Promise<ConfigurationReader> {
  if (isNeeded) {
    try {
      return (await configurationOf(stack)).read;
    } catch {
      // The preview has had it; without it the sign-in says what is missing, and that is reported.
    }
  }
  return () => undefined;
}

function componentNamesOf(urn: string, steps: readonly StepEvent[]): Readonly<Record<string, unknown>> {
  const names = steps.find((step) => step.op === 'refresh' && step.urn === urn)?.new?.outputs['components'];
  return typeof names === 'object' && names !== null ? { ...names } : {};
}
