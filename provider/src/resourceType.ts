/** The type of the resource in URNs and states. */
export const resourceType = 'pulumi-nodejs:dynamic/salesforce:ExternalClientAppJwtPolicy';

/**
 * The provider of every resource, as text. It is kept in the state of every resource for ever and run from there, so it
 * must never change.
 */
export const providerText = 'exports.handler = () => require("pulumi-salesforce-eca/provider");';
