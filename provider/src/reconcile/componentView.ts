import { ProviderError, withParts } from '../errors.js';
import { fieldDefinitions } from '../policy/fields.js';
import type { JwtField } from '../policy/fields.js';
import { namespaceOf } from '../components/componentName.js';
import { componentText } from '../components/components.js';
import type { AppComponents, Component } from '../components/components.js';
import type { ComponentNames, ComponentType } from '../components/componentTypes.js';
import type { FileProperties } from '../org/metadataApi.js';
import type { RetrieveMessages } from './retrieveMessages.js';

/**
 * What is known of a component of an app, or of the app itself. What a retrieve did not return is not read: the org may keep it
 * from the user, or have failed to load it. That it was removed takes a proof.
 */
export type ComponentView =
  | { kind: 'present'; component: Component }
  | { kind: 'removed' }
  | {
      kind: 'notRead';
      /** What the org showed, and its own words: goes on after the name of the app, no full stop at the end. */
      reason: string;
      /** Whether the org names a component that is, or may be, the one of this app. */
      isNamed: boolean;
    };

/** What an org showed of its components. */
export interface Shown {
  /** What retrieves returned. */
  components: readonly Component[];
  messages: RetrieveMessages;
  /** What lists named, of every type that is asked about. */
  listed: readonly Pick<FileProperties, 'type' | 'fullName'>[];
}

/** Something of the app was not read. Nothing is concluded from that: neither that it is absent nor that it is unchanged. */
export class NotReadError extends ProviderError {
  /**
   * @param what what was not read
   * @param reason as in {@link ComponentView}
   * @param isInState whether a resource may have to leave the state
   */
  constructor(what: 'app' | 'component', reason: string, isInState: boolean) {
    const remedy =
      'Repeat the command; if the answer stays the same, look at the app in Setup as the signed-in user';
    super(
      withParts(
        { code: what === 'app' ? 'ECA3004' : 'ECA3005', cause: reason, advice: remedy },
        { advice: wayOut(what, isInState) },
      ),
    );
  }
}

/** How a resource leaves the state although what it stands for cannot be read. */
export function wayOut(what: 'app' | 'component', isInState: boolean): string | undefined {
  return isInState
    ? `If the ${what} is really gone, remove the resource from the state: pulumi state delete <urn>; pulumi stack --show-urns ` +
        'prints the URN'
    : undefined;
}

/** Both switches are documented as what the help article calls the OAuth plugin; the second one is on by default. */
export function switchedOffElement(components: AppComponents): string | undefined {
  return ['isEnabled', 'isOauthPluginEnabled'].find(
    (element) => componentText(components.ExtlClntAppConfigurablePolicies, element) === 'false',
  );
}

/**
 * What is known of one component of an app that the org has.
 *
 * Removed is proven by the plugin component that says that OAuth is off, or by a list that shows the app and other components of
 * the type, while every listed one was returned and the retrieve left nothing open.
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
    reason: `the org ${reason}, so its settings are not known`,
    isNamed,
  });
  const ofType = listed.filter((file) => file.type === type).map(({ fullName }) => fullName);
  const names = new Set(returned.filter((each) => each.type === type).map(({ fullName }) => fullName));
  // A component of another namespace cannot be of this app. The policies of an installed app are the org's own, and may have none.
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
        ? `lists ${type} ${knownName} of this app and did not return it`
        : `did not return ${type} ${knownName} of this app and says: ${words}`,
      true,
    );
  }
  if (switchedOffElement(components) !== undefined) {
    return { kind: 'removed' };
  }
  const words = messages.doubtAbout(type);
  if (unreturned.length > 0) {
    const says = words === undefined ? '' : `; it says: ${words}`;
    return notRead(
      `did not return every ${type} (${unreturned.join(', ')}), and one of them may be of this app${says}`,
      true,
    );
  }
  // What is said of components of another namespace says nothing of this app's.
  if (words !== undefined && messages.notLoaded(type).length === 0) {
    return notRead(`did not return ${type} of this app and says: ${words}`, true);
  }
  const isAppListed = listed.some(
    (file) => file.type === 'ExternalClientApplication' && file.fullName === app,
  );
  if (ofType.length === 0 || !isAppListed) {
    return notRead(
      ofType.length === 0
        ? `shows no ${type} at all to the signed-in user, neither of this app nor of another one`
        : `returned no ${type} of this app, and its list does not show the app itself`,
      false,
    );
  }
  return { kind: 'removed' };
}

/** What is known of an app that no retrieve returned. Removed is proven by a list that shows others and not this one. */
export function viewUnreturnedApp(
  app: string,
  { messages, listed }: Shown,
): Exclude<ComponentView, { kind: 'present' }> {
  const type = 'ExternalClientApplication';
  const notRead = (reason: string) =>
    ({ kind: 'notRead', reason: `the org ${reason}, so its settings are not known`, isNamed: true }) as const;
  const apps = listed.filter((file) => file.type === type).map(({ fullName }) => fullName);
  const words = messages.doubtAbout(type, app);
  if (words !== undefined) {
    return notRead(`did not return the app and says: ${words}`);
  }
  if (apps.includes(app)) {
    return notRead('lists the app and did not return it');
  }
  return apps.length > 0 ? { kind: 'removed' } : { kind: 'notRead', reason: noAppShown, isNamed: false };
}

/** Why an org without any app proves nothing. A user without the right sees none (documented: permission ExternalClientAppAdmin). */
export const noAppShown =
  'the org shows no external client app at all to the signed-in user, so whether it has this one is not known. Is it the right org? ' +
  'The user needs the right "View all External Client Apps, view their settings, and edit their policies"';

/** What of an app must have been returned by a later retrieve too. */
export interface ReadBefore {
  /** The full names of the components when they were first read. */
  names: ComponentNames;
  /** The types whose component is proven to be removed. */
  removed: ReadonlySet<ComponentType>;
}

/**
 * Makes sure that no value is taken from a component that a later retrieve did not return.
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
        `the org did not return ${type} ${names[type] ?? ''} of this app${words === undefined ? '' : ` and says: ${words}`}, so its ` +
          'settings are not known',
        false,
      );
    }
  }
}

/** The types of the components that fields live in. */
export function componentTypesOf(fields: readonly JwtField[]): ComponentType[] {
  return [...new Set(fields.map((field) => fieldDefinitions[field].componentType))];
}
