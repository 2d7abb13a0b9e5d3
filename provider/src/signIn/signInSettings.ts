import { ConfigurationError } from '../errors.js';
import { showAddress } from './configuration.js';
import { parseOrgUrl } from './orgUrl.js';
import type { Setting } from './settingValues.js';

/** @throws ConfigurationError when a setting of the chosen sign-in method is missing */
export function required(setting: Setting | undefined): Setting {
  if (setting === undefined) {
    throw new ConfigurationError({
      code: 'ECA1003',
      cause: 'a setting of the chosen sign-in method is missing',
    });
  }
  return setting;
}

/**
 * The address of an org, without a path.
 *
 * @throws ConfigurationError when the setting is missing, or is not an address that has an API
 */
export function parseAddress(setting: Setting | undefined): string {
  const { value, source } = required(setting);
  const origin = parseOrgUrl(value);
  if (origin === undefined) {
    throw new ConfigurationError({
      code: 'ECA1004',
      cause:
        `${source} must be the org's https address, such as https://acme.my.salesforce.com ` +
        `(found "${showAddress(value)}"; plain http is accepted for this machine only)`,
    });
  }
  if (new URL(origin).hostname.endsWith('.lightning.force.com')) {
    throw new ConfigurationError({
      code: 'ECA1005',
      cause: `${source} is "${origin}", a Lightning address, which has no API. Use the My Domain address, which ends with .my.salesforce.com`,
    });
  }
  return origin;
}

/**
 * An access token, without the white space around it.
 *
 * @throws ConfigurationError when the setting is missing, or contains characters that no token has
 */
export function parseToken(setting: Setting | undefined): string {
  const { value, source } = required(setting);
  const token = value.trim();
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new ConfigurationError({
      code: 'ECA1009',
      cause: `${source} contains characters that an access token cannot have, such as a line break or a space. Set it again`,
    });
  }
  return token;
}
