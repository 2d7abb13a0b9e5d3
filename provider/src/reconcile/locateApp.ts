import { ProviderError } from '../errors.js';
import type { AppComponents } from '../salesforce/components.js';
import type { ComponentType } from '../salesforce/componentTypes.js';
import type { OrgConnection } from '../salesforce/orgConnection.js';
import type { OnWait, ReconcileJob, ReconcileResult } from './job.js';
import { lookForMissingApp, retrieve } from './observe.js';
import type { Observation } from './observe.js';
import { describeMissingComponent, missingComponentTypes } from './preconditions.js';

/** Where a job's app is, or that the org does not have it. */
export type Location =
  | {
      isPresent: true;
      components: AppComponents;
      /** What was observed before, and what had to be looked for. */
      observation: Observation;
    }
  | (ReconcileResult & { isPresent: false });

/**
 * Finds a job's app in what was observed, and looks again for what is missing before saying so.
 *
 * @throws ProviderError when components of the app are missing that the wanted values live in, or there are two of one type
 */
export async function locateApp(
  connection: OrgConnection,
  job: ReconcileJob,
  seen: Observation,
  onWait: OnWait,
): Promise<Location> {
  let observation = seen;
  let components = observation.app(job, connection);
  if (components.ExternalClientApplication === undefined) {
    const absence = await lookForMissingApp(connection, job, observation, onWait);
    if (absence.kind === 'absent') {
      return { isPresent: false, ...absence };
    }
    observation = observation.with(absence.components);
    components = observation.app(job, connection);
  }
  const [missing] = missingComponentTypes(components, job.wanted);
  if (missing !== undefined) {
    throw new ProviderError(
      describeMissingComponent(job, connection, missing, await hasOauthSettings(connection, job, onWait)),
    );
  }
  return { isPresent: true, components, observation };
}

async function hasOauthSettings(
  connection: OrgConnection,
  job: ReconcileJob,
  onWait: OnWait,
): Promise<boolean> {
  const settings = await retrieve(
    connection,
    new Map<ComponentType, string[]>([
      ['ExternalClientApplication', [job.app]],
      ['ExtlClntAppOauthSettings', ['*']],
    ]),
    onWait,
  );
  return settings.some(
    ({ type, app }) =>
      type === 'ExtlClntAppOauthSettings' && (app === job.app || job.app.endsWith(`__${app}`)),
  );
}
