import type { LocalOrg } from 'salesforce-local-org';

/** The type token of the resource, with the dynamic provider. */
export const policyType = 'pulumi-nodejs:dynamic/salesforce:ExternalClientAppJwtPolicy';

/** The type token of the resource, with the native provider. */
export const nativePolicyType = 'salesforce-eca:index:ExternalClientAppJwtPolicy';

/** Inputs of a policy as a test writes them, wrong ones too. */
export type PolicyInputs = Readonly<Record<string, unknown>>;

/** The text of a JavaScript program: the two packages, then the statements. */
export function policyProgram(...statements: string[]): string {
  return [
    `const pulumi = require('@pulumi/pulumi');`,
    `const { ExternalClientAppJwtPolicy } = require('pulumi-salesforce-eca');`,
    ...statements,
    '',
  ].join('\n');
}

/**
 * The statement that makes a policy.
 *
 * @param name the name of the resource
 * @param inputs its inputs
 * @param options its resource options, as JavaScript
 */
export function newPolicy(name: string, inputs: PolicyInputs, options = '{}'): string {
  return `new ExternalClientAppJwtPolicy('${name}', ${JSON.stringify(inputs)}, ${options});`;
}

/**
 * The text of a YAML program of the native provider: JSON, which is YAML too.
 *
 * @param policies the inputs of its policies, by name
 */
export function yamlProgram(policies: Readonly<Record<string, PolicyInputs>>): string {
  const resources = Object.entries(policies).map(
    ([name, properties]) => [name, { type: nativePolicyType, properties }] as const,
  );
  return `${JSON.stringify({ resources: Object.fromEntries(resources) })}\n`;
}

/** The URN of a policy at the top of the program of a test's stack. */
export function policyUrn(name: string): string {
  return `urn:pulumi:test::project-under-test::${policyType}::${name}`;
}

/** The environment with which the provider signs in to an org with an access token: the developer's, or another user's. */
export function accessTokenEnvironment(
  org: LocalOrg,
  accessToken = org.accessToken,
): Record<'SALESFORCE_INSTANCE_URL' | 'SALESFORCE_ACCESS_TOKEN', string> {
  return { SALESFORCE_INSTANCE_URL: org.instanceUrl, SALESFORCE_ACCESS_TOKEN: accessToken };
}

/** The environment with which the provider signs in to an org by JWT bearer, as its developer. */
export function jwtBearerEnvironment(org: LocalOrg): Record<string, string> {
  return {
    SALESFORCE_INSTANCE_URL: org.instanceUrl,
    SALESFORCE_CLIENT_ID: org.clientId,
    SALESFORCE_USERNAME: org.username,
    SALESFORCE_PRIVATE_KEY: org.privateKeyFile,
  };
}
