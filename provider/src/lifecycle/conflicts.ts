import { ProviderError } from '../errors.js';
import { wantedValues } from '../policy/difference.js';
import { describeApp } from '../reconcile/request.js';
import type { ResourceInputs } from '../resourceState.js';
import type { Conflict } from '../run/declarations.js';
import type { Run } from '../run/run.js';

/** Says what stands against a declaration, as the reason of a property or after one; no full stop at the end. */
export function describeConflict({ other, organizationId }: Conflict, subject: string): string {
  const name = other.urn.split('::').at(-1) ?? other.urn;
  const alias = other.org === undefined ? 'the top-level salesforce: settings' : `the org "${other.org}"`;
  const through =
    organizationId === undefined ? '' : ` through ${alias}, which leads to the same organization`;
  return (
    `is already managed by the resource ${name}${through}${subject}: two resources on one app may manage different fields, but not ` +
    'the same one. Remove it from one of them'
  );
}

/**
 * Fails when another resource of the running program manages one of the fields in the same org through another alias: which org an
 * alias leads to is known once it has signed in, or from the state.
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
