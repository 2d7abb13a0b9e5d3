import type { ExternalClientApp } from './externalClientApp.js';
import { absent } from './policy/fields.js';
import type { JwtField } from './policy/fields.js';
import type { OrgApp } from './reconcile/apps/orgApp.js';
import { orgText } from './org/orgText.js';

/** An app as programs and reports get it. */
export function describeExternalClientApp(app: OrgApp): ExternalClientApp {
  const value = (field: JwtField): unknown => app.settings[field];
  return {
    externalClientApplication: app.name,
    label: shown(app.label),
    namespace: app.namespace,
    distributionState: shown(app.distributionState),
    isOauthEnabled: app.isOauthEnabled,
    oauthDisabledReason: app.oauthDisabledReason,
    tokenFormat: app.tokenFormat,
    tokenFormatReason: app.tokenFormatReason,
    isNamedUserJwtEnabled: booleanOf(value('isNamedUserJwtEnabled')),
    namedUserJwtSessionTimeoutType: textOf(value('namedUserJwtSessionTimeoutType')),
    namedUserJwtTimeout: numberOf(value('namedUserJwtTimeout')),
    namedUserTokenLifetime: app.namedUserTokenLifetime,
    isGuestCodeCredFlowEnabled: app.isGuestFlowEnabled,
    guestJwtSessionTimeoutType: textOf(value('guestJwtSessionTimeoutType')),
    guestJwtTimeout: numberOf(value('guestJwtTimeout')),
    guestTokenLifetime: app.guestTokenLifetime,
    permittedUsersPolicyType: shown(app.permittedUsersPolicyType),
    refreshTokenPolicyType: shown(app.refreshTokenPolicyType),
    refreshTokenValidityPeriod: app.refreshTokenValidityPeriod,
    refreshTokenValidityUnit: shown(app.refreshTokenValidityUnit),
    components: { ...app.names },
    lastModifiedDate: app.lastModified?.date,
    lastModifiedBy: app.lastModified?.byName,
    problem: app.problem,
  };
}

const booleanOf = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== absent ? value : undefined;
const shown = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : orgText(value);
