import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { driftLookVariable, driftTimeoutVariable } from '../../run/driftLook.js';
import { formatMessage, reasonOf } from '../../errors.js';
import { isOwnType } from '../../resourceType.js';
import { askCli, cliReason } from '../stack/cliFailure.js';
import { configurationOf, openStack } from '../stack/openStack.js';
import { StackSignIns } from '../stack/stackSignIns.js';
import type { SignedInResource } from '../stack/stackSignIns.js';
import { countOf } from '../format/count.js';
import { compareResources } from './compareResources.js';
import { failuresOf } from './failures.js';
import { hasRead, isStateFromUp, parseDeployment, parsePreviewEvents } from './engineEvents.js';
import type { StateResource, StepEvent } from './engineEvents.js';
import { scopeOfLook } from './foreignProviders.js';
import type { LookScope } from './foreignProviders.js';
import { makeReport } from './report.js';
import type { DriftReport, ResourceDrift } from './report.js';
import { ResourceOrgs } from './resourceOrgs.js';

/** The stack to compare and the options for that. */
export interface StackToLookAt {
  /** The folder of the project; relative paths in the configuration are relative to it. */
  folder: string;
  /** The name of the stack; `undefined` for the selected one. */
  name: string | undefined;
  environment: Readonly<Record<string, string | undefined>>;
  /** Types of resources whose provider code in the state may run. */
  trustedTypes: readonly string[];
  /** The limit of one wait for an org, in minutes; `undefined`: that of the configuration. */
  timeoutMinutes: number | undefined;
  /** Whether to ask each org for its apps and find those that no resource declares. */
  asksForUnmanaged: boolean;
  /** The apps that need no resource. */
  exemptApps: readonly string[];
  /** Called with the current step, to show it as progress. */
  onProgress: (text: string) => void;
}

/** How many resources are read at a time: those that arrive together share one retrieve, and the engine's default is a few per core. */
const parallelReads = 64;

/** How many entries of the history are searched for the last `up`. */
const historyLength = 20;

/**
 * Reads the org and the program of a stack by a preview, and compares them. It changes nothing: neither the org nor the state nor the
 * selected stack. It throws only if the comparison cannot start; later errors are in the report.
 *
 * The preview runs the program, so the current configuration is used. With any `salesforce:preview`, neither `check` nor `diff` asks
 * the org: a resource that `up` would refuse can still have drifted.
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
  exemptApps,
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
  const ours = state.filter(({ type }) => isOwnType(type));
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
      formatMessage({
        code: 'ECA8007',
        cause: 'the preview ended without a summary, so the comparison may be incomplete',
      }),
    );
  }
  if (failures.length === 0 && ours.length === 0) {
    failures.push(nothingToCompare(stackName, state.length, resources.length));
  }
  const { addLastModified } = await import('./lastModified.js');
  const hasDrifted = resources.some(({ status }) => status === 'drifted' || status === 'both');
  const configuration = await readConfiguration(stack, hasDrifted || asksForUnmanaged);
  const orgs = new ResourceOrgs(
    new StackSignIns(configuration, state),
    (urn) => signedInResource(urn, state, events.steps),
    environment,
    timeoutMinutes,
  );
  const dated = await addLastModified(resources, orgs, (urn) => componentNamesOf(urn, events.steps));
  const coverage = asksForUnmanaged
    ? await (await import('./unmanagedApps.js')).findUnmanaged(resources, orgs, exemptApps)
    : undefined;
  return makeReport({
    stack: stackName,
    ...(coverage === undefined ? {} : { unmanaged: coverage.unmanaged }),
    resources: dated.resources,
    failures: [...failures, ...(coverage?.failures ?? [])],
    notes: [...scope.notes, ...undeterminedNotes(resources), ...dated.notes, ...(coverage?.notes ?? [])],
  });
}

async function preview(
  stack: Stack,
  { targets }: LookScope,
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
      ...(targets === undefined ? {} : { target: [...targets] }),
      onEvent: (event) => {
        events.push(event);
        if (hasRead(event, isOwnType)) {
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

/** The history is read only if it matters: if the state and the org are equal but the program differs. */
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
    // The backend has no history, so it is unknown which of the two has changed.
    return false;
  }
}

function undeterminedNotes(resources: readonly ResourceDrift[]): string[] {
  const isUndetermined = resources.some(({ differences }) =>
    differences.some(({ cause }) => cause === 'undetermined'),
  );
  return isUndetermined
    ? [
        '"org or program changed": it is unknown which of them, because the state was refreshed after the last up, or because the value is a secret',
      ]
    : [];
}

function nothingToCompare(stack: string, inState: number, declared: number): string {
  const holds = inState === 0 ? 'is empty' : 'contains no ExternalClientAppJwtPolicy';
  return formatMessage({
    code: 'ECA8008',
    cause:
      declared === 0
        ? `stack ${stack} ${holds}, and its program declares none: nothing was compared. Check that it is the right stack`
        : `stack ${stack} ${holds}, but its program declares ${countOf(declared, 'ExternalClientAppJwtPolicy resource')}, so nothing was compared. Run pulumi up once`,
  });
}

/** The current configuration; it is read only if an org is asked. */
async function readConfiguration(
  stack: Stack,
  isNeeded: boolean,
): Promise<Readonly<Record<string, unknown>>> {
  if (isNeeded) {
    try {
      return await configurationOf(stack);
    } catch {
      // The preview could read it; without it the sign-in reports what is missing.
    }
  }
  return {};
}

/** A resource in the state, or one that up would create. */
function signedInResource(
  urn: string,
  state: readonly StateResource[],
  steps: readonly StepEvent[],
): SignedInResource {
  const step = steps.find((planned) => planned.urn === urn);
  return (
    state.find((resource) => resource.urn === urn) ?? {
      type: step?.type ?? '',
      provider: step?.new?.provider ?? '',
    }
  );
}

function componentNamesOf(urn: string, steps: readonly StepEvent[]): Readonly<Record<string, unknown>> {
  const names = steps.find((step) => step.op === 'refresh' && step.urn === urn)?.new?.outputs['components'];
  return typeof names === 'object' && names !== null ? { ...names } : {};
}
