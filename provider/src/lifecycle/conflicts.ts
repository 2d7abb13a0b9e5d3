import { ProviderError } from '../errors.js';
import { wantedValues } from '../policy/difference.js';
import { describeApp } from '../reconcile/request.js';
import type { ResourceInputs } from '../resourceState.js';
import type { Conflict } from '../run/declarations.js';
import type { Run } from '../run/run.js';

/** Describes a conflict with a declaration, as the reason for a property or after its name; without a full stop. */
export function describeConflict({ other, organizationId }: Conflict, subject: string): string {
  const name = other.urn.split('::').at(-1) ?? other.urn;
  const alias = other.org === undefined ? 'the top-level salesforce: settings' : `the org "${other.org}"`;
  const through =
    organizationId === undefined ? '' : ` through ${alias}, which leads to the same organization`;
  return (
    `is already managed by the resource ${name}${through}${subject}. Two resources for one app can manage different fields, but not ` +
    'the same one. Remove it from one of them'
  );
}

/**
 * Fails when another resource of the running program manages one of the fields in the same org through another alias: the org of an
 * alias is known after its sign-in, or from the state.
 *
 * @throws ProviderError naming the field and the other resource
 */
export function assertNoConflict(
  { declarations, configuration }: Pick<Run, 'declarations' | 'configuration'>,
  { app, org, settings }: ResourceInputs,
): void {
  const own = declarations.find(app, org, wantedValues(settings));
  const conflict = own && declarations.conflictOf(own);
  if (conflict?.organizationId !== undefined) {
    const { organizationId } = conflict;
    throw new ProviderError({
      code: 'ECA2012',
      subject: describeApp(app, { label: configuration.of(org).label, organizationId }),
      cause: `${conflict.field} ${describeConflict(conflict, '')}`,
      orgState: 'Nothing was changed for this resource',
    });
  }
}
