import { ProviderError } from '../errors.js';
import { difference } from '../policy/difference.js';
import type { AppComponents } from '../components/components.js';
import type { ComponentType } from '../components/componentTypes.js';
import type { FileProperties } from '../org/metadataApi.js';
import type { OrgConnection } from '../org/orgConnection.js';
import {
  componentTypesOf,
  NotReadError,
  remedyFor,
  switchedOffElement,
  viewUnreturnedApp,
  viewComponent,
  wayOut,
} from './componentView.js';
import type { ComponentView, Shown } from './componentView.js';
import { isInstalledApp, ownNamespaceFor } from './installedApp.js';
import type { OnWait, ReconcileJob, ReconcileResult } from './job.js';
import { nearestNames } from './nearestNames.js';
import { retrieve } from './observe.js';
import type { Observation } from './observe.js';
import { observeApp } from './observeApp.js';
import {
  describeGlobalSettingsElsewhere,
  describeMissingComponent,
  describeNoOauth,
  describeSwitchedOff,
  missingComponentTypes,
} from './preconditions.js';

/** Where a job's app is, or that the org does not have it. */
export type Location =
  | {
      isPresent: true;
      components: AppComponents;
      /** The types whose component is proven to be removed: their fields are absent. */
      removed: ReadonlySet<ComponentType>;
    }
  | (ReconcileResult & { isPresent: false });

/** What is listed to find an app that a retrieve did not return; as many types as one list takes. */
const listedForApps = ['ExternalClientApplication', 'ConnectedApp', 'ExtlClntAppOauthSettings'] as const;

/**
 * Finds the apps of jobs in what was observed. Of what is missing there it makes sure before it says so: by one round of lists
 * and one further retrieve, whatever the number of apps.
 */
export class AppFinder {
  #observation: Observation;
  #appList: Promise<readonly FileProperties[]> | undefined;
  #componentList: Promise<readonly FileProperties[]> | undefined;
  #further: Promise<void> | undefined;

  /** @param types the types that were observed */
  constructor(
    private readonly connection: OrgConnection,
    observation: Observation,
    private readonly types: readonly ComponentType[],
  ) {
    this.#observation = observation;
  }

  /** What was observed before, and what had to be looked for. */
  get observation(): Observation {
    return this.#observation;
  }

  /**
   * Finds a job's app.
   *
   * @throws NotReadError when the app or a component of it was not read; ProviderError when components are missing that the changes
   *   live in, or there are two of one type
   */
  async find(job: ReconcileJob, onWait: OnWait): Promise<Location> {
    const isInState = job.knownNames !== undefined;
    let components = this.#components(job);
    if (components.ExternalClientApplication === undefined) {
      const listed = await this.#listApps();
      if (listed.some(({ type, fullName }) => type === 'ExternalClientApplication' && fullName === job.app)) {
        await this.#lookFurther(onWait);
        components = this.#components(job);
      }
      if (components.ExternalClientApplication === undefined) {
        const view = viewUnreturnedApp(job.app, this.#shown(listed));
        return absenceOf(job, view, listed, this.#observation);
      }
    }
    const types = componentTypesOf(job.fields);
    if (types.every((type) => components[type] !== undefined)) {
      return { isPresent: true, components, removed: new Set() };
    }
    await this.#lookFurther(onWait);
    components = this.#components(job);
    const shown = this.#shown([...(await this.#listApps()), ...(await this.#listComponents())]);
    const removed = new Set<ComponentType>();
    for (const type of types) {
      const view = await this.#view(type, job, components, shown);
      if (view.kind === 'notRead') {
        throw new NotReadError(view.reason, remedyFor('component', isInState));
      }
      if (view.kind === 'removed') {
        removed.add(type);
      }
    }
    await this.#assertChangesHavePlaces(job, components, shown);
    return { isPresent: true, components, removed };
  }

  /** @throws ProviderError when the global settings of an installed app are in its developer's org only */
  async #view(
    type: ComponentType,
    job: ReconcileJob,
    components: AppComponents,
    shown: Shown,
  ): Promise<ComponentView> {
    const knownName = job.knownNames?.[type];
    const view = viewComponent(type, job.app, knownName, components, shown);
    const header = components.ExternalClientApplication;
    const isElsewhere =
      header !== undefined &&
      type === 'ExtlClntAppGlobalOauthSettings' &&
      view.kind !== 'present' &&
      !(view.kind === 'notRead' && view.isNamed) &&
      knownName === undefined &&
      isInstalledApp(header, await ownNamespaceFor([header], this.connection));
    if (isElsewhere) {
      throw new ProviderError(describeGlobalSettingsElsewhere(job, this.connection));
    }
    return view;
  }

  /** What is absent may stay so; a change needs its component. */
  async #assertChangesHavePlaces(job: ReconcileJob, components: AppComponents, shown: Shown): Promise<void> {
    const [missing] = missingComponentTypes(
      components,
      difference(job.wanted, observeApp(job, components, {}).live),
    );
    if (missing === undefined) {
      return;
    }
    const switchedOff = switchedOffElement(components);
    if (switchedOff !== undefined) {
      throw new ProviderError(describeSwitchedOff(job, this.connection, components, switchedOff));
    }
    const oauthSettings = await this.#view('ExtlClntAppOauthSettings', job, components, shown);
    throw oauthSettings.kind === 'notRead'
      ? new NotReadError(oauthSettings.reason, remedyFor('component', false))
      : new ProviderError(
          oauthSettings.kind === 'removed'
            ? describeNoOauth(job, this.connection)
            : describeMissingComponent(job, this.connection, missing),
        );
  }

