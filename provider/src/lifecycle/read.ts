import { stillKept } from '../policy/difference.js';
import { formatInputs, formatOutputs, parseState } from '../resourceState.js';
import type { Properties } from '../resourceState.js';
import type { Run } from '../run/run.js';

/** The result of read; without an id the engine removes the resource from the state. */
export interface ReadResult {
  id?: string;
  props?: Record<string, unknown>;
  inputs?: Record<string, unknown>;
}

/**
 * Reads the live values of the managed fields.
 *
 * @returns nothing if the org reported that it does not have the app
 * @throws ProviderError for any other failure, so that nothing is lost from the state
 */
export async function read(
  { orgs, log }: Pick<Run, 'orgs' | 'log'>,
  id: string,
  properties: Properties,
): Promise<ReadResult> {
  const state = parseState(id, properties);
  const reconciler = await orgs.reconcilerOf(state);
  const { connection } = reconciler;
  const result = await reconciler
    .reconcile({
      app: state.app,
      fields: state.managedFields,
      wanted: {},
      remembered: state.live,
      knownNames: state.names,
      pendingDeploy: state.pendingDeploy,
      allow: state.allow,
      log: log.of(undefined),
    })
    .catch((thrown: unknown) => {
      throw orgs.withConfigurationHint(thrown);
    });
  return result.isPresent
    ? {
        id,
        props: formatOutputs({
          inputs: state,
          observed: result.after,
          organizationId: connection.organizationId,
          apiVersion: connection.apiVersion,
          valuesFound: state.valuesFound,
          valuesKept: stillKept(result.after.live, state.valuesKept),
        }),
        inputs: formatInputs(state, result.after.live),
      }
    : {};
}
