import { ProviderError, withParts } from '../../errors.js';
import { fieldDefinitions } from '../../policy/fields.js';
import type { JwtField } from '../../policy/fields.js';
import { namespaceOf } from '../../components/componentName.js';
import { componentText } from '../../components/components.js';
import type { AppComponents, Component } from '../../components/components.js';
import type { ComponentNames, ComponentType } from '../../components/componentTypes.js';
import type { FileProperties } from '../../org/metadataApi.js';
import type { RetrieveMessages } from '../snapshot/retrieveMessages.js';

/**
 * What is known about a component of an app, or about the app itself. A component that a retrieve did not return is `notRead`: the user
 * may not be allowed to see it, or the org may have failed to load it. `removed` requires proof.
 */
export type ComponentView =
  | { kind: 'present'; component: Component }
  | { kind: 'removed' }
  | {
      kind: 'notRead';
      /** What the org returned, with its own message; continues a sentence that begins with the app's name, no full stop at the end. */
      reason: string;
      /** Whether the org names a component that belongs, or may belong, to this app. */
      isNamed: boolean;
    };

/** What an org has returned about its components. */
export interface Shown {
  /** What retrieves returned. */
  components: readonly Component[];
  messages: RetrieveMessages;
  /** What lists named, for every type that was asked about. */
  listed: readonly Pick<FileProperties, 'type' | 'fullName'>[];
}

/** A part of the app was not read. Nothing follows from that: it may be absent, unchanged or changed. */
export class NotReadError extends ProviderError {
  /**
   * @param what the part that was not read
   * @param reason as in {@link ComponentView}
   * @param isInState whether the state has a resource that the user may have to remove
   */
  constructor(what: 'app' | 'component', reason: string, isInState: boolean) {
    const remedy =
      'Repeat the command; if the result is the same, look at the app in Setup as the signed-in user';
    super(
      withParts(
        { code: what === 'app' ? 'ECA3004' : 'ECA3005', cause: reason, advice: remedy },
        { advice: wayOut(what, isInState) },
      ),
    );
  }
}

/** How to remove a resource from the state if its app or component cannot be read. */
export function wayOut(what: 'app' | 'component', isInState: boolean): string | undefined {
  return isInState
    ? `If the ${what} no longer exists, remove the resource from the state with pulumi state delete <urn> (pulumi stack ` +
        '--show-urns prints the URN)'
    : undefined;
}

/** Both switches are documented as the OAuth plugin of the help article; the second one is on by default. */
export function switchedOffElement(components: AppComponents): string | undefined {
  return ['isEnabled', 'isOauthPluginEnabled'].find(
    (element) => componentText(components.ExtlClntAppConfigurablePolicies, element) === 'false',
  );
}

/**
 * What is known about one component of an app that the org has.
 *
 * `removed` is proven if the plugin component switches OAuth off, or if a list shows the app and other components of the type, every
 * listed component was returned, and the retrieve reported no problem.
 *
 * @param knownName the full name that the component had when it was last seen
 */
