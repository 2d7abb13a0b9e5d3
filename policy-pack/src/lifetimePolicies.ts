import type { ResourceValidationPolicy } from '@pulumi/policy';
import type { UserKind } from './declaredSettings.js';
import { appOf, declaredLifetime, orgOf, propertiesOf, userKinds } from './declaredSettings.js';
import { lifetimeFault } from './lifetimeRule.js';
import type { SettingName } from './policySettings.js';
import { PolicySettings, settingsSchema } from './policySettings.js';

const settingNames: readonly SettingName[] = [
  'maximumMinutes',
  'userSessionMinutes',
  'userSessionMinutesByOrg',
  'exemptApps',
];

/**
 * The limit where none is configured, in minutes: what Salesforce's own review of connected apps recommends as their session
 * timeout. (Salesforce Help, "Manage Session Policies for a Connected App: Session Timeout Control".) That it suits external
 * client apps and guests too is this package's reading; Salesforce recommends no number for them.
 */
const defaultMaximumMinutes = 60;

function lifetimePolicy(name: string, users: UserKind): ResourceValidationPolicy {
  return {
    name,
    displayName: `Lifetime of tokens of ${userKinds[users].words}`,
    description: `JWT-based access tokens of ${userKinds[users].words} live no longer than the maximum.`,
    enforcementLevel: 'advisory',
    severity: 'medium',
    configSchema: settingsSchema(settingNames, { maximumMinutes: defaultMaximumMinutes }),
    validateResource: (args, reportViolation) => {
      const properties = propertiesOf(args);
      const settings = new PolicySettings(name, settingNames, args.getConfig());
      const app = appOf(properties);
      const lifetime = declaredLifetime(properties, users);
      if (lifetime === undefined || settings.names('exemptApps').includes(app)) {
        return;
      }
      const fault = lifetimeFault(users, lifetime, {
        maximumMinutes: settings.minutes('maximumMinutes', defaultMaximumMinutes),
        userSessionMinutes: settings.userSessionMinutes(() => orgOf(properties)),
      });
      if (fault !== undefined) {
        reportViolation(`${app}: ${fault}`);
      }
    },
  };
}

/**
 * Tokens of named users live at most `maximumMinutes`, by default 60. `UserSession` counts as `userSessionMinutes`, by default
 * 1440. Advisory by default. A resource that does not manage the lifetime passes: {@link tokenSettingsDeclared} looks for that.
 */
export const namedUserTokenLifetime = lifetimePolicy(
  'external-client-app-named-user-token-lifetime',
  'namedUser',
);

/** The same for guest users of the headless guest flow. */
export const guestTokenLifetime = lifetimePolicy('external-client-app-guest-token-lifetime', 'guest');
