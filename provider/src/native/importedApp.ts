import { ProviderError } from '../errors.js';
import type { ReadResult } from '../lifecycle/read.js';
import { appNamed } from '../reconcile/readOrg.js';
import { exportPolicies } from '../reports/export/exportedPolicies.js';
import { formatInputs, formatOutputs } from '../resourceState.js';
import { wrongOrg } from '../run/signedInOrgs.js';
import type { ConfiguredProvider } from './configuredProvider.js';

/**
 * Reads an app that no state holds yet, for `pulumi import`, the option `import` and `get()`: with everything that a resource can
 * declare of it. The values found, which destroy restores, are those of now.
 *
 * @param id `<organization id>/<app>`, or the name of the app alone
 * @param org a key of `orgs`; `undefined` for the settings of the provider itself
 * @throws ProviderError when the app does not exist, is in another org, or has nothing that a resource could declare
 */
export async function importApp(
  provider: ConfiguredProvider,
  id: string,
  org: string | undefined,
): Promise<Required<ReadResult>> {
  const separator = id.indexOf('/');
  const name = id.slice(separator + 1);
  const { label, organizationId } = (await provider.run.orgs.reconcilerForApp(name, org)).connection;
  if (separator >= 0 && id.slice(0, separator) !== organizationId) {
    throw wrongOrg(name, id.slice(0, separator), organizationId, label);
  }
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
