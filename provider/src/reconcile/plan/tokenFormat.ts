import { describeValue, parseFieldValue } from '../../policy/difference.js';
import { absent } from '../../policy/fields.js';
import type { AppComponents } from '../../components/components.js';
import { elementText } from '../../components/componentXml.js';

/** The format of the access tokens that an app issues; `unknown` if its settings do not show it or were not read. */
export type TokenFormat = 'jwt' | 'opaque' | 'unknown';

/** The format of an app's access tokens according to its settings. */
export interface ShownTokenFormat {
  tokenFormat: TokenFormat;
  /** Why the format is `unknown`; no full stop at the end. */
  tokenFormatReason?: string;
}

const field = 'isNamedUserJwtEnabled';

/**
 * The format of an app's access tokens according to its global OAuth settings. At API versions 61.0 to 63.0 the policies may have a
 * deprecated element of the same name, which alone may turn on JWT-based tokens (Metadata API Developer Guide; Salesforce's tools).
 *
 * @param isInstalled whether the app was installed from a package, whose global settings only its developer's org has
 */
export function tokenFormatOf(components: AppComponents, isInstalled: boolean): ShownTokenFormat {
  const unknown = (tokenFormatReason: string): ShownTokenFormat => ({
    tokenFormat: 'unknown',
    tokenFormatReason,
  });
  const { ExtlClntAppGlobalOauthSettings: globalSettings, ExtlClntAppOauthConfigurablePolicies: policies } =
    components;
  if (globalSettings === undefined) {
    const missing = 'the org has no ExtlClntAppGlobalOauthSettings component for the app';
    return unknown(
      isInstalled
        ? `${missing}, which is normal for an installed app: only the org of its developer has the token format`
        : `${missing}, or does not return it to this user`,
    );
  }
  const value = parseFieldValue(field, elementText(globalSettings.elements, field));
  if (value === true) {
    return { tokenFormat: 'jwt' };
  }
  if (value !== false && value !== absent) {
    return unknown(`${field} is neither true nor false in the global OAuth settings`);
  }
  return policies !== undefined && parseFieldValue(field, elementText(policies.elements, field)) === true
    ? unknown(
        `${field} is ${describeValue(field, value)} in the global OAuth settings and true in the app's policies, which have an ` +
          'element of that name at API versions 61.0 to 63.0: it is not documented whether that element alone makes tokens JWT-based',
      )
    : { tokenFormat: 'opaque' };
}
