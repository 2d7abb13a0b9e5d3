import { describeLifetime } from '../format/lifetime.js';
import { jwtTimeouts } from '../../policy/fields.js';
import type { TokenLifetime } from '../../policy/tokenLifetime.js';
import type { OrgApp } from '../../reconcile/apps/orgApp.js';
import type { ComponentType } from '../../components/componentTypes.js';

/** The requirements that an audit checks. */
export interface Requirements {
  /** Every app that issues tokens must issue JWT-based ones; an app whose token format is unknown does not meet this. */
  requiresJwt: boolean;
  /** The longest allowed lifetime of named users' tokens, in minutes; `undefined`: not required. */
  maximumMinutes: number | undefined;
  /** The longest allowed lifetime of guest users' tokens, in minutes; `undefined`: not required. */
  maximumGuestMinutes: number | undefined;
  /** Every app that issues tokens must be declared by a resource of the stack. */
  requiresDeclaration: boolean;
  /** Developer names of apps that need not meet the requirements: their findings are warnings at most. */
  exemptApps: readonly string[];
}

/**
 * The limit in minutes if no other is required. It is the longest lifetime that an app can set, so anything longer comes from session
 * settings that were made for people at a screen.
 */
export const defaultMaximumMinutes = Math.max(...jwtTimeouts);

/** Whether there is any requirement. */
export function areAskedFor({
  requiresJwt,
  maximumMinutes,
  maximumGuestMinutes,
  requiresDeclaration,
}: Omit<Requirements, 'exemptApps'>): boolean {
  return (
    requiresDeclaration || requiresJwt || maximumMinutes !== undefined || maximumGuestMinutes !== undefined
  );
}

/** The rules of an audit, by id: what was found, in two lengths, and what to do, in two lengths. */
export const auditRules = {
  'opaque-access-tokens': {
    title: 'The app issues opaque access tokens',
    inShort: 'opaque tokens',
    cure: 'Turn on isNamedUserJwtEnabled; only the developer of the app can',
    help:
      'Agent API and hosted MCP servers accept only JWT-based access tokens, and Salesforce lists them as a security control. ' +
      'The developer of the app can turn on isNamedUserJwtEnabled.',
  },
  'unknown-token-format': {
    title: 'It is unknown which access tokens the app issues',
    inShort: 'format unknown',
    cure: 'Ask the developer of the app, or inspect a token (pulumi-salesforce-eca token)',
    help:
      'Normal for installed apps: the global OAuth settings are in the org of their developer. Ask the developer, or get a ' +
      'token and inspect it (pulumi-salesforce-eca token). If the policies have their own isNamedUserJwtEnabled, turn on the one in the ' +
      'global OAuth settings.',
  },
  'named-user-token-lifetime': {
    title: 'Access tokens of named users have a long lifetime',
    inShort: 'long lifetime',
    cure: 'Set namedUserJwtTimeout, and namedUserJwtSessionTimeoutType to Custom',
    help:
      'A service that validates JWT-based tokens itself does not notice a revocation before they expire. Set ' +
      'namedUserJwtSessionTimeoutType to Custom and set namedUserJwtTimeout; UserSession follows the session settings of the profile and the org.',
  },
  'guest-token-lifetime': {
    title: 'Access tokens of guest users have a long lifetime',
    inShort: 'long guest lifetime',
    cure: 'Set guestJwtTimeout, and guestJwtSessionTimeoutType to Custom',
    help: 'Set guestJwtSessionTimeoutType to Custom and set guestJwtTimeout.',
  },
  'not-declared': {
    title: 'No resource of the stack declares the app',
    inShort: 'not declared',
    cure: 'Declare the app (pulumi-salesforce-eca export writes the resource), or exempt it',
    help:
      'Declare an ExternalClientAppJwtPolicy for the app, or exempt it. pulumi-salesforce-eca export writes the resource with ' +
      'the current values of the app.',
  },
  'app-not-understood': {
    title: 'The settings of the app could not be read',
    inShort: 'not readable',
    cure: 'Remove the component that does not belong to the app, or repeat the audit; check the app in Setup',
    help:
      'The app has two components of one type, or an invalid one: remove the one that does not belong to it. Or the org ' +
      'did not return a component: repeat the audit, and check the app in Setup as the signed-in user.',
  },
} as const;

/** The id of a rule. */
export type AuditRule = keyof typeof auditRules;

/** The ids of {@link auditRules}. */
export const ruleIds = Object.keys(auditRules) as readonly AuditRule[];

