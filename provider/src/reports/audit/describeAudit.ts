import type { ExternalClientApp } from '../../externalClientApp.js';
import { describeSignInApp } from '../stack/declaredApps.js';
import type { AuditReport } from './auditReport.js';
import { auditRules } from './findings.js';
import type { Finding } from './findings.js';
import { worstLevel } from './summary.js';
import { lifetimeRange } from '../format/lifetime.js';
import { wholeSeconds } from '../format/wholeSeconds.js';
import type { SessionTimeouts, TokenLifetime } from '../../policy/tokenLifetime.js';

/** The columns of the table of apps. */
export const appColumns = [
  'app',
  'namespace',
  'state',
  'OAuth',
  'tokens',
  'named users',
  'guest flow',
  'guests',
  'permitted users',
  'refresh tokens',
  'last change',
] as const;

/** The columns of the table that fits a terminal. */
export const narrowColumns = ['app', 'tokens', 'named users', 'guests', 'finding'] as const;

/** An empty cell. */
export const nothing = '-';

/** An app as a row of the table, in the order of {@link appColumns}. */
export function appCells(app: ExternalClientApp): string[] {
  const ifRead = (text: string): string => (app.problem === undefined ? text : 'unknown');
  const ifOauth = (text: string): string => ifRead(app.isOauthEnabled ? text : nothing);
  return [
    app.externalClientApplication,
    app.namespace ?? nothing,
    ifRead(app.distributionState ?? nothing),
    ifRead(app.isOauthEnabled ? 'on' : 'off'),
    ifOauth(app.tokenFormat),
    ifOauth(lifetimeCell(app.namedUserTokenLifetime)),
    ifOauth(guestFlow(app.isGuestCodeCredFlowEnabled)),
    ifOauth(lifetimeCell(app.guestTokenLifetime)),
    ifOauth(app.permittedUsersPolicyType ?? nothing),
    ifOauth(refreshPolicy(app)),
    lastChange(app),
  ];
}

/** An app as a row of the table that fits a terminal, in the order of {@link narrowColumns}. */
export function narrowCells(app: ExternalClientApp, findings: readonly Finding[]): string[] {
  const cells = ((): string[] => {
    if (app.problem !== undefined) return ['unknown', 'unknown', 'unknown'];
    return app.isOauthEnabled
      ? [app.tokenFormat, lifetimeText(app.namedUserTokenLifetime), lifetimeText(app.guestTokenLifetime)]
      : ['no OAuth', nothing, nothing];
  })();
  return [app.externalClientApplication, ...cells, findingCell(findings, app)];
}

/** The worst finding about an app in short, and how many others there are. */
function findingCell(
  findings: readonly Finding[],
  { externalClientApplication: name }: ExternalClientApp,
): string {
  const own = findings.filter(({ app }) => app === name);
  const worst = own.find(({ level }) => level === worstLevel(own));
  return worst === undefined
    ? 'ok'
    : `${worst.level}: ${auditRules[worst.rule].inShort}${own.length > 1 ? ` +${own.length - 1}` : ''}`;
}

function lifetimeText(lifetime: TokenLifetime | undefined): string {
  return lifetime === undefined
    ? nothing
    : `${lifetimeRange(lifetime)} min${lifetime.kind === 'inactivity' ? ' idle' : ''}`;
}

function lifetimeCell(lifetime: TokenLifetime | undefined): string {
  return lifetime === undefined ? nothing : `${lifetimeText(lifetime)} (${lifetime.source})`;
}

function guestFlow(isEnabled: boolean | undefined): string {
  return isEnabled === undefined ? 'unknown' : isEnabled ? 'on' : 'off';
}

function refreshPolicy(app: ExternalClientApp): string {
  const { refreshTokenPolicyType: policy, refreshTokenValidityPeriod: period } = app;
  return policy === undefined
    ? nothing
    : [policy, period, period === undefined ? undefined : app.refreshTokenValidityUnit]
        .filter((part) => part !== undefined)
        .join(' ');
}

function lastChange({ lastModifiedDate, lastModifiedBy }: ExternalClientApp): string {
  return lastModifiedDate === undefined
    ? nothing
    : `${wholeSeconds(lastModifiedDate)}${lastModifiedBy === undefined ? '' : ` by ${lastModifiedBy}`}`;
}

/** The remarks below the table: why OAuth is off, and which app is not a finding, one line per app; no full stop at the end. */
export function auditRemarks({ apps, signInApp }: Pick<AuditReport, 'apps' | 'signInApp'>): string[] {
  if (apps.length === 0) {
    return ['the org returned no external client apps: check the org and the permissions of the user'];
  }
  const remarks = apps.flatMap(({ externalClientApplication, problem, oauthDisabledReason }) =>
    problem !== undefined || oauthDisabledReason === undefined
      ? []
      : [`${externalClientApplication}: no OAuth: ${oauthDisabledReason}`],
  );
  return signInApp === undefined ? remarks : [...remarks, describeSignInApp(signInApp)];
}

/** The session timeouts of an org as a sentence without a full stop. */
export function describeSessionTimeouts({
  orgMinutes,
  profileMinutes,
  unknownReason,
}: SessionTimeouts): string {
  const known = [
    ...(orgMinutes === undefined ? [] : [`org ${orgMinutes}`]),
    ...Object.entries(profileMinutes ?? {}).map(([profile, minutes]) => `profile "${profile}" ${minutes}`),
  ];
  const missing = [
    ...(orgMinutes === undefined ? ['org'] : []),
    ...(profileMinutes === undefined ? ['profiles'] : []),
  ].join(' and ');
  const why = `unknown, so up to 1440 are possible, because ${unknownReason ?? 'the org does not return them'}`;
  return `Session timeouts in minutes: ${[...known, ...(missing === '' ? [] : [`${missing} ${why}`])].join(', ')}`;
}

/** How many apps an org has, such as `11 external client apps`. */
export function countApps(apps: readonly unknown[]): string {
  return `${apps.length} external client ${apps.length === 1 ? 'app' : 'apps'}`;
}
