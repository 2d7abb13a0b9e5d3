import { formatMessage, ProviderError } from '../../errors.js';
import { providerText, resourceType } from '../../resourceType.js';
import type { Properties, StateResource } from './engineEvents.js';

/** What a look at a stack may touch, so that no text of the state runs but ours. */
export interface LookScope {
  /** The engine's pattern for the resources that are looked at; `undefined` for the whole stack. */
  target: string | undefined;
  /** Why it is not the whole stack. */
  notes: readonly string[];
}

/** Every URN of ours, also of a resource that the state does not hold yet; a state that contradicts itself counts too. */
const ownUrnPart = `${resourceType}::`;
const ownUrns = `urn:pulumi:**${ownUrnPart}**`;

const isOwn = ({ type, urn }: StateResource): boolean => type === resourceType || urn.includes(ownUrnPart);

/**
 * Finds out how far a stack can be looked at. The state keeps the provider of a dynamic resource as a text, and whoever can write the state
 * can change it: reading the resource runs it, with the environment of the command. So only our own constant text is let through. Where
 * other resources have another text, our resources alone are looked at.
 *
 * @param trustedTypes types of resources whose text may run whatever it is
 * @throws ProviderError for a resource of ours with another text
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
        `in the state, __provider of ${own.urn} is not the text that this package writes. Reading the resource would run it, so ` +
        'nothing was looked at',
      advice: `Find out who changed the state, and restore it from before; --trust-dynamic ${own.type} would run the text`,
    });
  }
  if (foreign.length === 0) {
    return { target: undefined, notes: [] };
  }
  const types = [...new Set(foreign.map(({ type }) => type))].sort();
  return {
    target: ownUrns,
    notes: [
      formatMessage({
        code: 'ECA8010',
        cause:
          `only the ExternalClientAppJwtPolicy resources were looked at: the state holds code of other resources (${types.join(', ')}), ` +
          'which reading them would run',
        advice: '--trust-dynamic <type> lets it run',
      }),
    ],
  };
}

function hasForeignProvider(properties: Properties): boolean {
  return Object.hasOwn(properties, '__provider') && !isOurText(properties['__provider']);
}

/** The key and the value by which the engine marks an object as a secret (`sdk/go/common/resource/sig`). */
const signatureKey = '4dabf18193072939515e22adb298388d';
const secretSignature = '1b47061264138c4ac30d75fd1eb44270';

/** A secret that is not shown is not ours as far as can be seen. */
function isOurText(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return value === providerText;
  }
  const { [signatureKey]: signature, ...content } = Object.fromEntries(Object.entries(value));
  const kinds = Object.keys(content);
  return (
    signature === secretSignature &&
    kinds.length === 1 &&
    (content['plaintext'] === JSON.stringify(providerText) || content['value'] === providerText)
  );
}
