import { describeLifetime } from '../format/lifetime.js';
import type { OrgApp } from '../../reconcile/orgApp.js';
import { componentText } from '../../components/components.js';
import type { ComponentType } from '../../components/componentTypes.js';
import { usualMinutes } from './guides.js';
import type { Guide, Who } from './guides.js';

/** One thing that a guide asks for. */
export interface Check {
  /** What is asked for, in a word or two. */
  name: string;
  /** `unknown`: the org does not show it; `advice`: not as the guide has it, but no reason for a refusal. */
  status: 'ok' | 'missing' | 'unknown' | 'advice';
  /** What was found and, where it is not `ok`, what to do; no full stop at the end. */
  text: string;
  /** Who can change it. */
  who: Who;
}

/** How an app stands to a guide. */
export interface Readiness {
  /** Nothing is missing, and nothing is unknown. */
  isReady: boolean;
  checks: readonly Check[];
}

/**
 * Checks an app against a guide.
 *
 * @param allowsAnyFlow whether other flows than the guide's will do: the Agent API takes every JWT-based token, whatever the flow
 */
export function checkReadiness(app: OrgApp, guide: Guide, allowsAnyFlow: boolean): Readiness {
  const checks: readonly Check[] =
    app.problem === undefined
      ? [
          checkOauth(app),
          checkTokenFormat(app),
          ...guide.scopes.map((scope) => checkScope(app, scope)),
          ...(allowsAnyFlow ? [] : flowChecks[guide.flow](app)),
          ...checkPermittedUsers(app),
          ...checkLifetime(app),
        ]
      : [{ name: 'components', status: 'unknown', text: app.problem, who: 'developer' }];
  return { isReady: checks.every(({ status }) => status === 'ok' || status === 'advice'), checks };
}

/** The policies are the subscriber's, everything else is the developer's. */
const ownerOf = (type: ComponentType): Who =>
  type === 'ExtlClntAppConfigurablePolicies' || type === 'ExtlClntAppOauthConfigurablePolicies'
    ? 'subscriberAdmin'
    : 'developer';

function checkOauth(app: OrgApp): Check {
  const type = whereOauthIsOff(app);
  return {
    name: 'OAuth',
    status: app.isOauthEnabled ? 'ok' : 'missing',
    text:
      app.oauthDisabledReason ??
      (app.components.ExtlClntAppOauthSettings === undefined
        ? 'the OAuth plugin is on; the org shows no OAuth settings of the app, as is usual for an installed one'
        : 'the OAuth plugin is on and the app has OAuth settings'),
    who: ownerOf(type),
  };
}

const whereOauthIsOff = ({ components }: OrgApp): ComponentType =>
  ['isEnabled', 'isOauthPluginEnabled'].some(
    (element) => componentText(components.ExtlClntAppConfigurablePolicies, element) === 'false',
  )
    ? 'ExtlClntAppConfigurablePolicies'
    : 'ExtlClntAppOauthSettings';

function checkTokenFormat(app: OrgApp): Check {
  const type = 'ExtlClntAppGlobalOauthSettings';
  const check = checkSwitch(app, 'token format', type, 'isNamedUserJwtEnabled');
  return app.components[type] === undefined || app.tokenFormatReason === undefined
    ? check
    : {
        ...check,
        status: 'unknown',
        text: `${app.tokenFormatReason}. Set isNamedUserJwtEnabled in the global OAuth settings to true`,
      };
}

/** A check of an element that has to be true. */
function checkSwitch(app: OrgApp, name: string, type: ComponentType, element: string): Check {
  return checkElement(app, name, type, element, (value) => ({
    status: value === 'true' ? 'ok' : 'missing',
    text: value === 'true' ? `${element} is true` : `${element} is ${value ?? 'not set'} and has to be true`,
  }));
}

/**
 * A check of an element. Where the org does not have its component, nothing is known of an installed app, nor of the global settings
 * of a local app that has OAuth: an org may keep them from a user. Else the app lacks it.
 */
function checkElement(
  app: OrgApp,
  name: string,
  type: ComponentType,
  element: string,
  judge: (value: string | undefined) => Pick<Check, 'status' | 'text'>,
): Check {
  const component = app.components[type];
  const who = ownerOf(type);
  if (component !== undefined) {
    return { name, who, ...judge(componentText(component, element)) };
  }
  const notShown = app.notShown[type];
  if (notShown !== undefined && app.namespace === undefined) {
    return { name, who, status: 'unknown', text: notShown };
  }
  const missing = `the org has no ${type} component for the app`;
  if (app.isInstalled) {
    const text = `${missing}, which is normal for an installed app: ask its developer about ${element}`;
    return { name, who, status: 'unknown', text };
  }
  return type === 'ExtlClntAppGlobalOauthSettings' && app.components.ExtlClntAppOauthSettings !== undefined
    ? { name, who, status: 'unknown', text: `${missing}, or does not return it to this user` }
    : { name, who, status: 'missing', text: missing };
}

