import { ConfigurationError } from '../errors.js';
import { environmentFallbacks, showAddress } from './configuration.js';
import type { OrgConfiguration, OrgSettingKey, Setting } from './configuration.js';

/** A complete way to sign in, with everything that it needs. Holds credentials: never print it. */
export type SignInWay =
  | {
      kind: 'jwtBearer';
      clientId: string;
      username: string;
      /** A key in PEM form or the path of its file, and where it is set. */
      privateKey: Setting;
      loginUrl: string;
      audience: string | undefined;
    }
  | { kind: 'accessToken'; accessToken: string; instanceUrl: string };

interface WayDefinition {
  /** How messages name it. */
  name: string;
  /** What it needs besides an address; the last one is the credential that tells the way. */
  keys: readonly OrgSettingKey[];
  /** Keys of which one must be there: where to sign in. */
  address: readonly OrgSettingKey[];
}

const ways: Readonly<Record<SignInWay['kind'], WayDefinition>> = {
  jwtBearer: {
    name: 'JWT bearer',
    keys: ['clientId', 'username', 'privateKey'],
    address: ['loginUrl', 'instanceUrl'],
  },
  accessToken: { name: 'access token', keys: ['accessToken'], address: ['instanceUrl'] },
};

const wayKinds = Object.keys(ways) as readonly SignInWay['kind'][];

/** Settings of ways to sign in that this release does not have. */
const unusedKeys = ['clientSecret', 'sfdxAuthUrl', 'targetOrg'] as const satisfies OrgSettingKey[];

/** A setting as a person writes it, with its environment variables where they count. */
function nameOf(key: OrgSettingKey, alias: string | undefined): string {
  return alias === undefined
    ? `salesforce:${key} (${environmentFallbacks[key].join(', ')})`
    : `salesforce:orgs.${alias}.${key}`;
}

function missingKeys(way: WayDefinition, { alias, settings }: OrgConfiguration): string[] {
  const missing = way.keys.filter((key) => settings[key] === undefined).map((key) => nameOf(key, alias));
  return way.address.some((key) => settings[key] !== undefined)
    ? missing
    : [...missing, way.address.map((key) => nameOf(key, alias)).join(' or ')];
}

/**
 * The one complete way to sign in that an org's configuration holds.
 *
 * @throws ConfigurationError when none is complete or more than one, naming what was found and what is missing, and for an
 *   address that is neither https nor on this machine
 */
export function chooseSignInWay(configuration: OrgConfiguration): SignInWay {
  const { settings } = configuration;
  const complete = wayKinds.filter((kind) => missingKeys(ways[kind], configuration).length === 0);
  const preferred = complete.filter((kind) => {
    const credential = settings[ways[kind].keys.at(-1) ?? 'accessToken'];
    return credential?.fromEnvironment === configuration.prefersEnvironment;
  });
  const chosen = complete.length === 1 ? complete : preferred;
  const [kind] = chosen;
  if (kind === undefined || chosen.length > 1) {
    throw new ConfigurationError(describeChoice(configuration, complete));
  }
  return kind === 'jwtBearer'
    ? {
        kind,
        clientId: required(settings.clientId).value.trim(),
        username: required(settings.username).value.trim(),
        privateKey: required(settings.privateKey),
        loginUrl: parseAddress(settings.loginUrl ?? settings.instanceUrl),
        audience: settings.audience?.value.trim(),
      }
    : {
        kind,
        accessToken: parseToken(settings.accessToken),
        instanceUrl: parseAddress(settings.instanceUrl),
      };
}

function describeChoice(configuration: OrgConfiguration, complete: readonly SignInWay['kind'][]): string {
  const { alias, label, settings } = configuration;
  const keys = new Set(wayKinds.flatMap((kind) => [...ways[kind].keys, ...ways[kind].address]));
  const found = [...keys].flatMap((key) => settings[key]?.source ?? []);
  const foundText = found.length === 0 ? 'nothing is set' : `found ${found.join(', ')}`;
  if (complete.length > 1) {
    return (
      `sign-in to org ${label}: ${complete.map((kind) => ways[kind].name).join(' and ')} are both complete ` +
      `(${foundText}). Keep the settings of one and remove the others`
    );
  }
  const lines = wayKinds.map(
    (kind) => `${ways[kind].name} lacks ${missingKeys(ways[kind], configuration).join(', ')}`,
  );
  const unused = unusedKeys.flatMap((key) => settings[key]?.source ?? []);
  const command =
    alias === undefined
      ? 'pulumi config set salesforce:<key>'
      : `pulumi config set --path 'salesforce:orgs.${alias}.<key>'`;
  return (
    `sign-in to org ${label}: no way is complete (${foundText}). ${lines.join('; ')}. ` +
    (unused.length === 0 ? '' : `This release does not sign in with ${unused.join(', ')}. `) +
    `Set what one of them lacks: ${command}, with --secret for credentials`
  );
}

function required(setting: Setting | undefined): Setting {
  if (setting === undefined) {
    throw new ConfigurationError('a setting of the chosen way to sign in is missing');
  }
  return setting;
}

/**
 * An org's address as an origin, without a slash at the end. Plain http is for this machine only.
 *
 * There is no list of Salesforce's domains: other clouds have their own (facts of the Salesforce CLI's source).
 */
export function parseOrgUrl(text: string): string | undefined {
  const url = URL.parse(text.trim());
  const isLoopback =
    url !== null &&
    (url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(url.hostname));
  return url !== null &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback)) &&
    url.username === ''
    ? url.origin
    : undefined;
}

function parseAddress(setting: Setting | undefined): string {
  const { value, source } = required(setting);
  const origin = parseOrgUrl(value);
  if (origin === undefined) {
    throw new ConfigurationError(
      `${source} is "${showAddress(value)}"; it is the org's https address, such as ` +
        'https://acme.my.salesforce.com (plain http is accepted for this machine only)',
    );
  }
  return origin;
}

function parseToken(setting: Setting | undefined): string {
  const { value, source } = required(setting);
  const token = value.trim();
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new ConfigurationError(
      `${source} holds characters that no access token has (a line break, a space?): set it again`,
    );
  }
  return token;
}
