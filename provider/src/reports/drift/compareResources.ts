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
import { resourceType } from '../../resourceType.js';
import type { PreviewEvents, Properties, StateResource, StepEvent, StepState } from './engineEvents.js';
import { combined } from './report.js';
import type { DifferenceCause, DriftStatus, FieldDifference, ResourceDrift } from './report.js';

/** What is known of one resource. */
interface KnownResource {
  urn: string;
  inState: StateResource | undefined;
  /** What reading the org gave. */
  refresh: StepEvent | undefined;
  /** What the program asks for. */
  plan: StepEvent | undefined;
}

/**
 * Compares, field by field, what the org holds with what the program declares, for each policy of a stack or of its program.
 *
 * The engine's own verdict is not asked: it calls a resource changed for what never reaches an org, and a plain refresh makes it
 * forget what the program declares.
 *
 * @param isFromUp whether the state holds what `up` set last, and not what a refresh took over
 */
export function compareResources(
  state: readonly StateResource[],
  { steps }: Pick<PreviewEvents, 'steps'>,
  isFromUp: boolean,
): ResourceDrift[] {
  const own = state.filter(({ type }) => type === resourceType);
  const ownSteps = steps.filter(({ type }) => type === resourceType);
  const urns = new Set([...own, ...ownSteps].map(({ urn }) => urn));
  return [...urns].sort().map((urn) => {
    const mine = ownSteps.filter((step) => step.urn === urn);
    return compare(
      {
        urn,
        // A replaced resource that waits for its deletion has the same URN.
        inState: own.find((resource) => resource.urn === urn && !resource.isPendingDelete),
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
    return result('pending', 'the stack does not hold it yet: up would create it');
  }
  if (plan?.op === 'delete') {
    return result(
      'pending',
      'the program does not declare it any more: up would delete it, which restores the values found at first',
    );
  }
  if (refresh === undefined) {
    return result('failed', 'it was not read: the preview ended before');
  }
  if (refresh.new === undefined) {
    return result('drifted', 'the org does not have the app any more');
  }
  if (plan === undefined) {
    return result('failed', 'it was read but not compared with the program: the preview ended before');
  }
  if (plan.op !== 'same' && plan.op !== 'update') {
    return result('pending', `the program names another app or org for it: up would replace it (${plan.op})`);
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
      // A secret is shown to nobody: whether it differs only the provider's own comparison tells.
      return plan.op === 'same' ? [] : difference('undetermined');
    }
    const found = live[field];
    if (declared[field] === undefined || (found !== undefined && open[field] === undefined)) {
      return [];
    }
    if (found === undefined) {
      // Not managed so far, so it was not read.
      return difference('notApplied');
    }
    const remembered = inState[field];
    if (remembered !== undefined && !isSatisfied(field, remembered, found)) {
      return difference('changedInOrg');
    }
    return difference(isFromUp ? 'notApplied' : 'undetermined');
  });
}

/** The engine shows a secret as an object with a signature, or as this text. */
const isMasked = (value: unknown): boolean =>
  value === '[secret]' || (typeof value === 'object' && value !== null);

function visibleIn(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => !isMasked(value)));
}

/** The values of the managed fields, `absent` where the org has none; a secret one is left out. */
function liveValues(id: string, outputs: Properties): FieldValues {
  const { live } = parseState(id, outputs);
  return pick(
    live,
    fieldsOf(live).filter((field) => !isMasked(outputs[field])),
  );
}
