import { ConfigurationError } from '../errors.js';
import { credentialKeys, orgsVariable, parseTargetOrg } from './configuration.js';
import type { OrgConfiguration, OrgSettingKey } from './configuration.js';
import type { Setting } from './settingValues.js';
import { isOwnAddress } from './orgUrl.js';
import { parseAddress, parseToken, required } from './signInSettings.js';
import { parseSfdxAuthUrl } from './sfdxAuthUrl.js';
import type { SfdxAuthUrl } from './sfdxAuthUrl.js';

/** A complete sign-in method with all its settings. Holds credentials: never print it. */
export type SignInWay =
  | {
      kind: 'jwtBearer';
      clientId: string;
      username: string;
      /** A PEM private key or the path of its file, and where it is set. */
      privateKey: Setting;
      loginUrl: string;
      /** The address that the org must have; `undefined` means the one in the response. The same applies to every method. */
      instanceUrl?: string | undefined;
      audience: string | undefined;
    }
  | {
      kind: 'clientCredentials';
      clientId: string;
      clientSecret: string;
      loginUrl: string;
      instanceUrl?: string | undefined;
    }
  | { kind: 'accessToken'; accessToken: string; instanceUrl: string }
  | ({ kind: 'sfdxAuthUrl'; instanceUrl?: string | undefined } & SfdxAuthUrl)
  | {
      kind: 'targetOrg';
      /** An alias or username of the Salesforce CLI. */
      targetOrg: string;
      /** The address that the org must have; `undefined` means the one that the CLI returns. */
      instanceUrl: string | undefined;
    };

type WayKind = SignInWay['kind'];

interface WayDefinition {
  /** How messages name it. */
  name: string;
  /** The settings that it needs, apart from an address. */
  keys: readonly OrgSettingKey[];
  /** The key whose source decides whether the method is configured or comes from the environment. */
  credential: OrgSettingKey;
  /** Keys for the address to sign in at, of which one must be set. Empty if the credential contains the address. */
  address: readonly OrgSettingKey[];
}

const ways: Readonly<Record<WayKind, WayDefinition>> = {
  jwtBearer: {
    name: 'JWT bearer',
    keys: ['clientId', 'username', 'privateKey'],
    credential: 'privateKey',
    address: ['loginUrl', 'instanceUrl'],
  },
  clientCredentials: {
    name: 'client credentials',
    keys: ['clientId', 'clientSecret'],
    credential: 'clientSecret',
    address: ['loginUrl', 'instanceUrl'],
  },
  accessToken: {
    name: 'access token',
    keys: ['accessToken'],
    credential: 'accessToken',
    address: ['instanceUrl'],
  },
  sfdxAuthUrl: { name: 'SFDX auth URL', keys: ['sfdxAuthUrl'], credential: 'sfdxAuthUrl', address: [] },
  targetOrg: { name: 'Salesforce CLI', keys: ['targetOrg'], credential: 'targetOrg', address: [] },
};

const wayKinds = Object.keys(ways) as readonly WayKind[];

/** The methods, the one that is easiest to begin with first. */
const recommended: readonly WayKind[] = [
  'targetOrg',
  'jwtBearer',
  'clientCredentials',
  'sfdxAuthUrl',
  'accessToken',
];

/** The keys that a method is missing. If it accepts several addresses, the one of the org. */
function missingKeys({ keys, address }: WayDefinition, { settings }: OrgConfiguration): OrgSettingKey[] {
  const missing = keys.filter((key) => settings[key] === undefined);
  return address.length === 0 || address.some((key) => settings[key] !== undefined)
    ? missing
    : ['instanceUrl', ...missing];
}

/** The command that sets settings, without a credential in it. */
export type CommandToSet = (keys: readonly OrgSettingKey[]) => string;

/** Placeholders for the values of settings in a command. */
const placeholders: Readonly<Partial<Record<OrgSettingKey, string>>> = {
  instanceUrl: '<https address>',
  clientId: '<consumer key>',
  targetOrg: '<alias>',
};

/** The placeholder for the value of a setting in a command. A credential comes from a file, because the shell's history keeps what is typed. */
export function placeholderOf(key: OrgSettingKey): string {
  return credentialKeys.has(key) ? '<file>' : (placeholders[key] ?? `<${key}>`);
}

/**
 * The one complete sign-in method of an org's configuration. If there are several, one with a configured credential takes precedence
 * over those from the environment. If the configuration comes from the state, it is the other way round, but only for credentials:
 * `SF_TARGET_ORG` is not one.
 *
 * @param commandToSet the command that the error names for what is missing; default that of the Pulumi CLI
 * @throws ConfigurationError when no method or more than one is complete, naming what was found and what is missing, and for an
 *   address that is neither https nor on this machine, or another invalid setting
 */
export function chooseSignInWay(
  configuration: OrgConfiguration,
  commandToSet = pulumiCommand(configuration),
): SignInWay {
  const complete = wayKinds.filter((kind) => missingKeys(ways[kind], configuration).length === 0);
  const [kind, ...others] = preferredWays(complete, configuration);
  if (kind === undefined || others.length > 0) {
    throw noChoice(configuration, complete, commandToSet);
  }
  return readWay(kind, configuration.settings);
}

function preferredWays(
  complete: readonly WayKind[],
  { settings, prefersEnvironment }: OrgConfiguration,
): readonly WayKind[] {
  const narrow = (kinds: readonly WayKind[], test: (way: WayDefinition) => boolean): readonly WayKind[] => {
    const kept = kinds.filter((kind) => test(ways[kind]));
    return kept.length === 0 ? kinds : kept;
  };
  const isConfigured = (key: OrgSettingKey): boolean => settings[key]?.fromEnvironment === false;
  const ofCredentials = prefersEnvironment
    ? narrow(
        complete,
        ({ credential }) => credentialKeys.has(credential) && settings[credential]?.fromEnvironment === true,
      )
    : complete;
  const ofConfiguration = narrow(ofCredentials, ({ credential }) => isConfigured(credential));
  return narrow(ofConfiguration, ({ keys }) => keys.some(isConfigured));
}

