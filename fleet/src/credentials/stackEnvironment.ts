import type { FleetOrg, FleetStack } from '../contract/stacks.js';
import { inTurns } from '../inTurns.js';
import { askCommand, CredentialsError, type CredentialsCommand } from './askCommand.js';
import { backendSecrets } from './backendSecrets.js';
import { orgCredentials, secretsOf, topLevelVariables, type OrgCredentials } from './orgCredentials.js';

/** What the Pulumi CLI of a stack gets besides the worker's own environment. Never print it. */
export interface StackEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** In the order of the stack's orgs. */
  readonly credentials: readonly OrgCredentials[];
  /** For a new stack: where its secrets are encrypted, such as `awskms://…`. */
  readonly secretsProvider?: string;
  /** What must not appear in any output. */
  readonly secrets: readonly string[];
}

/** The number of orgs of a shard whose credentials are requested at a time. */
const atATime = 5;

/** Linux limits one variable to 128 KiB. */
const longestVariable = 128 * 1024 - 'SALESFORCE_ORGS='.length - 1;

/** The shard has more credentials than fit into the provider's variable, or more settings than fit into the stack's tags. */
export class ShardTooLargeError extends Error {
  override readonly name = 'ShardTooLargeError';
}

/** The settings of the provider in an org's configuration; the rest is the program's. */
const providerPrefix = 'salesforce:';

/**
 * Asks for everything that the operations on a stack need.
 *
 * @param env the environment of the commands
 * @throws CredentialsError, OtherAddressError, ShardTooLargeError
 */
export async function stackEnvironment(
  settings: {
    readonly credentials: CredentialsCommand;
    readonly stackSecrets?: CredentialsCommand;
    readonly backend?: string;
  },
  { stack, orgs }: FleetStack,
  env: NodeJS.ProcessEnv,
): Promise<StackEnvironment> {
  const found = await inTurns(orgs, atATime, (org) => orgCredentials(settings.credentials, org, env));
  const own =
    settings.stackSecrets === undefined ? {} : await stackSecrets(settings.stackSecrets, stack, env);
  const [only, ...others] = found;
  const isShard = others.length > 0 || orgs[0]?.shard !== undefined;
  const value = JSON.stringify(
    Object.fromEntries(orgs.map((org, index) => [org.name, orgEntry(org, found[index])])),
  );
  if (Buffer.byteLength(value) > longestVariable) {
    throw new ShardTooLargeError(
      `the credentials of ${orgs.length} orgs do not fit into one variable of 128 KiB: make the shard ${stack} smaller, or answer with paths of key files`,
    );
  }
  return {
    variables: {
      SALESFORCE_ORGS: value,
      ...(isShard || only === undefined ? {} : topLevelVariables(only)),
      ...(own.passphrase === undefined ? {} : { PULUMI_CONFIG_PASSPHRASE: own.passphrase }),
    },
    credentials: found,
    ...(own.secretsProvider === undefined ? {} : { secretsProvider: own.secretsProvider }),
    secrets: [
      ...found.flatMap(secretsOf),
      ...(own.passphrase ?? '').split('\n'),
      ...backendSecrets(settings.backend, env),
    ],
  };
}

function orgEntry(
  { configuration }: FleetOrg,
  credentials: OrgCredentials | undefined,
): Record<string, string> {
  const settings = Object.entries(configuration).flatMap(([key, value]) =>
    key.startsWith(providerPrefix) ? [[key.slice(providerPrefix.length), value] as const] : [],
  );
  return {
    ...Object.fromEntries(settings),
    ...credentials?.settings,
    ...(credentials === undefined ? {} : { instanceUrl: credentials.address }),
  };
}

interface StackSecrets {
  readonly passphrase?: string;
  readonly secretsProvider?: string;
}

async function stackSecrets(
  command: CredentialsCommand,
  stack: string,
  env: NodeJS.ProcessEnv,
): Promise<StackSecrets> {
  const { passphrase, secretsProvider } = await askCommand(command, stack, env);
  const isText = (value: unknown): value is string | undefined =>
    value === undefined || (typeof value === 'string' && value !== '' && !value.includes('\0'));
  if (!isText(passphrase) || !isText(secretsProvider) || (passphrase ?? secretsProvider) === undefined) {
    throw new CredentialsError(
      `the answer for the stack ${stack} has neither a text "passphrase" nor a text "secretsProvider"`,
    );
  }
  if (secretsProvider !== undefined && !/^[a-z][a-z0-9]*:\/\/\S+$/.test(secretsProvider)) {
    throw new CredentialsError(
      `the answer for the stack ${stack} has a secretsProvider that is no address such as awskms://…`,
    );
  }
  return {
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(secretsProvider === undefined ? {} : { secretsProvider }),
  };
}
