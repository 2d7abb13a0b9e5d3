import { formatMessage, ProviderError, withParts } from '../errors.js';
import { describeValue, fieldsOf, isSatisfied, valuesToDeploy, wantedValues } from '../policy/difference.js';
import { absent, unknownValue } from '../policy/fields.js';
import type { FieldValues, JwtField } from '../policy/fields.js';
import { describeApp, RefusedAppError } from '../reconcile/request.js';
import type { Properties, ResourceInputs, ResourceState } from '../resourceState.js';
import { isDriftLook } from '../run/driftLook.js';
import type { Run } from '../run/run.js';
import { absenceError } from './change.js';
import { declareInOrg } from './conflicts.js';

/** What a preview knows about a resource in addition to its inputs. */
export interface PreviewedResource {
  urn: string | undefined;
  /** Whether all inputs are known: the org can validate only a complete change. */
  isComplete: boolean;
  /** The state of an existing resource. */
  state?: ResourceState;
}

/** Whether the app and the org of a resource are known in a preview. */
export function canBePreviewed(inputs: Properties): boolean {
  return inputs['externalClientApplication'] !== unknownValue && inputs['org'] !== unknownValue;
}

/**
 * Reports at a resource what `up` would report: reads the org, once for all resources, and shows the live difference and every
 * warning. Sends nothing in a drift look and with `salesforce:preview` `offline`; with `checkOnly` the org also validates the change.
 *
 * @throws ProviderError when `up` would be refused
 */
export async function previewInOrg(
  run: Pick<
    Run,
    'declarations' | 'shared' | 'configuration' | 'orgs' | 'log' | 'stackLog' | 'appLines' | 'entry'
  >,
  inputs: ResourceInputs,
  resource: PreviewedResource,
): Promise<void> {
  const { preview: mode } = run.configuration.of(inputs.org);
  if (mode === 'offline' || isDriftLook()) {
    return;
  }
  const { state, urn, isComplete } = resource;
  const reconciler = await (state === undefined
    ? run.orgs.reconcilerForApp(inputs.app, inputs.org)
    : run.orgs.reconcilerOf({ ...state, org: inputs.org }));
  const { connection } = reconciler;
  await declareInOrg(run, inputs, connection.organizationId);
  const wanted = wantedValues(inputs.settings);
  const result = await reconciler
    .preview(
      {
        app: inputs.app,
        fields: fieldsOf(wanted),
        wanted,
        kept: state?.valuesKept,
        remembered: state?.live,
        knownNames: state?.names,
        allow: inputs.allow,
        log: run.log.of(urn),
      },
      mode === 'checkOnly' && isComplete,
    )
    .catch((thrown: unknown) => {
      throw thrown instanceof RefusedAppError ? refusalOf(thrown, run.entry) : thrown;
    });
  if (!result.isPresent) {
    throw refusalOf(absenceError(inputs, reconciler, result), run.entry);
  }
  const difference = describeLiveDifference(wanted, result.live, state);
  if (difference !== undefined) {
    void run.appLines.inform(inputs.app, connection, (subject) => `${subject}: ${difference}`);
  }
  for (const { isGeneral, ...warning } of result.warnings) {
    if (isGeneral === true) {
      run.stackLog.warn(formatMessage(warning));
    } else {
      void run.appLines.warn(inputs.app, connection, (subject) => formatMessage({ ...warning, subject }));
    }
  }
  if (result.validatedBy !== undefined) {
    run.stackLog.inform(
      `${describeApp(inputs.app, connection)}: the org has validated the change and changed nothing (deploy ${result.validatedBy}, checkOnly).`,
    );
  }
}

/** The error of an app that is refused; nothing shows whether the program has others. */
function refusalOf({ parts }: ProviderError, { endsPreviewAtRefusal }: Run['entry']): ProviderError {
  return new ProviderError(
    withParts(parts, {
      hint: endsPreviewAtRefusal
        ? 'The preview ends here: if the program has more apps, they were not all checked. To report every refusal, and to set the apps ' +
          'that are not refused, run `pulumi config set salesforce:preview offline` and then `pulumi up --continue-on-error`'
        : undefined,
    }),
  );
}

/** What `up` would change; `undefined` if that is the difference between the state and the program, which Pulumi shows. */
function describeLiveDifference(
  wanted: FieldValues,
  live: FieldValues,
  state: ResourceState | undefined,
): string | undefined {
  const toDeploy = valuesToDeploy(wanted, live, state?.valuesKept);
  const fields = fieldsOf(toDeploy);
  const isInState = (field: JwtField): boolean => {
    const remembered = state?.live[field];
    return remembered !== undefined && isSatisfied(field, remembered, live[field] ?? absent);
  };
  if (state !== undefined && fields.length > 0 && fieldsOf(wanted).every(isInState)) {
    return undefined;
  }
  const changes = fields.map((field) => {
    const then = toDeploy[field] ?? absent;
    const now = live[field] ?? absent;
    const remembered = state?.live[field];
    const drift =
      remembered === undefined || isInState(field)
        ? ''
        : ` (the state says ${describeValue(field, remembered)})`;
    return `${field} ${describeValue(field, now)}${drift} → ${describeValue(field, then)}`;
  });
  return changes.length === 0
    ? 'the org already has these values; up would deploy nothing for them.'
    : `up would change ${changes.join(', ')}.`;
}