function readWay(kind: WayKind, settings: OrgConfiguration['settings']): SignInWay {
  const text = (setting: Setting | undefined): string => required(setting).value.trim();
  const addresses = (): { loginUrl: string; instanceUrl?: string } => {
    const loginUrl = parseAddress(settings.loginUrl ?? settings.instanceUrl);
    const instanceUrl = settings.instanceUrl === undefined ? undefined : parseAddress(settings.instanceUrl);
    // On its own it may be a login host or a site, not the address of the org.
    return instanceUrl === undefined || (settings.loginUrl === undefined && !isOwnAddress(instanceUrl))
      ? { loginUrl }
      : { loginUrl, instanceUrl };
  };
  switch (kind) {
    case 'jwtBearer':
      return {
        kind,
        clientId: text(settings.clientId),
        username: text(settings.username),
        privateKey: required(settings.privateKey),
        ...addresses(),
        audience: settings.audience?.value.trim(),
      };
    case 'clientCredentials':
      return {
        kind,
        clientId: text(settings.clientId),
        clientSecret: text(settings.clientSecret),
        ...addresses(),
      };
    case 'accessToken':
      return {
        kind,
        accessToken: parseToken(settings.accessToken),
        instanceUrl: parseAddress(settings.instanceUrl),
      };
    case 'sfdxAuthUrl': {
      const { value, source } = required(settings.sfdxAuthUrl);
      const parts = parseSfdxAuthUrl(value);
      if (parts === undefined) {
        throw new ConfigurationError({
          code: 'ECA1010',
          cause:
            `${source} is not an SFDX auth URL (expected force://<clientId>:<clientSecret>:<refreshToken>@<host>; the secret may be ` +
            'empty, and the host has no https://). sf org auth show-sfdx-auth-url shows it',
        });
      }
      const instanceUrl = meantAddress(required(settings.sfdxAuthUrl), settings);
      return instanceUrl === undefined ? { kind, ...parts } : { kind, ...parts, instanceUrl };
    }
    case 'targetOrg': {
      const { value, source } = required(settings.targetOrg);
      const targetOrg = parseTargetOrg(value);
      if (targetOrg === undefined) {
        throw new ConfigurationError({
          code: 'ECA1011',
          cause:
            `${source} is not an alias or username of the Salesforce CLI. It may contain letters, digits and @ . _ + ' # ~ / -, and must ` +
            'not start with -',
        });
      }
      return { kind, targetOrg, instanceUrl: meantAddress(required(settings.targetOrg), settings) };
    }
  }
}

/** The address that the org must have. One left in the environment does not apply to a configured credential. */
function meantAddress(
  credential: Setting,
  { instanceUrl }: OrgConfiguration['settings'],
): string | undefined {
  return instanceUrl === undefined || (instanceUrl.fromEnvironment && !credential.fromEnvironment)
    ? undefined
    : parseAddress(instanceUrl);
}

function pulumiCommand({ alias, orgsSource }: OrgConfiguration): CommandToSet {
  if (orgsSource === orgsVariable) {
    // A configured salesforce:orgs would replace the whole variable.
    return (keys) => `add ${keys.join(', ')} to ${orgsVariable}.${alias ?? ''}`;
  }
  const target = (key: OrgSettingKey): string =>
    alias === undefined ? `salesforce:${key}` : `--path 'salesforce:orgs.${alias}.${key}'`;
  return (keys) =>
    keys
      .map((key) => {
        const value = placeholderOf(key);
        return `pulumi config set ${target(key)} ${credentialKeys.has(key) ? `--secret < ${value}` : value}`;
      })
      .join('; ');
}

function noChoice(
  configuration: OrgConfiguration,
  complete: readonly WayKind[],
  commandToSet: CommandToSet,
): ConfigurationError {
  const { label, settings } = configuration;
  const subject = `sign-in to org ${label}`;
  const keys = new Set(wayKinds.flatMap((kind) => [...ways[kind].keys, ...ways[kind].address]));
  const found = [...keys].flatMap((key) => settings[key]?.source ?? []);
  const foundText = found.length === 0 ? 'nothing is set' : `found ${found.join(', ')}`;
  if (complete.length > 1) {
    return new ConfigurationError({
      code: 'ECA1002',
      subject,
      cause:
        'more than one sign-in method is configured: ' +
        `${complete.map((kind) => ways[kind].name).join(', ')} (${foundText})`,
      advice: 'Remove all but one',
    });
  }
  const count = (kind: WayKind): number => missingKeys(ways[kind], configuration).length;
  const nearest = wayKinds
    .filter((kind) => ways[kind].keys.some((key) => settings[key] !== undefined))
    .sort((one, other) => count(one) - count(other));
  const advice = [
    'Configure one: the Salesforce CLI suits a laptop, JWT bearer a pipeline',
    'Complete the one that is begun',
  ][nearest.length];
  return new ConfigurationError({
    code: 'ECA1001',
    subject,
    cause: `no sign-in method is fully configured (${foundText})`,
    advice: advice ?? 'Complete one of them, the nearest first',
    choices: (nearest.length === 0 ? recommended : nearest).map(
      (kind) => `${ways[kind].name}: ${commandToSet(missingKeys(ways[kind], configuration))}`,
    ),
  });
}
