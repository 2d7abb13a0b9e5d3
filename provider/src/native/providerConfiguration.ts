import type { CheckFailure } from '../lifecycle/checkInputs.js';
import { formatMessage } from '../errors.js';
import { containsUnknown } from '../policy/difference.js';
import type { Properties } from '../resourceState.js';
import type { ConfigurationOrigin } from '../run/stackConfiguration.js';
import { credentialKeys, settingNames } from '../signIn/configuration.js';
import { adviceOnKey } from '../signIn/settingAdvice.js';
import type { SettingsPlace } from '../signIn/settingAdvice.js';
import { packageName } from './packageSchema.js';

/** What may stand among the arguments of a provider besides settings: options of the engine. */
const engineKeys: readonly string[] = ['version', 'pluginDownloadURL'];

/** The arguments of a provider that hold credentials: secrets in the state, also where nobody said so. */
export const secretArguments: ReadonlySet<string> = new Set([...credentialKeys, 'orgs']);

/**
 * What is wrong with the arguments of a provider, as far as it can be told without looking at their values.
 *
 * @param name the name of the provider resource
 */
export function checkArguments(args: Properties, name: string): CheckFailure[] {
  // The arguments of an explicit provider are properties in the program.
  const prefix = isDefaultProvider(name) ? `${packageName}:` : '';
  return Object.keys(args)
    .filter((key) => !settingNames.includes(key) && !engineKeys.includes(key))
    .map((key) => ({
      property: key,
      reason: formatMessage({
        code: 'ECA1020',
        cause: `${prefix}${key} is not a setting`,
        advice: adviceOnKey(key, settingNames, prefix),
      }),
    }));
}

/** What a preview says of arguments that are not known yet; `undefined` where all are. */
export function describeUnknown(args: Properties): string | undefined {
  const unknown = Object.keys(args).filter((key) => containsUnknown(args[key]));
  return unknown.length === 0
    ? undefined
    : `${unknown.join(', ')} ${unknown.length === 1 ? 'is' : 'are'} not known yet: this preview does not check the resources of this provider.`;
}

/** The names of the arguments that differ. */
export function changedArguments(olds: Properties, news: Properties): string[] {
  return [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (key) => containsUnknown(news[key]) || JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
  );
}

/** The settings of a provider, and where they come from. */
export interface ProviderSettings {
  settings: Properties;
  origin: ConfigurationOrigin;
}

/** Whether the engine made a provider by itself, by its name: the engine calls those `default` or `default_<version>`. */
export const isDefaultProvider = (name: string): boolean => /^default(?:_|$)/.test(name);

/**
 * Where the settings of a provider come from, as messages name them.
 *
 * @param name the name of the provider resource; empty until it is configured
 */
export const settingsPlaceOf = (name: string): SettingsPlace =>
  name === '' || isDefaultProvider(name) ? packageName : { provider: name };

/**
 * The settings that count: the arguments, but those of today's stack for the provider that the engine makes by itself. In refresh and
 * destroy the engine passes the arguments of the last `up`, while the variable `PULUMI_CONFIG` holds the package's configuration as it
 * is now (Pulumi CLI 3.100 and newer, not documented). Where it is missing or cannot be read, the arguments count.
 *
 * @param name the name of the provider resource
 * @param today the text of `PULUMI_CONFIG`
 */
export function chooseSettings(args: Properties, name: string, today: string | undefined): ProviderSettings {
  if (!isDefaultProvider(name)) {
    return { settings: args, origin: 'explicitProvider' };
  }
  const settings = parseObject(today);
  return settings === undefined || Object.keys(settings).length === 0
    ? { settings: args, origin: 'run' }
    : { settings, origin: 'today' };
}

function parseObject(text: string | undefined): Properties | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
