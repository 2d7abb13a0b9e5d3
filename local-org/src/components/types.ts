/** A metadata type of the org: the folder and suffix of its files (source-deploy-retrieve's registry) and its first version. */
export interface ComponentType {
  name: ComponentTypeName;
  folder: string;
  suffix: string;
  /** First API version with this type. */
  since: number;
  /** Key prefix of the ids of its components; Salesforce's are not known for all types, so these are invented. */
  idPrefix: string;
}

export type ComponentTypeName =
  | 'ExternalClientApplication'
  | 'ExtlClntAppGlobalOauthSettings'
  | 'ExtlClntAppOauthSettings'
  | 'ExtlClntAppOauthConfigurablePolicies'
  | 'ExtlClntAppConfigurablePolicies'
  | 'ConnectedApp'
  | 'ProfileSessionSetting'
  | 'Settings';

/** In the order of a deploy: what others refer to comes first. */
export const componentTypes: readonly ComponentType[] = [
  {
    name: 'ExternalClientApplication',
    folder: 'externalClientApps',
    suffix: 'eca',
    since: 59,
    idPrefix: '0xI',
  },
  {
    name: 'ExtlClntAppOauthSettings',
    folder: 'extlClntAppOauthSettings',
    suffix: 'ecaOauth',
    since: 59,
    idPrefix: '0xJ',
  },
  {
    name: 'ExtlClntAppGlobalOauthSettings',
    folder: 'extlClntAppGlobalOauthSets',
    suffix: 'ecaGlblOauth',
    since: 59,
    idPrefix: '0xK',
  },
  {
    name: 'ExtlClntAppConfigurablePolicies',
    folder: 'extlClntAppPolicies',
    suffix: 'ecaPlcy',
    since: 60,
    idPrefix: '0xL',
  },
  {
    name: 'ExtlClntAppOauthConfigurablePolicies',
    folder: 'extlClntAppOauthPolicies',
    suffix: 'ecaOauthPlcy',
    since: 59,
    idPrefix: '0xM',
  },
  { name: 'ConnectedApp', folder: 'connectedApps', suffix: 'connectedApp', since: 24, idPrefix: '0H4' },
  {
    name: 'ProfileSessionSetting',
    folder: 'profileSessionSettings',
    suffix: 'profileSessionSetting',
    since: 40,
    idPrefix: '0xN',
  },
  // The first version is unknown; it is older than every version that the org offers.
  { name: 'Settings', folder: 'settings', suffix: 'settings', since: 25, idPrefix: '0xO' },
];

/** The name of every type. */
export const componentTypeNames: readonly ComponentTypeName[] = componentTypes.map(({ name }) => name);

const typesWithoutApp: readonly ComponentTypeName[] = [
  'ExternalClientApplication',
  'ConnectedApp',
  'ProfileSessionSetting',
  'Settings',
];

/** Whether a component of the type belongs to an external client app that it refers to. */
export function namesAnApp(type: ComponentTypeName): boolean {
  return !typesWithoutApp.includes(type);
}

/** Whether names of the type's components have a namespace; those of settings do not. */
export function hasNamespace(type: ComponentTypeName): boolean {
  return type !== 'ProfileSessionSetting' && type !== 'Settings';
}

/** The root element of a component's file: the name of its type, or of the kind of settings, such as `SecuritySettings`. */
export function rootElement(type: ComponentTypeName, fullName: string): string {
  return type === 'Settings' ? `${fullName}Settings` : type;
}

/** The type with this name; undefined if the org does not have it. */
export function componentType(name: string): ComponentType | undefined {
  return componentTypes.find((type) => type.name === name);
}

/** The path of a component's file in a zip or folder in metadata format, without a wrapper folder. */
export function componentPath(type: ComponentType, fullName: string): string {
  return `${type.folder}/${fullName}.${type.suffix}`;
}

/** The component of a path in metadata format; undefined if no type has this folder and suffix. */
export function componentOfPath(path: string): { type: ComponentType; fullName: string } | undefined {
  const slash = path.indexOf('/');
  const type = componentTypes.find((candidate) => candidate.folder === path.slice(0, slash));
  if (!type || !path.endsWith(`.${type.suffix}`)) return undefined;
  const fullName = path.slice(slash + 1, -(type.suffix.length + 1));
  return fullName === '' || fullName.includes('/') ? undefined : { type, fullName };
}