/** The levels of findings, the worst first. */
export const findingLevels = ['error', 'warning', 'note'] as const;

/** A finding about an app. */
export interface Finding {
  rule: AuditRule;
  /** `error`: a requirement is not met; otherwise `warning`, or `note` if nobody in the org can change it. */
  level: (typeof findingLevels)[number];
  /** The developer name of the app. */
  app: string;
  /** No full stop at the end. */
  message: string;
  /** The path of the component with the setting, as in a package in metadata format; `undefined` if the org has none. */
  path: string | undefined;
}

/** The rules of some findings, each once, in the order of {@link auditRules}. */
export function rulesOf(findings: readonly Pick<Finding, 'rule'>[]): AuditRule[] {
  const found: ReadonlySet<string> = new Set(findings.map(({ rule }) => rule));
  return ruleIds.filter((id) => found.has(id));
}

/**
 * The findings about an app; none for an app without OAuth, which issues no tokens.
 *
 * @param isSignInApp whether the audit signs in with the app
 */
export function findingsOf(app: OrgApp, requirements: Requirements, isSignInApp = false): Finding[] {
  const { requiresJwt, maximumMinutes, maximumGuestMinutes, exemptApps } = requirements;
  const find = (
    rule: AuditRule,
    isAskedFor: boolean,
    message: string,
    type: ComponentType,
    otherwise: Finding['level'] = 'warning',
  ): Finding => ({
    rule,
    level: isAskedFor && !exemptApps.includes(app.name) ? 'error' : otherwise,
    app: app.name,
    message,
    path: (app.components[type] ?? app.components.ExternalClientApplication)?.path,
  });
  if (app.problem !== undefined) {
    return [
      find(
        'app-not-understood',
        areAskedFor({ ...requirements, requiresDeclaration: false }),
        app.problem,
        'ExternalClientApplication',
      ),
    ];
  }
  if (!app.isOauthEnabled) {
    return [];
  }
  const findings: Finding[] = [];
  if (app.tokenFormat === 'opaque') {
    const message = 'the access tokens are opaque: isNamedUserJwtEnabled is off';
    const finding = find('opaque-access-tokens', requiresJwt, message, 'ExtlClntAppGlobalOauthSettings');
    const isError = finding.level === 'error';
    findings.push(
      isSignInApp && isError ? { ...finding, message: message + signInReason(app.name) } : finding,
    );
  } else if (app.tokenFormat === 'unknown') {
    const message = `the token format is unknown: ${app.tokenFormatReason ?? 'the org does not return it'}`;
    const type = 'ExtlClntAppGlobalOauthSettings';
    const level = app.components[type] === undefined ? 'note' : 'warning';
    findings.push(find('unknown-token-format', requiresJwt, message, type, level));
  }
  const lives = [
    ['named-user-token-lifetime', 'named users', app.namedUserTokenLifetime, maximumMinutes],
    ['guest-token-lifetime', 'guest users', app.guestTokenLifetime, maximumGuestMinutes],
  ] as const;
  for (const [rule, users, lifetime, limit] of lives) {
    if (isLonger(lifetime, limit ?? defaultMaximumMinutes)) {
      const message =
        `access tokens of ${users} live ${describeLifetime(lifetime)}, more than ${limit ?? defaultMaximumMinutes} minutes: ` +
        lifetime.reason;
      findings.push(find(rule, limit !== undefined, message, 'ExtlClntAppOauthConfigurablePolicies'));
    }
  }
  return findings;
}

/** Why the app that the audit signs in with has to be exempted, to continue a message. */
const signInReason = (app: string): string =>
  `. The audit signs in with this app, which cannot read the org with a JWT-based token below API version 68.0: --exempt ${app}`;

/** The finding about an app that issues tokens and that no resource declares. */
export function notDeclared(
  app: Pick<OrgApp, 'name' | 'components'>,
  stack: string,
  { requiresDeclaration, exemptApps }: Requirements,
): Finding {
  return {
    rule: 'not-declared',
    level: requiresDeclaration && !exemptApps.includes(app.name) ? 'error' : 'note',
    app: app.name,
    message: `not declared by any resource of stack ${stack}`,
    path: app.components.ExternalClientApplication?.path,
  };
}

function isLonger(lifetime: TokenLifetime | undefined, limit: number): lifetime is TokenLifetime {
  return lifetime !== undefined && lifetime.maximumMinutes > limit;
}
