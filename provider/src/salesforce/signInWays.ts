import { ConfigurationError } from '../errors.js';
import type { OrgConfiguration, OrgSettingKey, Setting } from './configuration.js';

/** A complete way to sign in, with everything that it needs. Holds credentials: never print it. */
export type SignInWay =
  | {
      kind: 'jwtBearer';
      clientId: string;
      username: string;
      privateKey: string;
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

function missingKeys(way: WayDefinition, settings: OrgConfiguration['settings']): string[] {
  const missing = way.keys.filter((key) => settings[key] === undefined);
  return way.address.some((key) => settings[key] !== undefined)
    ? missing
    : [...missing, way.address.join(' or ')];
}

/**
 * The one complete way to sign in that an org's configuration holds.
 *
 * @throws ConfigurationError when none is complete or more than one, naming what was found and what is missing, and for an
 *   address that is neither https nor on this machine
 */
export function chooseSignInWay(configuration: OrgConfiguration): SignInWay {
  const { settings } = configuration;
  const complete = wayKinds.filter((kind) => missingKeys(ways[kind], settings).length === 0);
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
        clientId: required(settings.clientId).trim(),
        username: required(settings.username).trim(),
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

function describeChoice(
  { label, settings }: OrgConfiguration,
  complete: readonly SignInWay['kind'][],
): string {
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
    (kind) => `${ways[kind].name} lacks ${missingKeys(ways[kind], settings).join(', ')}`,
  );
  return (
    `sign-in to org ${label}: no way is complete (${foundText}). ${lines.join('; ')}. ` +
    'Set them with pulumi config set salesforce:<key> (--secret for credentials) or by their environment variables'
  );
}

function required(setting: Setting | undefined): string {
  if (setting === undefined) {
    throw new ConfigurationError('a setting of the chosen way to sign in is missing');
  }
  return setting.value;
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
  const text = required(setting);
  const origin = parseOrgUrl(text);
  if (origin === undefined) {
    throw new ConfigurationError(
      `${setting?.source ?? 'the address'} is "${text}"; it is the org's https address, such as ` +
        'https://acme.my.salesforce.com (plain http is accepted for this machine only)',
    );
  }
  return origin;
}

function parseToken(setting: Setting | undefined): string {
  const token = required(setting).trim();
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new ConfigurationError(
      `${setting?.source ?? 'the access token'} holds characters that no access token has (a line break, a space?): set it again`,
    );
  }
  return token;
}
