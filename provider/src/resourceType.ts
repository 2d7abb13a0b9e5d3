/** The type of the resource in URNs and states, with the dynamic provider. */
export const resourceType = 'pulumi-nodejs:dynamic/salesforce:ExternalClientAppJwtPolicy';

/** The type of the resource in URNs and states, with the native provider. */
export const nativeResourceType = 'salesforce-eca:index:ExternalClientAppJwtPolicy';

/** Both types: everything that reads a state or events of the engine treats them the same. */
export const ownTypes: readonly string[] = [resourceType, nativeResourceType];

/** Whether a resource is ours, by its type. */
export const isOwnType = (type: string): boolean => ownTypes.includes(type);

/**
 * The provider of every resource, as text. It is kept in the state of every resource and run from there, so it
 * must never change.
 */
export const providerText = 'exports.handler = () => require("pulumi-salesforce-eca/provider");';
