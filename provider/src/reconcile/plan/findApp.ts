import { ProviderError } from '../../errors.js';
import { difference } from '../../policy/difference.js';
import type { AppComponents } from '../../components/components.js';
import type { ComponentType } from '../../components/componentTypes.js';
import type { FileProperties } from '../../org/metadataApi.js';
import {
  componentTypesOf,
  NotReadError,
  switchedOffElement,
  viewUnreturnedApp,
  viewComponent,
  wayOut,
} from './componentView.js';
import type { ComponentView, Shown } from './componentView.js';
import { isInstalledApp, needsOwnNamespace } from './installedApp.js';
import { nearestNames } from '../../policy/nearestNames.js';
import { liveAppOf } from './liveApp.js';
import {
  globalSettingsElsewhere,
  missingComponentError,
  missingComponentTypes,
  noOauthError,
  switchedOffError,
} from './preconditions.js';
import type { NamedOrg, ReconcileRequest, ReconcileResult } from '../request.js';
import type { Snapshot } from '../snapshot/snapshot.js';

/** The components of a request's app, or the fact that the org does not have it. */
export type Location =
  | {
      isPresent: true;
      components: AppComponents;
      /** The types whose component is proven to be removed: their fields are absent. */
      removed: ReadonlySet<ComponentType>;
    }
  | (ReconcileResult & { isPresent: false });

/**
 * Finds a request's app in a snapshot. That something is missing must be proven by lists, and by a retrieve of what they name.
 *
 * @throws NotAskedYet when the proof is missing; NotReadError when the app or one of its components was not read; ProviderError when a
 *   component that must be changed is missing, or when there are two components of one type
 */
export function findApp(request: ReconcileRequest, snapshot: Snapshot, org: NamedOrg): Location {
  const components = snapshot.app(request.app, org);
  if (components.ExternalClientApplication === undefined) {
    const listed = snapshot.answer('appList');
    if (
      listed.some(({ type, fullName }) => type === 'ExternalClientApplication' && fullName === request.app)
    ) {
      requireListedComponents(snapshot);
    }
    return absenceOf(request, listed, snapshot);
  }
  const types = componentTypesOf(request.fields);
  if (types.every((type) => components[type] !== undefined)) {
    return { isPresent: true, components, removed: new Set() };
  }
  requireListedComponents(snapshot);
  const shown = shownBy(snapshot, [...snapshot.answer('appList'), ...snapshot.answer('componentList')]);
  const view = (type: ComponentType): ComponentView =>
    viewOf(type, request, components, shown, snapshot, org);
  const removed = new Set<ComponentType>();
  for (const type of types) {
    const seen = view(type);
    if (seen.kind === 'notRead') {
      throw new NotReadError('component', seen.reason, request.knownNames !== undefined);
    }
    if (seen.kind === 'removed') {
      removed.add(type);
    }
  }
  assertChangesHavePlaces(request, components, view, org);
  return { isPresent: true, components, removed };
}

function requireListedComponents(snapshot: Snapshot): void {
  snapshot.require('appList', 'componentList');
  snapshot.answer('listedComponents');
}

const shownBy = ({ components, messages }: Snapshot, listed: Shown['listed']): Shown => ({
  components,
  messages,
  listed,
});

/** @throws ProviderError when the global settings of an installed app are in its developer's org only */
function viewOf(
  type: ComponentType,
  request: ReconcileRequest,
  components: AppComponents,
  shown: Shown,
  snapshot: Snapshot,
  org: NamedOrg,
): ComponentView {
  const knownName = request.knownNames?.[type];
  const view = viewComponent(type, request.app, knownName, components, shown);
  const header = components.ExternalClientApplication;
  const isElsewhere =
    header !== undefined &&
    type === 'ExtlClntAppGlobalOauthSettings' &&
    view.kind !== 'present' &&
    !(view.kind === 'notRead' && view.isNamed) &&
    knownName === undefined &&
    isInstalledApp(header, needsOwnNamespace(header) ? snapshot.answer('ownNamespace') : undefined);
  if (isElsewhere) {
    throw globalSettingsElsewhere(request, org);
  }
  return view;
}

/** A component may be absent unless a change needs it. */
function assertChangesHavePlaces(
  request: ReconcileRequest,
  components: AppComponents,
  view: (type: ComponentType) => ComponentView,
  org: NamedOrg,
): void {
  const [missing] = missingComponentTypes(
    components,
    difference(request.wanted, liveAppOf(request, components, {}).live),
  );
  if (missing === undefined) {
    return;
  }
  const switchedOff = switchedOffElement(components);
  if (switchedOff !== undefined) {
    throw switchedOffError(request, org, components, switchedOff);
  }
  const oauthSettings = view('ExtlClntAppOauthSettings');
  throw oauthSettings.kind === 'notRead'
    ? new NotReadError('component', oauthSettings.reason, false)
    : oauthSettings.kind === 'removed'
      ? noOauthError(request, org)
      : missingComponentError(request, org, missing);
}

/** @throws NotReadError when it is not proven that the org does not have the app */
function absenceOf(
  request: ReconcileRequest,
  listed: readonly FileProperties[],
  snapshot: Snapshot,
): Location {
  const view = viewUnreturnedApp(request.app, shownBy(snapshot, listed));
  const isConnectedApp = listed.some(
    ({ type, fullName }) => type === 'ConnectedApp' && fullName === request.app,
  );
  const isInState = request.knownNames !== undefined;
  if (view.kind === 'notRead') {
    if (view.isNamed) {
      throw new NotReadError('app', view.reason, isInState);
    }
    const advice = isConnectedApp
      ? 'A connected app has this name; connected apps are not covered'
      : wayOut('app', isInState);
    throw new ProviderError({ code: 'ECA3003', cause: view.reason, advice });
  }
  const names = [...listed, ...snapshot.components]
    .filter(({ type }) => type === 'ExternalClientApplication')
    .map(({ fullName }) => fullName);
  return { isPresent: false, nearestNames: nearestNames(request.app, [...new Set(names)]), isConnectedApp };
}
