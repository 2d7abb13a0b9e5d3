import { isLoopback } from './orgUrl.js';

/** The parts of an SFDX auth URL. Holds credentials: never print more than `loginUrl`. */
export interface SfdxAuthUrl {
  clientId: string;
  /** `undefined` if the app has none, like the Salesforce CLI's own. */
  clientSecret: string | undefined;
  refreshToken: string;
  /** The origin to sign in at: https, or http on this machine. */
  loginUrl: string;
}

/** Client id, secret, refresh token and host, in the characters that the Salesforce CLI accepts (according to its source). */
const shape =
  /^force:\/\/(?<clientId>[\w.-]+={0,2}):(?<clientSecret>[\w.-]*={0,2}):(?<refreshToken>[\w.-]+={0,2})@(?<host>[\w.-]+(?::\d+)?|\[::1\](?::\d+)?)\/?$/;

/**
 * Reads an SFDX auth URL, `force://<clientId>:<clientSecret>:<refreshToken>@<host>`, as `sf org auth show-sfdx-auth-url` shows it.
 *
 * @returns `undefined` for a string of another form
 */
export function parseSfdxAuthUrl(text: string): SfdxAuthUrl | undefined {
  const parts = shape.exec(text.trim())?.groups;
  const url = URL.parse(`https://${parts?.['host'] ?? ''}`);
  const { clientId, clientSecret, refreshToken } = parts ?? {};
  if (url === null || clientId === undefined || refreshToken === undefined) {
    return undefined;
  }
  return {
    clientId,
    clientSecret: clientSecret === '' ? undefined : clientSecret,
    refreshToken,
    loginUrl: isLoopback(url.hostname) ? `http://${parts?.['host'] ?? ''}` : url.origin,
  };
}
