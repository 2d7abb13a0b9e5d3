import { describeLifetime } from '../format/lifetime.js';
import type { OrgApp } from '../../reconcile/apps/orgApp.js';
import { componentText } from '../../components/components.js';
import type { ComponentType } from '../../components/componentTypes.js';
import { usualMinutes } from './guides.js';
import type { Guide, Who } from './guides.js';

/** The check of one requirement of a guide. */
export interface Check {
  /** The requirement in a word or two. */
  name: string;
  /** `unknown`: the org does not return it; `advice`: it differs from the guide, but does not cause a refusal. */
  status: 'ok' | 'missing' | 'unknown' | 'advice';
  /** What was found and, if it is not `ok`, what to do; no full stop at the end. */
  text: string;
  /** Who can change it. */
  who: Who;
}

/** Whether an app meets the requirements of a guide. */
export interface Readiness {
  /** Nothing is missing, and nothing is unknown. */
  isReady: boolean;
  checks: readonly Check[];
}

/**
 * Checks an app against a guide.
 *
 * @param allowsAnyFlow whether flows other than the guide's are allowed: the Agent API accepts every JWT-based token, from any flow
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

/** The policies belong to the subscriber, everything else to the developer. */
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
        ? 'the OAuth plugin is on; the org returned no OAuth settings for the app, which is normal for an installed app'
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

/** The check of an element that must be true. */
function checkSwitch(app: OrgApp, name: string, type: ComponentType, element: string): Check {
  return checkElement(app, name, type, element, (value) => ({
    status: value === 'true' ? 'ok' : 'missing',
    text: value === 'true' ? `${element} is true` : `${element} is ${value ?? 'not set'}, but must be true`,
  }));
}

/**
 * The check of an element. If the org returned no component with it, the element is unknown for an installed app, and in the global
 * settings of a local app with OAuth, which a user may not be allowed to see. Otherwise the app lacks it.
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
      ? { status: 'ok', text: `${element} contains it` }
      : { status: 'missing', text: `add ${metadataNames[0] ?? scope} to ${element}` };
  });
}

/** A check that gives advice at most; it is left out if the org does not have the component. */
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
          ? {
              status: 'missing',
              text: 'set clientCredentialsFlowUser to a user; the permission API Only is enough',
            }
          : { status: 'ok', text: `clientCredentialsFlowUser is ${value ?? ''}` },
    ),
  ],
  authorizationCode: (app) => [
    checkElement(app, 'callback URL', 'ExtlClntAppGlobalOauthSettings', 'callbackUrl', (value) =>
      (value ?? '') === ''
        ? { status: 'missing', text: 'set callbackUrl to the callback URL of the client' }
        : { status: 'ok', text: 'callbackUrl is set' },
    ),
    checkSwitch(app, 'PKCE', 'ExtlClntAppGlobalOauthSettings', 'isPkceRequired'),
    ...advise(app, 'secret', 'ExtlClntAppGlobalOauthSettings', 'isConsumerSecretOptional', (value) =>
      value === 'true'
        ? { status: 'ok', text: 'isConsumerSecretOptional is true' }
        : {
            status: 'advice',
            text: 'isConsumerSecretOptional is false, so clients without a secret are refused; the guide requires none',
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
              text: 'only admin-approved users are permitted, but the policies name no permission set or profile: add one and assign it to the user',
            }
          : { status: 'ok', text: `only users with ${named.join(', ')}: assign it to the user` },
  );
}

/** The check of the lifetime; none for an app that issues opaque tokens, as that says nothing about JWT-based ones. */
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
