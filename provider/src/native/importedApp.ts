import { partsOf, ProviderError } from '../errors.js';
import type { MessageParts } from '../errors.js';
import { toCaseSafeId } from '../org/organizationId.js';
import type { ReadResult } from '../lifecycle/read.js';
import { appNamed } from '../reconcile/apps/readOrg.js';
import { exportPolicies } from '../reports/export/exportedPolicies.js';
import { formatInputs, formatOutputs } from '../resourceState.js';
import type { Run } from '../run/run.js';
import type { ConfiguredProvider } from './configuredProvider.js';

/**
 * Reads an app that no state holds yet, for `pulumi import`, the option `import` and `get()`: with everything that a resource can
 * declare of it. The values found, which destroy restores, are those of now.
 *
 * @param id `<organization id>/<app>`, or the name of the app alone, which is then in the org of the settings of the provider itself
 * @param givenOrg a key of `orgs`; `undefined` if the engine passed none, as for `pulumi import` and the option `import`
 * @throws ProviderError when the id is not one, no sign-in leads to its organization, or the app does not exist or has nothing that a
 *   resource could declare
 */
export async function importApp(
  provider: ConfiguredProvider,
  id: string,
  givenOrg: string | undefined,
): Promise<Required<ReadResult>> {
  const { name, organizationId: wanted } = parseImportId(id);
  const org = wanted === undefined ? givenOrg : await orgLeadingTo(provider.run, wanted, name, givenOrg);
  const { label, organizationId } = (await provider.run.orgs.reconcilerForApp(name, org)).connection;
  const snapshot = await provider.look(org);
  const app = appNamed(snapshot, name);
  const { policies, leftOut } = exportPolicies({ ...snapshot, apps: [app] });
  const [policy] = policies;
  if (policy === undefined) {
    throw new ProviderError({
      code: 'ECA3013',
      subject: `External client app "${name}" in org ${label} (${organizationId})`,
      isOneSentence: true,
      cause: `cannot be imported: ${leftOut[0]?.reason ?? ''}`,
    });
  }
  const inputs = { ...policy.inputs, org };
  return {
    id: policy.id,
    inputs: formatInputs(inputs, inputs.settings),
    props: formatOutputs({
      inputs,
      organizationId,
      apiVersion: snapshot.apiVersion,
      observed: policy.observed,
      valuesFound: policy.observed.live,
    }),
  };
}

/** @throws ProviderError when the id has another form */
function parseImportId(id: string): { name: string; organizationId: string | undefined } {
  const [name = '', organization, ...rest] = id.split('/').reverse();
  const organizationId = organization === undefined ? undefined : toCaseSafeId(organization);
  if (name === '' || rest.length > 0 || (organization !== undefined && organizationId === undefined)) {
    throw new ProviderError({
      code: 'ECA3013',
      subject: `"${id}"`,
      isOneSentence: true,
      cause: 'cannot be imported: the id must be <organization id>/<app>, or the name of the app alone',
    });
  }
  return { name, organizationId };
}

/**
 * The key of `orgs` whose sign-in leads to an organization; the settings of the provider itself are tried first.
 *
 * @returns `undefined` for the settings of the provider itself
 * @throws ProviderError when no sign-in leads there: the error of one that failed, otherwise with where they lead
 */
async function orgLeadingTo(
  { configuration, orgs }: Pick<Run, 'configuration' | 'orgs'>,
  organizationId: string,
  app: string,
  givenOrg: string | undefined,
): Promise<string | undefined> {
  const failures: MessageParts[] = [];
  const others: string[] = [];
  for (const org of givenOrg === undefined ? [undefined, ...configuration.aliases()] : [givenOrg]) {
    try {
      const { connection } = await orgs.reconcilerForApp(app, org);
      if (connection.organizationId === organizationId) {
        return org;
      }
      others.push(`${connection.label} leads to ${connection.organizationId}`);
    } catch (thrown) {
      failures.push(partsOf(thrown));
    }
  }
  // A program with `orgs` alone has no sign-in of its own.
  const told = others.length > 0 ? failures.filter(({ code }) => code !== 'ECA1001') : failures;
  throw new ProviderError(
    told[0] ?? {
      code: 'ECA1701',
      subject: `External client app "${app}"`,
      isOneSentence: true,
      cause: `cannot be imported from organization ${organizationId}: no sign-in leads there (${others.join(', ')})`,
      advice: 'Correct the id, or configure a sign-in to that organization',
    },
  );
}
