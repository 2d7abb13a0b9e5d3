import { orgNotChanged, ProviderError } from '../errors.js';
import { wantedValues } from '../policy/difference.js';
import { describeApp } from '../reconcile/request.js';
import type { ResourceInputs } from '../resourceState.js';
import type { Conflict } from '../run/declarations.js';
import type { Run } from '../run/run.js';

/**
 * Records which org a resource of the running program is in, for all provider processes of the run, and fails when another resource
 * manages one of its fields there.
 *
 * @throws ProviderError naming the field and the other resource; when what the processes share cannot be used
 */
export async function declareInOrg(
  run: Pick<Run, 'declarations' | 'configuration' | 'shared'>,
  inputs: ResourceInputs,
  organizationId: string,
): Promise<void> {
  const { declarations, shared } = run;
  const { app, org } = inputs;
  const own = declarations.find(app, org, wantedValues(inputs.settings));
  if (own === undefined) {
    return;
  }
  declarations.noteResource(own.urn, organizationId);
  assertNoConflict(run, inputs);
  await shared.share({ urn: own.urn, app, organizationId, fields: [...own.fields] });
  for (const other of await shared.ofOthers(app, organizationId)) {
    const field = [...own.fields].find((one) => other.fields.includes(one));
    if (field !== undefined) {
      throw conflictError(
        run,
        inputs,
        organizationId,
        `${field} ${describeOtherManager(other.urn, ' through another provider')}`,
      );
    }
  }
}

function describeOtherManager(urn: string, through: string): string {
  return (
    `is already managed by the resource ${urn.split('::').at(-1) ?? urn}${through}. Two resources for one app can manage different fields, but not ` +
    'the same one. Remove it from one of them'
  );
}

function conflictError(
  { configuration }: Pick<Run, 'configuration'>,
  { app, org }: ResourceInputs,
  organizationId: string,
  cause: string,
): ProviderError {
  return new ProviderError({
    code: 'ECA2012',
    subject: describeApp(app, { label: configuration.of(org).label, organizationId }),
    cause,
    orgState: orgNotChanged,
  });
}

/** Describes a conflict with a declaration, as the reason for a property or after its name; without a full stop. */
export function describeConflict({ other, organizationId }: Conflict, subject: string): string {
  const alias = other.org === undefined ? 'the top-level settings' : `the org "${other.org}"`;
  const through =
    organizationId === undefined ? '' : ` through ${alias}, which leads to the same organization`;
  return describeOtherManager(other.urn, `${through}${subject}`);
}

/**
 * Fails when another resource of the running program manages one of the fields in the same org through another alias: the org of an
 * alias is known after its sign-in, or from the state.
 *
 * @throws ProviderError naming the field and the other resource
 */
export function assertNoConflict(
  run: Pick<Run, 'declarations' | 'configuration'>,
  inputs: ResourceInputs,
): void {
  const { declarations } = run;
  const { app, org, settings } = inputs;
  const own = declarations.find(app, org, wantedValues(settings));
  const conflict = own && declarations.conflictOf(own);
  if (conflict?.organizationId !== undefined) {
    throw conflictError(
      run,
      inputs,
      conflict.organizationId,
      `${conflict.field} ${describeConflict(conflict, '')}`,
    );
  }
}
