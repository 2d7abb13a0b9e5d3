import { describeLifetime } from '../format/lifetime.js';
import { jwtTimeouts } from '../../policy/fields.js';
import type { TokenLifetime } from '../../policy/tokenLifetime.js';
import type { OrgApp } from '../../reconcile/orgApp.js';
import type { ComponentType } from '../../components/componentTypes.js';

/** What an audit was asked to hold apps to. */
export interface Requirements {
  /** Every app that issues tokens has to issue JWT-based ones; one that cannot be told is not taken for good. */
  requiresJwt: boolean;
  /** The longest life of named users' tokens, in minutes; `undefined`: not asked for. */
  maximumMinutes: number | undefined;
  /** The longest life of guest users' tokens, in minutes; `undefined`: not asked for. */
  maximumGuestMinutes: number | undefined;
  /** Every app that issues tokens has to be declared by a resource of the stack. */
  requiresDeclaration: boolean;
  /** Developer names of apps that need not meet them: what is found there is at most a warning. */
  exemptApps: readonly string[];
}

/**
 * Lives above this many minutes are found where no limit is asked for: it is the longest that an app can set, so that more comes from
 * session settings that were made for people at a screen.
 */
export const defaultMaximumMinutes = Math.max(...jwtTimeouts);

/** Whether anything is asked of apps. */
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

/** What an audit finds, by the id of the rule. */
export const auditRules = {
  'opaque-access-tokens': {
    title: 'The app issues opaque access tokens',
    help:
      'Agent API and hosted MCP servers take JWT-based access tokens only, and Salesforce lists them as a security control. Turn on ' +
      'isNamedUserJwtEnabled, which the developer of the app can.',
  },
  'unknown-token-format': {
    title: 'The org does not show which access tokens the app issues',
    help:
      'Usual for installed apps: the global OAuth settings are in the org of their developer. Ask the developer, or get a token and ' +
      'look at it (pulumi-salesforce-eca token). Where the policies have an isNamedUserJwtEnabled of their own, turn on the one in the ' +
      'global OAuth settings.',
  },
  'named-user-token-lifetime': {
    title: 'Access tokens of named users live long',
    help:
      'Whoever validates a JWT-based token by himself does not notice a revocation before it ends. Set ' +
      'namedUserJwtSessionTimeoutType to Custom and a namedUserJwtTimeout; UserSession follows the session settings of profile and org.',
  },
  'guest-token-lifetime': {
    title: 'Access tokens of guest users live long',
    help: 'Set guestJwtSessionTimeoutType to Custom and a guestJwtTimeout.',
  },
  'not-declared': {
    title: 'No resource of the stack declares the app',
    help:
      'Declare an ExternalClientAppJwtPolicy for the app, or exempt it. pulumi-salesforce-eca export writes the resource with the ' +
      'values that the app has.',
  },
  'app-not-understood': {
    title: 'The settings of the app could not be read',
    help:
      'The app has two components of one type, or one that is no component: remove what does not belong to it. Or the org did not ' +
      'return a component: repeat the audit, and look at the app in Setup as the signed-in user.',
  },
} as const;

/** The id of a rule. */
export type AuditRule = keyof typeof auditRules;

/** How much a finding matters, the worst first. */
export const findingLevels = ['error', 'warning', 'note'] as const;

/** What was found at an app. */
export interface Finding {
  rule: AuditRule;
  /** `error`: a requirement that was asked for is not met; else a `warning`, or a `note` where nobody in the org can change it. */
  level: (typeof findingLevels)[number];
  /** The developer name of the app. */
  app: string;
  /** No full stop at the end. */
  message: string;
  /** The path of the component that holds the setting, as in a package in metadata format; `undefined` where the org has none. */
  path: string | undefined;
}

/** What is found at an app; one without OAuth issues no tokens, so nothing is. */
export function findingsOf(app: OrgApp, requirements: Requirements): Finding[] {
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
    findings.push(find('opaque-access-tokens', requiresJwt, message, 'ExtlClntAppGlobalOauthSettings'));
  } else if (app.tokenFormat === 'unknown') {
    const message = `the token format is unknown: ${app.tokenFormatReason ?? 'the org does not show it'}`;
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

/** An app that issues tokens and that no resource declares. */
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