  #components(job: ReconcileJob): AppComponents {
    return this.#observation.app(job, this.connection);
  }

  #shown(listed: Shown['listed']): Shown {
    const { components, messages } = this.#observation;
    return { components, messages, listed };
  }

  async #listApps(): Promise<readonly FileProperties[]> {
    return (this.#appList ??= this.#list(listedForApps));
  }

  async #listComponents(): Promise<readonly FileProperties[]> {
    return (this.#componentList ??= this.#list(
      this.types.filter((type) => type !== 'ExternalClientApplication'),
    ));
  }

  async #list(types: readonly string[]): Promise<readonly FileProperties[]> {
    return this.connection.read((api) => api.listMetadata(types));
  }

  /**
   * Retrieves what the lists show and no retrieve has returned so far: whether wildcards include components of installed packages is
   * not documented for these types. The OAuth settings, which tell whether the app has OAuth, come along.
   */
  async #lookFurther(onWait: OnWait): Promise<void> {
    return (this.#further ??= (async () => {
      const listed = (await Promise.all([this.#listApps(), this.#listComponents()])).flat();
      const returned = new Set(
        this.#observation.components.map(({ type, fullName }) => `${type}/${fullName}`),
      );
      const unseen = (type: ComponentType): string[] =>
        listed
          .filter((file) => file.type === type && !returned.has(`${type}/${file.fullName}`))
          .map(({ fullName }) => fullName);
      const members = new Map<ComponentType, string[]>(
        this.types.flatMap((type) => {
          const names = unseen(type);
          return names.length === 0 ? [] : [[type, names] as const];
        }),
      );
      members.set('ExtlClntAppOauthSettings', ['*', ...unseen('ExtlClntAppOauthSettings')]);
      this.#observation = this.#observation.with(await retrieve(this.connection, members, onWait));
    })());
  }
}

/** @throws NotReadError when it is not proven that the org does not have the app */
function absenceOf(
  job: ReconcileJob,
  view: Exclude<ComponentView, { kind: 'present' }>,
  listed: readonly FileProperties[],
  observation: Observation,
): Location {
  const isConnectedApp = listed.some(({ type, fullName }) => type === 'ConnectedApp' && fullName === job.app);
  const isInState = job.knownNames !== undefined;
  if (view.kind === 'notRead') {
    if (view.isNamed) {
      throw new NotReadError(view.reason, remedyFor('app', isInState));
    }
    const hint = isConnectedApp
      ? '. A connected app has this name; connected apps are not covered'
      : wayOut('app', isInState);
    throw new ProviderError(`${view.reason}${hint}`);
  }
  const names = [...listed, ...observation.components]
    .filter(({ type }) => type === 'ExternalClientApplication')
    .map(({ fullName }) => fullName);
  return { isPresent: false, nearestNames: nearestNames(job.app, [...new Set(names)]), isConnectedApp };
}
