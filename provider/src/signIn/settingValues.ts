import { ConfigurationError } from '../errors.js';

/** The Metadata API versions that this release knows; 61.0 introduced `isNamedUserJwtEnabled`. */
export const knownApiVersions = { oldest: 61, newest: 68 } as const;

/**
 * What a preview asks the org: `org` reads it if something is new or changed, `offline` sends no request, `checkOnly` also has
 * the org validate each change (a deploy with `checkOnly`, which changes nothing).
 */
export const previewModes = ['org', 'offline', 'checkOnly'] as const;

/** What a preview asks the org. */
export type PreviewMode = (typeof previewModes)[number];

/** How long one wait for the org may take by default, in minutes. */
export const defaultTimeoutMinutes = 30;

/** A setting and where it came from, as a person would write it: `salesforce:clientId` or `SALESFORCE_CLIENT_ID`. */
export interface Setting {
  value: string;
  source: string;
  fromEnvironment: boolean;
}

/** @throws ConfigurationError */
export function parseApiVersion(setting: Setting | undefined): number | undefined {
  if (setting === undefined) {
    return undefined;
  }
  const version = /^v?(\d+)(?:\.0)?$/.exec(setting.value.trim())?.[1];
  const number = Number(version);
  if (version === undefined || number < knownApiVersions.oldest || number > knownApiVersions.newest) {
    throw new ConfigurationError({
      code: 'ECA1006',
      cause:
        `${setting.source} must be ${knownApiVersions.oldest}.0 to ${knownApiVersions.newest}.0 (found "${setting.value}"). ` +
        'Leave it out to use the newest version that the org offers',
    });
  }
  return number;
}

/**
 * The limit of a wait, in minutes.
 *
 * @throws ConfigurationError
 */
export function parseTimeout(setting: Setting | undefined): number {
  if (setting === undefined) {
    return defaultTimeoutMinutes;
  }
  const minutes = Number(setting.value);
  if (!(minutes > 0 && Number.isFinite(minutes))) {
    throw new ConfigurationError({
      code: 'ECA1007',
      cause: `${setting.source} must be a number of minutes above 0 (found "${setting.value}"; default ${defaultTimeoutMinutes})`,
    });
  }
  return minutes;
}

/** @throws ConfigurationError */
export function parsePreviewMode(setting: Setting | undefined): PreviewMode {
  if (setting === undefined) {
    return 'org';
  }
  const mode = previewModes.find((known) => known === setting.value.trim());
  if (mode === undefined) {
    throw new ConfigurationError({
      code: 'ECA1008',
      cause: `${setting.source} must be one of ${previewModes.join(', ')} (found "${setting.value}"; default org)`,
    });
  }
  return mode;
}
