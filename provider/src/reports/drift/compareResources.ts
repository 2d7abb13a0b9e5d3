import {
  fieldsOf,
  fieldValuesIn,
  isSatisfied,
  valuesToDeploy,
  wantedValues,
} from '../../policy/difference.js';
import { jwtFields, unknownValue } from '../../policy/fields.js';
import type { FieldValues } from '../../policy/fields.js';
import { pick } from '../../policy/restore.js';
import { parseInputs, parseState } from '../../resourceState.js';
import { isOwnType } from '../../resourceType.js';
import type { PreviewEvents, Properties, StateResource, StepEvent, StepState } from './engineEvents.js';
import { combined } from './report.js';
import type { DifferenceCause, DriftStatus, FieldDifference, ResourceDrift } from './report.js';

/** What is known about one resource. */
interface KnownResource {
  urn: string;
  inState: StateResource | undefined;
  /** The result of reading the org. */
  refresh: StepEvent | undefined;
  /** What the program declares. */
  plan: StepEvent | undefined;
}

/**
 * Compares the values in the org with the values in the program, field by field, for each policy of a stack or of its program.
 *
 * The engine's own result is not used: it reports a resource as changed because of inputs that never reach an org, and a plain refresh
 * replaces the declared values in the state.
 *
 * @param isFromUp whether the state has the values that `up` set last, not values from a refresh
 */
export function compareResources(
  state: readonly StateResource[],
  { steps }: Pick<PreviewEvents, 'steps'>,
  isFromUp: boolean,
): ResourceDrift[] {
  const own = state.filter(({ type }) => isOwnType(type));
  const ownSteps = steps.filter(({ type }) => isOwnType(type));
  // A step has the URN in the program. With an alias, such as the one of the native provider, the state has another.
  const urnsByOld = new Map(ownSteps.map(({ urn, old }) => [old?.urn, urn]));
  const urnInProgram = ({ urn }: StateResource): string => urnsByOld.get(urn) ?? urn;
  const urns = new Set([...own.map(urnInProgram), ...ownSteps.map(({ urn }) => urn)]);
  return [...urns].sort().map((urn) => {
    const mine = ownSteps.filter((step) => step.urn === urn);
    return compare(
      {
        urn,
        // A replaced resource that is waiting for its deletion has the same URN.
        inState: own.find((resource) => urnInProgram(resource) === urn && !resource.isPendingDelete),
        refresh: mine.find(({ op }) => op === 'refresh'),
        plan: mine.findLast(({ op }) => op !== 'refresh' && op !== 'delete-replaced'),
      },
      isFromUp,
    );
  });
}

function compare(known: KnownResource, isFromUp: boolean): ResourceDrift {
  const { urn, inState, refresh, plan } = known;
  const bag = plan?.new?.inputs ?? inState?.inputs ?? {};
  const { app, org } = parseInputs(bag);
  const id = refresh?.new?.id ?? inState?.id ?? '';
  const result = (status: DriftStatus, ...statements: string[]): ResourceDrift => ({
    urn,
    name: urn.split('::').at(-1) ?? urn,
    app,
    org,
    organizationId: id.includes('/') ? id.slice(0, id.indexOf('/')) : undefined,
    status,
    statements,
    differences: [],
  });
  if (inState === undefined) {
    return result('pending', 'the state does not contain it yet: up would create it');
  }
  if (plan?.op === 'delete') {
    return result(
      'pending',
      'the program no longer declares it: up would delete it and restore the values found before the first change',
    );
  }
  if (refresh === undefined) {
    return result('failed', 'not read: the preview ended first');
  }
  if (refresh.new === undefined) {
    return result('drifted', 'the org no longer has the app');
  }
  if (plan === undefined) {
    return result('failed', 'read but not compared with the program: the preview ended first');
  }
  if (plan.op !== 'same' && plan.op !== 'update') {
    return result('pending', `the program specifies another app or org: up would replace it (${plan.op})`);
  }
  const differences = differencesOf(refresh.new, refresh.old, plan, isFromUp);
  const isUnfinished = inState.initErrors.length > 0;
  return {
    ...result(
      combined([
        isUnfinished ? 'pending' : 'clean',
        ...differences.map(({ cause }) => (cause === 'notApplied' ? 'pending' : 'drifted')),
      ]),
      ...(isUnfinished ? [`the last up did not finish it: ${inState.initErrors.join('; ')}`] : []),
    ),
    differences,
  };
}

function differencesOf(
  read: StepState,
  before: StepState | undefined,
  plan: StepEvent,
  isFromUp: boolean,
): FieldDifference[] {
  const inputs = plan.new?.inputs ?? {};
  const declared = wantedValues(fieldValuesIn(visibleIn(inputs)));
  const live = liveValues(read.id, read.outputs);
  const open = valuesToDeploy(declared, live, parseState(read.id, read.outputs).valuesKept);
  const inState = before === undefined ? {} : liveValues(read.id, before.outputs);
  return jwtFields.flatMap((field): FieldDifference[] => {
    const difference = (cause: DifferenceCause): FieldDifference[] => [
      {
        field,
        declared: declared[field],
        live: live[field],
        inState: inState[field],
        cause,
        lastModified: undefined,
      },
    ];
    if (inputs[field] === unknownValue) {
      return difference('notApplied');
    }
    if (isMasked(inputs[field]) || isMasked(read.outputs[field])) {
      // Secrets are masked: only the provider's own comparison shows whether they differ.
      return plan.op === 'same' ? [] : difference('undetermined');
    }
    const found = live[field];
    if (declared[field] === undefined || (found !== undefined && open[field] === undefined)) {
      return [];
    }
    if (found === undefined) {
      // The field was not managed so far, so it was not read.
      return difference('notApplied');
    }
    const remembered = inState[field];
    if (remembered !== undefined && !isSatisfied(field, remembered, found)) {
      return difference('changedInOrg');
    }
    return difference(isFromUp ? 'notApplied' : 'undetermined');
  });
}

/** Whether a value is a secret: the engine shows it as an object with a signature, or as this string. */
const isMasked = (value: unknown): boolean =>
  value === '[secret]' || (typeof value === 'object' && value !== null);

function visibleIn(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => !isMasked(value)));
}

/** The values of the managed fields, `absent` if the org has none; secret values are left out. */
function liveValues(id: string, outputs: Properties): FieldValues {
  const { live } = parseState(id, outputs);
  return pick(
    live,
    fieldsOf(live).filter((field) => !isMasked(outputs[field])),
  );
}