function checkScope(app: OrgApp, { scope, metadataNames }: Guide['scopes'][number]): Check {
  const element = 'commaSeparatedOauthScopes';
  return checkElement(app, `scope ${scope}`, 'ExtlClntAppOauthSettings', element, (value) => {
    const granted = (value ?? '').split(',').map((name) => name.trim().toLowerCase());
    const isGranted = [scope, ...metadataNames].some((name) => granted.includes(name.toLowerCase()));
    return isGranted
      ? { status: 'ok', text: `${element} holds it` }
      : { status: 'missing', text: `add ${metadataNames[0] ?? scope} to ${element}` };
  });
}

/** A check whose outcome is advice at most: nothing is said where the org does not have the component. */
function advise(...check: Parameters<typeof checkElement>): Check[] {
  const [app, , type] = check;
  return app.components[type] === undefined ? [] : [checkElement(...check)];
}

const flowChecks: Readonly<Record<Guide['flow'], (app: OrgApp) => Check[]>> = {
  clientCredentials: (app) => [
    checkSwitch(
      app,
      'client credentials, settings',
      'ExtlClntAppGlobalOauthSettings',
      'isClientCredentialsFlowEnabled',
    ),
    checkSwitch(
      app,
      'client credentials, policies',
      'ExtlClntAppOauthConfigurablePolicies',
      'isClientCredentialsFlowEnabled',
    ),
    checkElement(
      app,
      'Run As user',
      'ExtlClntAppOauthConfigurablePolicies',
      'clientCredentialsFlowUser',
      (value) =>
        (value ?? '') === ''
          ? { status: 'missing', text: 'name a user in clientCredentialsFlowUser; API Only is enough' }
          : { status: 'ok', text: `clientCredentialsFlowUser is ${value ?? ''}` },
    ),
  ],
  authorizationCode: (app) => [
    checkElement(app, 'callback URL', 'ExtlClntAppGlobalOauthSettings', 'callbackUrl', (value) =>
      (value ?? '') === ''
        ? { status: 'missing', text: 'set callbackUrl to that of the client' }
        : { status: 'ok', text: 'callbackUrl is set' },
    ),
    checkSwitch(app, 'PKCE', 'ExtlClntAppGlobalOauthSettings', 'isPkceRequired'),
    ...advise(app, 'secret', 'ExtlClntAppGlobalOauthSettings', 'isConsumerSecretOptional', (value) =>
      value === 'true'
        ? { status: 'ok', text: 'isConsumerSecretOptional is true' }
        : {
            status: 'advice',
            text: 'isConsumerSecretOptional is false: a client that holds no secret is refused; the guide asks for none',
          },
    ),
  ],
};

function checkPermittedUsers(app: OrgApp): Check[] {
  const policies = app.components.ExtlClntAppOauthConfigurablePolicies;
  const named = ['commaSeparatedPermissionSet', 'commaSeparatedProfile'].flatMap(
    (element) => componentText(policies, element) ?? [],
  );
  return advise(
    app,
    'permitted users',
    'ExtlClntAppOauthConfigurablePolicies',
    'permittedUsersPolicyType',
    (value) =>
      value !== 'AdminApprovedPreAuthorized'
        ? { status: 'ok', text: `permittedUsersPolicyType is ${value ?? 'not set'}` }
        : named.join('') === ''
          ? {
              status: 'advice',
              text: 'admin-approved users only, and the policies name no permission set or profile: name one, and assign it to the user',
            }
          : { status: 'ok', text: `users of ${named.join(', ')} only: the user needs it assigned` },
  );
}

/** How long the tokens live; of an app that issues opaque ones it says nothing about those that it will issue. */
function checkLifetime({ namedUserTokenLifetime: lifetime, tokenFormat }: OrgApp): Check[] {
  if (lifetime === undefined || tokenFormat === 'opaque') {
    return [];
  }
  const isUsual = lifetime.maximumMinutes <= usualMinutes;
  const text = `${describeLifetime(lifetime)} (${lifetime.reason})`;
  return [
    {
      name: 'lifetime',
      status: isUsual ? 'ok' : 'advice',
      text: isUsual ? text : `${text}; integrators use ${usualMinutes} minutes: set namedUserJwtTimeout`,
      who: 'subscriberAdmin',
    },
  ];
}
