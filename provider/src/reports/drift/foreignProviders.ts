import { formatMessage, ProviderError } from '../../errors.js';
import { isOwnType, ownTypes, providerText } from '../../resourceType.js';
import { secretParts } from '../../secretValues.js';
import type { Properties, StateResource } from './engineEvents.js';

/** The resources that may be read so that no code from the state runs except ours. */
export interface LookScope {
  /** The engine's patterns for the resources to read; `undefined` for the whole stack. */
  targets: readonly string[] | undefined;
  /** Why it is not the whole stack. */
  notes: readonly string[];
}

/** Every URN of ours, also of a resource that the state does not contain yet; a state that contradicts itself counts too. */
const ownUrnParts = ownTypes.map((type) => `${type}::`);
const ownUrns = ownUrnParts.map((part) => `urn:pulumi:**${part}**`);

const isOwn = ({ type, urn }: StateResource): boolean =>
  isOwnType(type) || ownUrnParts.some((part) => urn.includes(part));

/**
 * Finds out which resources of a stack can be read. The state contains the code of a dynamic resource's provider, and anyone who can write
 * the state can change it. Reading the resource runs that code with the environment of the command, so only our own constant code is
 * allowed. If other resources have other code, only our resources are read.
 *
 * @param trustedTypes types of resources whose code may run
 * @throws ProviderError for a resource of ours with other code
 */
export function scopeOfLook(
  stack: string,
  state: readonly StateResource[],
  trustedTypes: readonly string[],
): LookScope {
  const foreign = state.filter(
    (resource) =>
      !trustedTypes.includes(resource.type) &&
      [resource.inputs, resource.outputs].some((properties) => hasForeignProvider(properties)),
  );
  const own = foreign.find((resource) => isOwn(resource));
  if (own !== undefined) {
    throw new ProviderError({
      code: 'ECA8009',
      subject: `stack ${stack}`,
      cause:
        `in the state, __provider of ${own.urn} is not the code that this package writes. Reading the resource would ` +
        'run it, so nothing was read',
      advice: `Find out who changed the state and restore an earlier version; --trust-dynamic ${own.type} would run this code`,
    });
  }
  if (foreign.length === 0) {
    return { targets: undefined, notes: [] };
  }
  const types = [...new Set(foreign.map(({ type }) => type))].sort();
  return {
    targets: ownUrns,
    notes: [
      formatMessage({
        code: 'ECA8010',
        cause:
          `only the ExternalClientAppJwtPolicy resources were compared: the state contains code of other resources (${types.join(', ')}), ` +
          'and reading those would run it',
        advice: '--trust-dynamic <type> allows that',
      }),
    ],
  };
}

function hasForeignProvider(properties: Properties): boolean {
  return Object.hasOwn(properties, '__provider') && !isOurText(properties['__provider']);
}

/** Whether a value is our own code. A masked secret counts as foreign. */
function isOurText(value: unknown): boolean {
  const parts = secretParts(value);
  if (parts === undefined) {
    return value === providerText;
  }
  return (
    Object.keys(parts).length === 1 &&
    (parts['plaintext'] === JSON.stringify(providerText) || parts['value'] === providerText)
  );
}
