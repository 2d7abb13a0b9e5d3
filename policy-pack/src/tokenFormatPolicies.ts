import type { ResourceValidationPolicy } from '@pulumi/policy';
import type { UserKind } from './declaredSettings.js';
import {
  appOf,
  declaredJwt,
  declaredLifetime,
  propertiesOf,
  unreadable,
  unreadableFault,
  userKinds,
} from './declaredSettings.js';
import type { SettingName } from './policySettings.js';
import { PolicySettings, settingsSchema } from './policySettings.js';

const settingNames: readonly SettingName[] = ['exemptApps'];

/**
 * No resource turns JWT-based access tokens off. Advisory by default. A resource that does not manage `isNamedUserJwtEnabled`
 * passes: `tokenSettingsDeclared` looks for that.
 */
export const jwtRequired: ResourceValidationPolicy = {
  name: 'external-client-app-jwt-required',
  displayName: 'JWT-based access tokens',
  description: 'External client apps issue JWT-based access tokens.',
  enforcementLevel: 'advisory',
  severity: 'medium',
  configSchema: settingsSchema(settingNames),
  validateResource: (args, reportViolation) => {
    const properties = propertiesOf(args);
    const settings = new PolicySettings(jwtRequired.name, settingNames, args.getConfig());
    const app = appOf(properties);
    const jwt = declaredJwt(properties);
    if (jwt === undefined || jwt === true || settings.names('exemptApps').includes(app)) {
      return;
    }
    const fault =
      jwt === unreadable
        ? unreadableFault('isNamedUserJwtEnabled')
        : 'isNamedUserJwtEnabled is false, so the app issues opaque access tokens. Set it to true.';
    reportViolation(`${app}: ${fault}`);
  },
};

/** No lifetime is left to the user's session settings, whatever they say: stricter than a maximum. Off by default. */
export const userSessionForbidden: ResourceValidationPolicy = {
  name: 'external-client-app-user-session-forbidden',
  displayName: 'Lifetimes of their own',
  description: 'The lifetime of JWT-based access tokens is set for the app, not left to session settings.',
  enforcementLevel: 'disabled',
  severity: 'medium',
  configSchema: settingsSchema(settingNames),
  validateResource: (args, reportViolation) => {
    const properties = propertiesOf(args);
    const settings = new PolicySettings(userSessionForbidden.name, settingNames, args.getConfig());
    const app = appOf(properties);
    if (settings.names('exemptApps').includes(app)) {
      return;
    }
    for (const users of ['namedUser', 'guest'] satisfies UserKind[]) {
      const { sessionTimeoutType, timeout } = userKinds[users];
      const lifetime = declaredLifetime(properties, users);
      if (lifetime === unreadable) {
        reportViolation(`${app}: ${unreadableFault(`${sessionTimeoutType} or ${timeout}`)}`);
      }
      if (lifetime === 'UserSession') {
        reportViolation(
          `${app}: ${sessionTimeoutType} is UserSession, so a change of a profile or of the org changes how long tokens live. ` +
            `Set ${timeout} to a number of minutes and leave ${sessionTimeoutType} out.`,
        );
      }
    }
  },
};