export function viewComponent(
  type: ComponentType,
  app: string,
  knownName: string | undefined,
  components: AppComponents,
  { components: returned, messages, listed }: Shown,
): ComponentView {
  const component = components[type];
  if (component !== undefined) {
    return { kind: 'present', component };
  }
  const notRead = (reason: string, isNamed: boolean): ComponentView => ({
    kind: 'notRead',
    reason: `the org ${reason}, so its settings are unknown`,
    isNamed,
  });
  const ofType = listed.filter((file) => file.type === type).map(({ fullName }) => fullName);
  const names = new Set(returned.filter((each) => each.type === type).map(({ fullName }) => fullName));
  // A component of another namespace cannot belong to this app. The policies of an installed app are the org's own, and may have none.
  const isOwnOfOrg =
    type === 'ExtlClntAppConfigurablePolicies' || type === 'ExtlClntAppOauthConfigurablePolicies';
  const namespaces = [namespaceOf(app), ...(isOwnOfOrg ? [undefined] : [])];
  const unreturned = [...new Set([...ofType, ...messages.notLoaded(type)])].filter(
    (name) => !names.has(name) && namespaces.includes(namespaceOf(name)),
  );
  if (knownName !== undefined && unreturned.includes(knownName)) {
    const words = messages.doubtAbout(type, knownName);
    return notRead(
      words === undefined
        ? `lists ${type} ${knownName} of this app but did not return it`
        : `did not return ${type} ${knownName} of this app and reported: ${words}`,
      true,
    );
  }
  if (switchedOffElement(components) !== undefined) {
    return { kind: 'removed' };
  }
  const words = messages.doubtAbout(type);
  if (unreturned.length > 0) {
    const says = words === undefined ? '' : `; it reported: ${words}`;
    return notRead(
      `did not return every ${type} (${unreturned.join(', ')}), and one of them may belong to this app${says}`,
      true,
    );
  }
  // A message about components of another namespace does not concern this app's.
  if (words !== undefined && messages.notLoaded(type).length === 0) {
    return notRead(`did not return ${type} of this app and reported: ${words}`, true);
  }
  const isAppListed = listed.some(
    (file) => file.type === 'ExternalClientApplication' && file.fullName === app,
  );
  if (ofType.length === 0 || !isAppListed) {
    return notRead(
      ofType.length === 0
        ? `lists no ${type} at all for the signed-in user, of this app or any other`
        : `returned no ${type} of this app, and its list does not include the app itself`,
      false,
    );
  }
  return { kind: 'removed' };
}

/** What is known about an app that no retrieve returned. `removed` is proven by a list that shows other apps but not this one. */
export function viewUnreturnedApp(
  app: string,
  { messages, listed }: Shown,
): Exclude<ComponentView, { kind: 'present' }> {
  const type = 'ExternalClientApplication';
  const notRead = (reason: string) =>
    ({ kind: 'notRead', reason: `the org ${reason}, so its settings are unknown`, isNamed: true }) as const;
  const apps = listed.filter((file) => file.type === type).map(({ fullName }) => fullName);
  const words = messages.doubtAbout(type, app);
  if (words !== undefined) {
    return notRead(`did not return the app and reported: ${words}`);
  }
  if (apps.includes(app)) {
    return notRead('lists the app but did not return it');
  }
  return apps.length > 0 ? { kind: 'removed' } : { kind: 'notRead', reason: noAppShown, isNamed: false };
}

/** Why an org that returns no app proves nothing: a user without the permission sees none (documented: ExternalClientAppAdmin). */
export const noAppShown =
  'the org returned no external client apps to the signed-in user, so it is unknown whether it has this one. Check that it is the right org ' +
  'and that the user has the permission "View all External Client Apps, view their settings, and edit their policies"';

/** The components of an app that a later retrieve must return too. */
export interface ReadBefore {
  /** The full names of the components when they were first read. */
  names: ComponentNames;
  /** The types whose component is proven to be removed. */
  removed: ReadonlySet<ComponentType>;
}

/**
 * Checks that no value is taken from a component that a later retrieve did not return.
 *
 * @throws NotReadError
 */
export function assertStillRead(
  fields: readonly JwtField[],
  components: AppComponents,
  { names, removed }: ReadBefore,
  messages: RetrieveMessages,
): void {
  for (const type of componentTypesOf(fields)) {
    if (components[type] === undefined && !removed.has(type)) {
      const words = messages.doubtAbout(type, names[type]);
      throw new NotReadError(
        'component',
        `the org did not return ${type} ${names[type] ?? ''} of this app${words === undefined ? '' : ` and reported: ${words}`}, so ` +
          'its settings are unknown',
        false,
      );
    }
  }
}

/** The types of the components that contain fields. */
export function componentTypesOf(fields: readonly JwtField[]): ComponentType[] {
  return [...new Set(fields.map((field) => fieldDefinitions[field].componentType))];
}
