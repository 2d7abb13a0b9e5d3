import type { StackValidationPolicy } from '@pulumi/policy';
import { appOf, declaredJwt, declaredLifetime, resourcesByApp } from './declaredSettings.js';
import type { SettingName } from './policySettings.js';
import { PolicySettings, settingsSchema } from './policySettings.js';

const settingNames: readonly SettingName[] = ['exemptApps'];

/** Whether an app was installed from a package: only its developer can set its token format then. (Salesforce Help) */
const isInstalled = (app: string): boolean => app.includes('__');

/**
 * Every app of the stack has its token format declared and, when that is JWT, the lifetime of named users' tokens: what is not
 * declared is not looked at by the other policies, and stays what the org has. Several resources on one app count together,
 * which is why it is a policy on the stack: in `pulumi up` it is checked in the preview, and only at the end with `--skip-preview`.
 * Installed apps (`ns__Name`) need no format. Advisory by default.
 */
export const tokenSettingsDeclared: StackValidationPolicy = {
  name: 'external-client-app-token-settings-declared',
  displayName: 'Token format and lifetime declared',
  description: 'The program declares the token format and the lifetime of the apps that it manages.',
  enforcementLevel: 'advisory',
  severity: 'medium',
  configSchema: settingsSchema(settingNames),
  validateStack: (args, reportViolation) => {
    const settings = new PolicySettings(tokenSettingsDeclared.name, settingNames, args.getConfig());
    for (const resources of resourcesByApp(args.resources).values()) {
      const [first] = resources;
      const app = first === undefined ? '' : appOf(first.props);
      if (settings.names('exemptApps').includes(app)) {
        continue;
      }
      const format = resources.map(({ props }) => declaredJwt(props)).find((jwt) => jwt !== undefined);
      if (format === undefined && !isInstalled(app)) {
        reportViolation(
          `${app}: no resource of the stack declares isNamedUserJwtEnabled, so the app may issue opaque access tokens. Set it to true.`,
          first?.urn,
        );
      }
      if (
        format === true &&
        resources.every(({ props }) => declaredLifetime(props, 'namedUser') === undefined)
      ) {
        reportViolation(
          `${app}: no resource of the stack declares how long the tokens of named users live. Unless the org has a lifetime for ` +
            "the app already, the user's session timeout counts, which may be 24 hours. Set namedUserJwtTimeout.",
          first?.urn,
        );
      }
    }
  },
};
