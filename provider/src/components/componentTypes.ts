/** The component types of an external client app that the provider reads, with their places in a metadata zip (SDR registry). */
export const componentTypes = {
  ExternalClientApplication: { folder: 'externalClientApps', suffix: 'eca' },
  ExtlClntAppConfigurablePolicies: { folder: 'extlClntAppPolicies', suffix: 'ecaPlcy' },
  ExtlClntAppGlobalOauthSettings: { folder: 'extlClntAppGlobalOauthSets', suffix: 'ecaGlblOauth' },
  ExtlClntAppOauthConfigurablePolicies: { folder: 'extlClntAppOauthPolicies', suffix: 'ecaOauthPlcy' },
  ExtlClntAppOauthSettings: { folder: 'extlClntAppOauthSettings', suffix: 'ecaOauth' },
} as const;

/** A component type of an external client app. */
export type ComponentType = keyof typeof componentTypes;

/** All component types, in a fixed order. */
export const componentTypeNames = Object.keys(componentTypes) as readonly ComponentType[];

/** Full names of an app's components by type, as far as they are known. */
export type ComponentNames = Partial<Record<ComponentType, string>>;
