import type { readOrgSettings } from 'pulumi-salesforce-eca/org-settings';
import type { FleetOrg } from '../contract/stacks.js';
import { orgAddress } from '../orgAddress.js';
import { askCommand, CredentialsError, type CredentialsCommand } from './askCommand.js';

/** The settings of the provider that a command may answer with, and the variables of the provider for them. */
const variables = {
  clientId: 'SALESFORCE_CLIENT_ID',
  username: 'SALESFORCE_USERNAME',
  privateKey: 'SALESFORCE_PRIVATE_KEY',
  clientSecret: 'SALESFORCE_CLIENT_SECRET',
  accessToken: 'SALESFORCE_ACCESS_TOKEN',
  sfdxAuthUrl: 'SALESFORCE_SFDX_AUTH_URL',
  targetOrg: 'SF_TARGET_ORG',
  audience: 'SALESFORCE_AUDIENCE',
  loginUrl: 'SALESFORCE_LOGIN_URL',
} as const;

type CredentialKey = keyof typeof variables;

const secretKeys: readonly CredentialKey[] = ['privateKey', 'clientSecret', 'accessToken', 'sfdxAuthUrl'];

/** How to sign in to an org, for the process that does it and nothing else. Never print it. */
export interface OrgCredentials {
  /** The name in the inventory. */
  readonly name: string;
  readonly address: string;
  readonly settings: Readonly<Partial<Record<CredentialKey, string>>>;
}

/** The credentials are for another address than that of the inventory. */
export class OtherAddressError extends Error {
  override readonly name = 'OtherAddressError';
}

/**
 * The credentials of an org.
 *
 * @throws CredentialsError when the command fails or its answer makes no sense
 * @throws OtherAddressError when they are for another address than the inventory's
 */
export async function orgCredentials(
  command: CredentialsCommand,
  org: FleetOrg,
  env: NodeJS.ProcessEnv,
): Promise<OrgCredentials> {
  const answer = await askCommand(command, org.credential, env);
  const subject = `the answer for ${org.credential}`;
  const address = typeof answer['address'] === 'string' ? orgAddress(answer['address']) : undefined;
  if (address === undefined) throw new CredentialsError(`${subject} has no address of an org`);
  if (address !== org.address) {
    throw new OtherAddressError(
      `the credentials of ${org.credential} are for ${address}, but the inventory says that ${org.name} is ${org.address}`,
    );
  }
  return { name: org.name, address, settings: readSettings(answer['credentials'], subject) };
}

function readSettings(value: unknown, subject: string): OrgCredentials['settings'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CredentialsError(`${subject} has no object "credentials"`);
  }
  const entries = Object.entries(value).map(([key, setting]: [string, unknown]) => {
    const known = credentialKeys.find((name) => name === key);
    // The name of an unknown key may itself be a credential.
    if (known === undefined) {
      throw new CredentialsError(
        `${subject} has credentials with an unknown key. There are: ${credentialKeys.join(', ')}`,
      );
    }
    if (typeof setting !== 'string' || setting === '' || setting.includes('\0')) {
      throw new CredentialsError(`${subject} has credentials whose ${known} is not text`);
    }
    return [known, setting] as const;
  });
  if (entries.length === 0) throw new CredentialsError(`${subject} has no credentials`);
  return Object.fromEntries(entries);
}

const credentialKeys = Object.keys(variables) as readonly CredentialKey[];

/** What must not appear in any output. */
export function secretsOf({ settings }: OrgCredentials): readonly string[] {
  return secretKeys.flatMap((key) => settings[key] ?? []);
}

/** How to read an org without the Pulumi CLI: as the inventory configures the provider. */
export function orgToRead(
  { configuration }: FleetOrg,
  { address, settings }: OrgCredentials,
): Parameters<typeof readOrgSettings>[0] {
  const { 'salesforce:apiVersion': apiVersion, 'salesforce:timeoutMinutes': timeoutMinutes } = configuration;
  return {
    ...settings,
    instanceUrl: address,
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(timeoutMinutes === undefined ? {} : { timeoutMinutes: Number(timeoutMinutes) }),
  };
}

/** The variables of the provider for the only org of a stack. */
export function topLevelVariables({ address, settings }: OrgCredentials): Record<string, string> {
  const set = credentialKeys.flatMap((key) => {
    const value = settings[key];
    return value === undefined ? [] : [[variables[key], value] as const];
  });
  return { SALESFORCE_INSTANCE_URL: address, ...Object.fromEntries(set) };
}
