import { DiffResponse, PropertyDiff } from '@pulumi/pulumi/proto/provider_pb.js';
import { diff } from '../lifecycle/diff.js';
import type { DiffResult } from '../lifecycle/diff.js';
import { unknownValue } from '../policy/fields.js';
import { parseInputs, parseState } from '../resourceState.js';
import type { Properties } from '../resourceState.js';
import type { ConfiguredProvider } from './configuredProvider.js';
import { detailedDiff } from './detailedDiff.js';
import type { PropertyChange } from './detailedDiff.js';
import { isDefaultProvider } from './providerConfiguration.js';
import { markIn, ownSignIn } from './signInMark.js';

const { Kind } = PropertyDiff;

const kinds: Readonly<
  Record<PropertyChange, readonly [inPlace: PropertyDiff.Kind, replacing: PropertyDiff.Kind]>
> = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
};

/**
 * What changes of a resource, property by property.
 *
 * @throws ProviderError when the sign-in leads to another org than the one in the state
 */
export async function diffResponse(
  provider: ConfiguredProvider,
  id: string,
  olds: Properties,
  news: Properties,
): Promise<DiffResponse> {
  const { changes, replaces = [] } =
    (await diffOfSignIn(provider, id, olds, news)) ?? (await diff(provider.run, id, olds, news));
  const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
  const response = new DiffResponse()
    .setChanges(changes ? DIFF_SOME : DIFF_NONE)
    .setReplacesList(replaces)
    .setStablesList(replaces.length === 0 ? ['orgId'] : []);
  const details = changes
    ? detailedDiff(parseState(id, olds), olds, news)
    : new Map<string, PropertyChange>();
  for (const property of replaces) {
    details.set(property, details.get(property) ?? 'update');
  }
  for (const [property, change] of details) {
    const kind = kinds[change][replaces.includes(property) ? 1 : 0];
    response.getDetaileddiffMap().set(property, new PropertyDiff().setKind(kind).setInputdiff(false));
  }
  return response.setHasdetaileddiff(details.size > 0).setDiffsList([...details.keys()]);
}

/**
 * Whether the resource came to another provider, or its provider to another user or address: then the sign-in tells whether it leads to
 * another org, which replaces the resource if the provider is another one. A state without a mark came from the dynamic provider, which
 * has no explicit providers.
 *
 * @returns `undefined` where the sign-in makes no difference
 */
async function diffOfSignIn(
  provider: ConfiguredProvider,
  id: string,
  olds: Properties,
  news: Properties,
): Promise<DiffResult | undefined> {
  const state = parseState(id, olds);
  const inputs = parseInputs(news);
  const before = markIn(olds);
  if (
    (before === undefined && isDefaultProvider(provider.name)) ||
    news['org'] === unknownValue ||
    inputs.app !== state.app ||
    inputs.org !== state.org
  ) {
    return undefined;
  }
  const { mark, organizationId: known } = ownSignIn(provider, inputs.org);
  const isOtherProvider = before?.provider !== mark.provider;
  const isOtherAccount = before?.account !== mark.account;
  if (isOtherProvider && known !== undefined && known !== state.organizationId) {
    return { changes: true, replaces: ['orgId'] };
  }
  if (!isOtherAccount) {
    return undefined;
  }
  const { orgs } = provider.run;
  if (isOtherProvider) {
    const { connection } = await orgs.reconcilerForApp(inputs.app, inputs.org);
    if (connection.organizationId !== state.organizationId) {
      return { changes: true, replaces: ['orgId'] };
    }
  } else {
    await orgs.reconcilerOf(state);
  }
  // An update records the sign-in, so that the next run need not ask.
  return { ...(await diff(provider.run, id, olds, news)), changes: true };
}
