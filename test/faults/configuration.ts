import type { LocalOrg } from 'salesforce-local-org';

/** The stack's configuration with one org, which the provider signs in to by JWT bearer. */
export function jwtBearerSettings(
  { instanceUrl, clientId, username, privateKey }: LocalOrg,
  alias: string,
  timeoutMinutes: number,
): Record<string, string> {
  return {
    'salesforce:timeoutMinutes': String(timeoutMinutes),
    'salesforce:orgs': JSON.stringify({ [alias]: { instanceUrl, clientId, username, privateKey } }),
  };
}
