import { ConfigurationError } from '../errors.js';
import { orgText } from '../org/orgText.js';
import { parseApiVersion, parsePreviewMode, parseTimeout } from './settingValues.js';
import type { PreviewMode, Setting } from './settingValues.js';
import { adviceOnKey } from './settingAdvice.js';
import type { SettingsPlace } from './settingAdvice.js';
import { parseSfdxAuthUrl } from './sfdxAuthUrl.js';

/** The environment variables that are read if a key of the `salesforce:` namespace is not configured. The first one that is set wins. */
export const environmentFallbacks = {
  loginUrl: ['SALESFORCE_LOGIN_URL'],
  instanceUrl: ['SALESFORCE_INSTANCE_URL'],
  clientId: ['SALESFORCE_CLIENT_ID'],
  clientSecret: ['SALESFORCE_CLIENT_SECRET'],
  privateKey: ['SALESFORCE_PRIVATE_KEY'],
  username: ['SALESFORCE_USERNAME'],
  accessToken: ['SALESFORCE_ACCESS_TOKEN', 'SF_ACCESS_TOKEN'],
  sfdxAuthUrl: ['SALESFORCE_SFDX_AUTH_URL'],
  audience: ['SALESFORCE_AUDIENCE', 'SF_AUDIENCE_URL'],
  targetOrg: ['SF_TARGET_ORG'],
  apiVersion: ['SALESFORCE_API_VERSION'],
  timeoutMinutes: [],
  preview: ['SALESFORCE_PREVIEW'],
} as const satisfies Record<string, readonly string[]>;

/** The environment variable that is read if `salesforce:orgs` is not configured: the same object, as JSON. */
export const orgsVariable = 'SALESFORCE_ORGS';

/** A key of the `salesforce:` namespace that describes one org. */
export type OrgSettingKey = keyof typeof environmentFallbacks;

const orgSettingKeys = Object.keys(environmentFallbacks) as readonly OrgSettingKey[];

/** The names of all settings in the `salesforce:` namespace. */
export const settingNames: readonly string[] = [...orgSettingKeys, 'orgs'];

/** Keys whose value is a credential, which never appears in a message. */
export const credentialKeys: ReadonlySet<OrgSettingKey> = new Set([
  'accessToken',
  'privateKey',
  'clientSecret',
  'sfdxAuthUrl',
]);

/** Where the orgs are configured: in the stack's configuration or in the environment variable. */
export type OrgsSource = 'salesforce:orgs' | typeof orgsVariable;

/** What is configured for one org. */
export interface OrgConfiguration {
  /** The key of `salesforce:orgs`; `undefined` for the top-level settings. */
  alias: string | undefined;
  /** Where the alias is configured; missing for the top-level settings. */
  orgsSource?: OrgsSource;
  /** How messages name the org: its alias, else its address; never a credential. */
  label: string;
  /** The configured settings, by key. */
  settings: Readonly<Partial<Record<OrgSettingKey, Setting>>>;
  /** The Metadata API version, for example 66; `undefined`: the newest that the org and this release know. */
  apiVersion: number | undefined;
  /** The limit of one wait for the org, in minutes. */
  timeoutMinutes: number;
  /** What a preview asks the org; default `org`. */
  preview: PreviewMode;
  /** Where the settings come from, as messages name them; default: the namespace of the dynamic provider. */
  settingsPlace?: SettingsPlace;
  /** Whether credentials from the environment take precedence over configured ones (see {@link readOrgConfiguration}). */
  prefersEnvironment: boolean;
}

/** Reads a configuration value by its whole key, such as `salesforce:orgs`. */
export type ConfigurationReader = (key: string) => unknown;

type Environment = Readonly<Record<string, string | undefined>>;

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** A setting is a string or a number. Without a value it is not set. */
const isSettingValue = (value: unknown): boolean =>
  value === null || value === undefined || typeof value === 'string' || typeof value === 'number';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The orgs by alias, and where they are configured. */
export interface ConfiguredOrgs {
  source: OrgsSource;
  entries: ReadonlyMap<string, Record<string, unknown>>;
}

/**
 * The orgs that `salesforce:orgs` configures, or the variable {@link orgsVariable} if it is not configured. One of them counts as a
 * whole: a mix could send a credential to an address that it is not meant for.
 *
 * @throws ConfigurationError when the value is not an object of objects, or an entry has an unknown key or a value that is
 *   neither a string nor a number
 */
export function readOrgs(read: ConfigurationReader, environment: Environment): ConfiguredOrgs {
  const configured = read('salesforce:orgs');
  const isConfigured = configured !== undefined && configured !== '';
  const raw = isConfigured ? configured : textOf(environment[orgsVariable]);
  const source = isConfigured || raw === undefined ? 'salesforce:orgs' : orgsVariable;
  return { source, entries: raw === undefined ? new Map() : parseOrgs(raw, source) };
}

