import { ProviderError } from '../errors.js';
import type { ComponentNames, ComponentType } from '../components/componentTypes.js';
import { AppIndex, namesOf, readComponents } from '../components/components.js';
import type { AppComponents, Component } from '../components/components.js';
import type { FileProperties, RetrieveStatus } from '../org/metadataApi.js';
import type { OrgConnection } from '../org/orgConnection.js';
import { unzipComponents } from '../components/packageZip.js';
import { followRetrieve } from './followRetrieve.js';
import { describeApp } from './job.js';
import type { OnWait, ReconcileJob } from './job.js';
import { withAdvice } from './refusalAdvice.js';
import { RetrieveMessages } from './retrieveMessages.js';

/** The types that jobs need: the global OAuth settings are left alone where no job manages them. */
export function typesFor(jobs: readonly Pick<ReconcileJob, 'fields'>[]): ComponentType[] {
  const managesTokenFormat = jobs.some((job) => job.fields.includes('isNamedUserJwtEnabled'));
  return [
    'ExternalClientApplication',
    'ExtlClntAppConfigurablePolicies',
    ...(managesTokenFormat ? (['ExtlClntAppGlobalOauthSettings'] as const) : []),
    'ExtlClntAppOauthConfigurablePolicies',
  ];
}

/** Retrieves components, all in one job of the org. */
export async function retrieve(
  connection: OrgConnection,
  members: ReadonlyMap<ComponentType, readonly string[]>,
  onWait: OnWait,
): Promise<Observation> {
  const { files, fileProperties, messages } = await retrieveFiles(connection, members, onWait);
  return new Observation(readComponents(files, fileProperties), new RetrieveMessages(messages));
}

/** What a retrieve returned. */
export interface RetrievedFiles {
  /** By path, below the folder `unpackaged/`. */
  files: ReadonlyMap<string, Uint8Array>;
  fileProperties: readonly FileProperties[];
  /** The org's remarks, such as that it does not know a type. */
  messages: readonly string[];
}

/** The org ran a retrieve and says that it failed. */
export class RetrieveFailedError extends ProviderError {}

/**
 * Retrieves the files of any types, all in one job of the org.
 *
 * @throws RetrieveFailedError when the job failed; ProviderError, SalesforceApiError, TransportError
 */
export async function retrieveFiles(
  connection: OrgConnection,
  members: ReadonlyMap<string, readonly string[]>,
  onWait: OnWait,
): Promise<RetrievedFiles> {
  const result = await followRetrieve(connection, members, onWait);
  if (!result.success) {
    throw new RetrieveFailedError(
      `org ${connection.label} (${connection.organizationId}): retrieve ${result.id} failed${reasonOf(result)}`,
    );
  }
  const { fileProperties, messages } = result;
  return { files: await unzipComponents(result.zip), fileProperties, messages };
}

/** What follows `failed` in a message: the org need not give a code, nor a text. */
function reasonOf({ errorStatusCode, errorMessage }: Extract<RetrieveStatus, { success: false }>): string {
  const reason = [errorStatusCode, errorMessage].filter((text) => text !== undefined).join(' ');
  return reason === '' ? ', and the org gave no reason. Repeat the command' : `: ${withAdvice(reason)}`;
}

/** What retrieves showed. */
export class Observation {
  #index: AppIndex | undefined;

  constructor(
    readonly components: readonly Component[],
    readonly messages = new RetrieveMessages(),
  ) {}

  /**
   * The components of a job's app.
   *
   * @throws ProviderError when two components of one type say that they belong to the app
   */
  app(job: ReconcileJob, connection: OrgConnection): AppComponents {
    const { components, ambiguities } = (this.#index ??= new AppIndex(this.components)).find(job.app);
    const [ambiguity] = ambiguities;
    if (ambiguity !== undefined) {
      throw new ProviderError(
        `${describeApp(job.app, connection)} has ${ambiguity.fullNames.length} components of type ${ambiguity.type}: ` +
          `${ambiguity.fullNames.join(', ')}. An app has one; remove the one that does not belong to it`,
      );
    }
    return components;
  }

  /** Takes in another retrieve: what it returned, and that it returned nothing for the paths it was asked for. */
  with(newer: Observation, asked: readonly string[] = []): Observation {
    const replaced = new Set([...asked, ...newer.components.map(({ path }) => path)]);
    return new Observation(
      [...this.components.filter(({ path }) => !replaced.has(path)), ...newer.components],
      this.messages.with(newer.messages),
    );
  }
}

/**
 * Observes the apps of all jobs in one retrieve: by their known names when every job has them, else by wildcards. Names that
 * the org no longer has are looked for by wildcards too.
 */
export async function observe(
  connection: OrgConnection,
  jobs: readonly ReconcileJob[],
  onWait: OnWait,
): Promise<Observation> {
  const types = typesFor(jobs);
  // A component that was missing before may have come into being since: only wildcards show that.
  const areNamesKnown = jobs.every(({ knownNames }) =>
    types.every((type) => knownNames?.[type] !== undefined),
  );
  if (areNamesKnown) {
    const members = new Map(
      types.map(
        (type) => [type, [...new Set(jobs.flatMap(({ knownNames }) => knownNames?.[type] ?? []))]] as const,
      ),
    );
    const observation = await retrieve(connection, members, onWait);
    if (
      jobs.every((job) => hasKnownNames(namesOf(observation.app(job, connection)), job.knownNames, types))
    ) {
      return observation;
    }
  }
  return observeAll(connection, types, onWait);
}

/** Observes every component of some types, of all apps of the org, in one retrieve. */
export async function observeAll(
  connection: OrgConnection,
  types: readonly ComponentType[],
  onWait: OnWait,
): Promise<Observation> {
  return retrieve(connection, new Map(types.map((type) => [type, ['*']])), onWait);
}

function hasKnownNames(
  found: ComponentNames,
  known: ComponentNames | undefined,
  types: readonly ComponentType[],
): boolean {
  return types.every((type) => found[type] === known?.[type]);
}
