import { formatMessage, orgNotChanged, ProviderError, withParts } from '../errors.js';
import type { MessageParts } from '../errors.js';
import { difference, fieldsOf, stillKept, wantedValues } from '../policy/difference.js';
import type { FieldValues } from '../policy/fields.js';
import { adviceOnName } from '../policy/nearestNames.js';
import { pick } from '../policy/restore.js';
import { AfterDeployError, describeApp } from '../reconcile/request.js';
import type { ReconcileResult } from '../reconcile/request.js';
import type { OrgReconciler } from '../reconcile/orgReconciler.js';
import { formatId, formatOutputs } from '../resourceState.js';
import type { Properties, ResourceInputs, ResourceState } from '../resourceState.js';
import type { ComponentNames } from '../components/componentTypes.js';
import type { Run } from '../run/run.js';
import { assertNoConflict } from './conflicts.js';

/** The org was or may have been changed: the engine keeps the resource with these properties and reads the org again at the next `up`. */
export class ChangedOrgError extends ProviderError {
  /** The engine shows these instead of the message. */
  readonly reasons: readonly string[];

  constructor(
    parts: MessageParts,
    readonly id: string,
    readonly properties: Readonly<Record<string, unknown>>,
  ) {
    super(parts);
    this.reasons = [this.message];
  }
}

/** A change that create or update requests. */
export interface Change {
  inputs: ResourceInputs;
  /** The inputs as the engine passed them: the provider's source text goes back into the state of a failed resource. */
  properties: Properties;
  /** Values that the org kept although they were removed, from the state. */
  valuesKept?: FieldValues | undefined;
  knownNames: ComponentNames | undefined;
  /** A deploy of the last run whose result is not known. */
  pendingDeploy?: string | undefined;
  /** Derives the values found from those before this change. */
  valuesFound: (before: FieldValues) => FieldValues;
}

/**
 * Applies what a resource declares.
 *
 * @returns the full outputs
 * @throws ProviderError when the org was not changed, ChangedOrgError when it was or may have been
 */
export async function applyChange(
  run: Pick<Run, 'declarations' | 'configuration' | 'log'>,
  reconciler: OrgReconciler,
  { inputs, properties, valuesKept, knownNames, pendingDeploy, valuesFound }: Change,
): Promise<Record<string, unknown>> {
  const { connection } = reconciler;
  const wanted = wantedValues(inputs.settings);
  const outputsOf = (
    before: FieldValues,
    observed: (ReconcileResult & { isPresent: true })['after'],
    kept: FieldValues,
  ) =>
    formatOutputs({
      inputs,
      observed,
      organizationId: connection.organizationId,
      apiVersion: connection.apiVersion,
      valuesFound: valuesFound(before),
      valuesKept: kept,
    });
  let result: ReconcileResult;
  try {
    result = await reconciler.reconcile({
      app: inputs.app,
      fields: fieldsOf(wanted),
      wanted,
      kept: valuesKept,
      knownNames,
      pendingDeploy,
      // The org of an alias may have become known since the program's declarations were checked.
      beforeChange: () => {
        assertNoConflict(run, inputs);
      },
      allow: inputs.allow,
      log: run.log.of(run.declarations.urnOf(inputs.app, inputs.org, wanted)),
    });
  } catch (thrown) {
    if (thrown instanceof AfterDeployError) {
      const parts = withParts(thrown.parts, { hint: 'Run pulumi up again: it looks at the org first' });
      throw new ChangedOrgError(parts, formatId(connection.organizationId, inputs.app), {
        ...outputsOf(thrown.before, thrown.after, stillKept(thrown.after.live, valuesKept)),
        ...(thrown.pendingDeploy === undefined ? {} : { pendingDeploy: thrown.pendingDeploy }),
        __provider: properties['__provider'],
      });
    }
    throw thrown;
  }
  if (!result.isPresent) {
    throw absenceError(inputs, reconciler, result);
  }
  const { before, after } = result;
  return outputsOf(before, after, pick(after.live, fieldsOf(difference(wanted, after.live))));
}

/** The error for an app that the org does not have, with similar names. */
export function absenceError(
  inputs: ResourceInputs,
  { connection }: OrgReconciler,
  { isConnectedApp, nearestNames }: ReconcileResult & { isPresent: false },
): ProviderError {
  const common = {
    subject: describeApp(inputs.app, connection),
    isOneSentence: true,
    orgState: orgNotChanged,
  };
  if (isConnectedApp) {
    return new ProviderError({
      ...common,
      code: 'ECA3002',
      cause: 'does not exist. A connected app has this name, but only external client apps are supported',
    });
  }
  return new ProviderError({
    ...common,
    code: 'ECA3001',
    cause: 'does not exist',
    advice: adviceOnName(nearestNames),
  });
}

/** Messages about fields that were removed from the program: they keep their values in the org. */
export function describeDroppedFields(state: ResourceState, inputs: ResourceInputs): string[] {
  const wanted = wantedValues(inputs.settings);
  return state.managedFields
    .filter((field) => wanted[field] === undefined)
    .map((field) =>
      formatMessage({
        code: 'ECA3106',
        subject: `External client app "${state.app}"`,
        cause: `${field} is no longer managed: it stays as it is in the org, and destroy does not restore it.`,
      }),
    );
}