function parseOrgs(raw: unknown, source: OrgsSource): ReadonlyMap<string, Record<string, unknown>> {
  let parsed: unknown = raw;
  if (typeof raw === 'string') {
    try {
      parsed = JSON.parse(raw);
    } catch {
      parsed = undefined;
    }
  }
  if (!isRecord(parsed)) {
    throw new ConfigurationError({
      code: 'ECA1012',
      cause:
        source === orgsVariable
          ? `${source} must be a JSON object with an entry per alias`
          : `${source} must be an object with an entry per alias. Set its entries one by one, for example ` +
            "pulumi config set --path 'salesforce:orgs.uat.instanceUrl' https://...",
    });
  }
  return new Map(
    Object.entries(parsed).map(([alias, entry]) => {
      if (!isRecord(entry)) {
        throw new ConfigurationError({
          code: 'ECA1013',
          cause: `${source}.${alias} must be an object with keys such as instanceUrl, clientId, username, privateKey`,
        });
      }
      const unknownKey = Object.keys(entry).find((key) => !orgSettingKeys.some((known) => known === key));
      if (unknownKey !== undefined) {
        throw new ConfigurationError({
          code: 'ECA1014',
          cause: `${source}.${alias}.${unknownKey} is not a setting`,
          advice: adviceOnKey(unknownKey, orgSettingKeys),
        });
      }
      const wrongKey = Object.keys(entry).find((key) => !isSettingValue(entry[key]));
      if (wrongKey !== undefined) {
        throw new ConfigurationError({
          code: 'ECA1015',
          cause: `${source}.${alias}.${wrongKey} must be a string or a number`,
        });
      }
      return [alias, entry];
    }),
  );
}

/**
 * The configuration of one org.
 *
 * The variables of single settings replace missing top-level settings only: one that is meant for one org must not reach another.
 *
 * @param read the stack's configuration
 * @param environment the process environment
 * @param alias a key of `salesforce:orgs`; `undefined` for the top-level settings
 * @param prefersEnvironment true if the configuration comes from the state (refresh and destroy get that of the last
 *   `up`): then a credential in the environment takes precedence over a configured one
 * @throws ConfigurationError for an unknown alias and for invalid values
 */
export function readOrgConfiguration(
  read: ConfigurationReader,
  environment: Environment,
  alias: string | undefined,
  prefersEnvironment: boolean,
): OrgConfiguration {
  const orgs = alias === undefined ? undefined : readOrgs(read, environment);
  const entry = alias === undefined ? undefined : orgs?.entries.get(alias);
  if (alias !== undefined && orgs !== undefined && entry === undefined) {
    throw new ConfigurationError({
      code: 'ECA1016',
      cause:
        `org "${alias}" was not found in ${orgs.source}` +
        (orgs.entries.size === 0
          ? `, which has no entries. Add it: pulumi config set --path 'salesforce:orgs.${alias}.instanceUrl' https://...`
          : ` (available: ${[...orgs.entries.keys()].join(', ')})`),
    });
  }
  const settings: Partial<Record<OrgSettingKey, Setting>> = {};
  for (const key of orgSettingKeys) {
    const setting =
      entry === undefined ? topLevelSetting(key, read, environment, prefersEnvironment) : undefined;
    const own = textOf(entry?.[key]);
    if (own !== undefined) {
      const source = orgs?.source ?? 'salesforce:orgs';
      settings[key] = {
        value: own,
        source: `${source}.${alias ?? ''}.${key}`,
        fromEnvironment: source === orgsVariable,
      };
    } else if (setting !== undefined) {
      settings[key] = setting;
    }
  }
  for (const shared of ['apiVersion', 'timeoutMinutes', 'preview'] as const) {
    const setting = settings[shared] ?? topLevelSetting(shared, read, environment, prefersEnvironment);
    if (setting !== undefined) {
      settings[shared] = setting;
    }
  }
  return {
    alias,
    ...(orgs === undefined ? {} : { orgsSource: orgs.source }),
    label: alias === undefined ? addressLabel(settings) : `"${alias}"`,
    settings,
    apiVersion: parseApiVersion(settings.apiVersion),
    timeoutMinutes: parseTimeout(settings.timeoutMinutes),
    preview: parsePreviewMode(settings.preview),
    prefersEnvironment,
  };
}

/** A label from the settings that identify an org. Configured ones come first: a variable left in the environment may belong to another org. */
function addressLabel({
  instanceUrl,
  loginUrl,
  sfdxAuthUrl,
  targetOrg,
}: OrgConfiguration['settings']): string {
  const labels: readonly [Setting | undefined, (value: string) => string | undefined][] = [
    [instanceUrl, showAddress],
    [loginUrl, showAddress],
    [sfdxAuthUrl, (value) => parseSfdxAuthUrl(value)?.loginUrl],
    [targetOrg, parseTargetOrg],
  ];
  return (
    [false, true]
      .flatMap((fromEnvironment) =>
        labels.filter(([setting]) => setting?.fromEnvironment === fromEnvironment),
      )
      .map(([setting, show]) => show(setting?.value ?? ''))
      .find((label) => label !== undefined) ?? 'of the top-level settings'
  );
}

/**
 * An alias or username of the Salesforce CLI; `undefined` for any other string, such as an option or a credential, or one with
 * characters that are special to the Windows command interpreter.
 */
export function parseTargetOrg(text: string): string | undefined {
  const name = text.trim();
  return /^(?!-)[\p{L}\p{N}@._+'#~/-]+$/u.test(name) ? name : undefined;
}

/** An address as messages show it: a pasted one may contain a password or a session id in its other parts. */
export function showAddress(text: string): string {
  const url = URL.parse(text.trim());
  return url === null || url.host === '' ? orgText(text.trim(), [], 300) : `${url.protocol}//${url.host}`;
}

function topLevelSetting(
  key: OrgSettingKey,
  read: ConfigurationReader,
  environment: Environment,
  prefersEnvironment: boolean,
): Setting | undefined {
  const configured = textOf(read(`salesforce:${key}`));
  const explicit =
    configured === undefined
      ? undefined
      : { value: configured, source: `salesforce:${key}`, fromEnvironment: false };
  const variable = environmentFallbacks[key].find((name) => textOf(environment[name]) !== undefined);
  const fallback =
    variable === undefined
      ? undefined
      : { value: environment[variable] ?? '', source: variable, fromEnvironment: true };
  return prefersEnvironment && credentialKeys.has(key) ? (fallback ?? explicit) : (explicit ?? fallback);
}
