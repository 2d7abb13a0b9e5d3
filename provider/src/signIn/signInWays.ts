import { ConfigurationError } from '../errors.js';
import { credentialKeys, parseTargetOrg, showAddress } from './configuration.js';
import type { OrgConfiguration, OrgSettingKey } from './configuration.js';
import type { Setting } from './settingValues.js';
import { isOwnAddress, parseOrgUrl } from './orgUrl.js';
import { parseSfdxAuthUrl } from './sfdxAuthUrl.js';
import type { SfdxAuthUrl } from './sfdxAuthUrl.js';

/** A complete way to sign in, with everything that it needs. Holds credentials: never print it. */
export type SignInWay =
  | {
      kind: 'jwtBearer';
      clientId: string;
      username: string;
      /** A key in PEM form or the path of its file, and where it is set. */
      privateKey: Setting;
      loginUrl: string;
      /** The address that the org must have; `undefined`: the one in the reply. So it is with every way. */
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
      /** The address that the org must have; `undefined`: the one that the CLI tells. */
      instanceUrl: string | undefined;
    };

type WayKind = SignInWay['kind'];

interface WayDefinition {
  /** How messages name it. */
  name: string;
  /** What it needs besides an address. */
  keys: readonly OrgSettingKey[];
  /** The one of these that tells where the way comes from. */
  credential: OrgSettingKey;
  /** Keys of which one must be there: where to sign in. Empty where that is part of the credential. */
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

/** What a method still needs; of several addresses that would do, the one of the org. */
function missingKeys({ keys, address }: WayDefinition, { settings }: OrgConfiguration): OrgSettingKey[] {
  const missing = keys.filter((key) => settings[key] === undefined);
  return address.length === 0 || address.some((key) => settings[key] !== undefined)
    ? missing
    : ['instanceUrl', ...missing];
}

/** The command that sets settings, without a credential in it. */
export type CommandToSet = (keys: readonly OrgSettingKey[]) => string;

/** What stands for the value of a setting in a command. */
const placeholders: Readonly<Partial<Record<OrgSettingKey, string>>> = {
  instanceUrl: '<https address>',
  clientId: '<consumer key>',
  targetOrg: '<alias>',
};

/** What stands for the value of a setting in a command: a credential comes from a file, because the shell keeps what is typed. */
export function placeholderOf(key: OrgSettingKey): string {
  return credentialKeys.has(key) ? '<file>' : (placeholders[key] ?? `<${key}>`);
}

/**
 * The one complete way to sign in that an org's configuration holds. Of several, one whose credential is configured goes before
 * those of the environment; where the configuration is that of the state it is the other way round, but only for credentials:
 * `SF_TARGET_ORG` is none.
 *
 * @param commandToSet the command that the error names for what is missing; default that of the Pulumi CLI
 * @throws ConfigurationError when none is complete or more than one, naming what was found and what is missing, and for an
 *   address that is neither https nor on this machine, or another setting that cannot be
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
    // Alone it may be a login host or a site, and the org is elsewhere.
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
            `${source} is no SFDX auth URL: it has the form force://<clientId>:<clientSecret>:<refreshToken>@<host>, the secret may be ` +
            'empty, the host has no https://. sf org auth show-sfdx-auth-url shows it',
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
            `${source} is no alias or username of the Salesforce CLI: it consists of letters, digits and @ . _ + ' # ~ / -, and does ` +
            'not begin with -',
        });
      }
      return { kind, targetOrg, instanceUrl: meantAddress(required(settings.targetOrg), settings) };
    }
  }
}

/** The address that the org must have; one that was left in the environment is of no account to a credential that is configured. */
function meantAddress(
  credential: Setting,
  { instanceUrl }: OrgConfiguration['settings'],
): string | undefined {
  return instanceUrl === undefined || (instanceUrl.fromEnvironment && !credential.fromEnvironment)
    ? undefined
    : parseAddress(instanceUrl);
}

function pulumiCommand({ alias }: OrgConfiguration): CommandToSet {
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
        `${complete.map((kind) => ways[kind].name).join(' and ')} are ` +
        `${complete.length === 2 ? 'both' : 'all'} complete (${foundText})`,
      advice: 'Keep the settings of one and remove the others',
    });
  }
  const count = (kind: WayKind): number => missingKeys(ways[kind], configuration).length;
  const begun = wayKinds.filter((kind) => ways[kind].keys.some((key) => settings[key] !== undefined));
  const nearest = [...(begun.length === 0 ? wayKinds : begun)].sort(
    (one, other) => count(one) - count(other),
  );
  return new ConfigurationError({
    code: 'ECA1001',
    subject,
    cause: `no sign-in method is fully configured (${foundText})`,
    advice:
      nearest.length === 1 ? 'Complete the one that is begun' : 'Complete one of them, the nearest first',
    choices: nearest.map(
      (kind) => `${ways[kind].name}: ${commandToSet(missingKeys(ways[kind], configuration))}`,
    ),
  });
}

function required(setting: Setting | undefined): Setting {
  if (setting === undefined) {
    throw new ConfigurationError({
      code: 'ECA1003',
      cause: 'a setting of the chosen way to sign in is missing',
    });
  }
  return setting;
}

function parseAddress(setting: Setting | undefined): string {
  const { value, source } = required(setting);
  const origin = parseOrgUrl(value);
  if (origin === undefined) {
    throw new ConfigurationError({
      code: 'ECA1004',
      cause:
        `${source} is "${showAddress(value)}"; it is the org's https address, such as ` +
        'https://acme.my.salesforce.com (plain http is accepted for this machine only)',
    });
  }
  if (new URL(origin).hostname.endsWith('.lightning.force.com')) {
    throw new ConfigurationError({
      code: 'ECA1005',
      cause: `${source} is "${origin}", a Lightning address, which has no API: use the My Domain address, which ends with .my.salesforce.com`,
    });
  }
  return origin;
}

function parseToken(setting: Setting | undefined): string {
  const { value, source } = required(setting);
  const token = value.trim();
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new ConfigurationError({
      code: 'ECA1009',
      cause: `${source} holds characters that no access token has (a line break, a space?): set it again`,
    });
  }
  return token;
}
