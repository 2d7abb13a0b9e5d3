import type { Policy, ResourceValidationPolicy, StackValidationPolicy } from '@pulumi/policy';
import {
  appOf,
  declaredJwt,
  declaredLifetime,
  orgOf,
  propertiesOf,
  resourcesByApp,
} from './declaredSettings.js';
import { lifetimeFault } from './lifetimeRule.js';
import type { SettingName } from './policySettings.js';
import { PolicySettings, settingsSchema } from './policySettings.js';

/*
 * The one control of the Security Benchmark for Salesforce (SBS) that sets the lifetime of access tokens: SBS-DEP-006, "access
 * token timeout of 15 minutes or less" for the app that the Salesforce CLI signs in with. The benchmark is an independent draft
 * (0.x); the control joined its text on 29 January 2026, after release 0.3.0, and stands unchanged in the later list of 49
 * controls at docs.securitybenchmark.org. It is about connected apps; that it also applies to external client apps is
 * this package's reading, and so is every app but the CLI's.
 */

/** The access token timeout of SBS-DEP-006, in minutes. */
const maximumMinutes = 15;

const control = 'SBS-DEP-006 of the Security Benchmark for Salesforce';

const common = {
  enforcementLevel: 'disabled',
  severity: 'high',
  framework: {
    name: 'Security Benchmark for Salesforce',
    version: '0.x (draft)',
    reference: 'SBS-DEP-006',
    specification: 'Configure Salesforce CLI Connected App with Token Expiration Policies',
  },
  url: 'https://docs.securitybenchmark.org/benchmark/deployments.html',
} as const satisfies Partial<Policy>;

const lifetimeSettingNames: readonly SettingName[] = [
  'salesforceCliApps',
  'userSessionMinutes',
  'userSessionMinutesByOrg',
  'exemptApps',
];
const declaredSettingNames: readonly SettingName[] = ['salesforceCliApps', 'exemptApps'];

/** Whether the control is applied to an app. */
function covers(settings: PolicySettings, app: string): boolean {
  const cliApps = settings.names('salesforceCliApps');
  return !settings.names('exemptApps').includes(app) && (cliApps.length === 0 || cliApps.includes(app));
}

/** The control, at the end of a message, and how far it is read beyond its wording. */
function citation(settings: PolicySettings): string {
  return settings.names('salesforceCliApps').length > 0
    ? `(${control})`
    : `(${control}. Its wording is about the app that the Salesforce CLI signs in with: to check only that app, list it in salesforceCliApps.)`;
}

/**
 * SBS-DEP-006 for declared lifetimes: tokens of named users live at most 15 minutes, in the apps of `salesforceCliApps`, or in
 * all when that names none. Off by default. The control's other half, refresh tokens of 90 days at most, is not a setting of
 * the resource and is not checked.
 */
export const benchmarkTokenLifetime: ResourceValidationPolicy = {
  ...common,
  name: 'sbs-dep-006-token-lifetime',
  displayName: 'SBS-DEP-006: lifetime of access tokens',
  description: 'SBS-DEP-006: access tokens time out after 15 minutes or less.',
  configSchema: settingsSchema(lifetimeSettingNames),
  validateResource: (args, reportViolation) => {
    const properties = propertiesOf(args);
    const settings = new PolicySettings(benchmarkTokenLifetime.name, lifetimeSettingNames, args.getConfig());
    const app = appOf(properties);
    const lifetime = declaredLifetime(properties, 'namedUser');
    if (lifetime === undefined || !covers(settings, app)) {
      return;
    }
    const userSessionMinutes = settings.userSessionMinutes(() => orgOf(properties));
    const fault = lifetimeFault('namedUser', lifetime, { maximumMinutes, userSessionMinutes });
    if (fault !== undefined) {
      reportViolation(`${app}: ${fault} ${citation(settings)}`);
    }
  },
};

/** SBS-DEP-006 for apps of the stack without a declared lifetime, which the other policy cannot judge. Off by default. */
export const benchmarkTokenLifetimeDeclared: StackValidationPolicy = {
  ...common,
  name: 'sbs-dep-006-token-lifetime-declared',
  displayName: 'SBS-DEP-006: lifetime of access tokens declared',
  description: 'SBS-DEP-006: the timeout of access tokens is configured.',
  configSchema: settingsSchema(declaredSettingNames),
  validateStack: (args, reportViolation) => {
    const settings = new PolicySettings(
      benchmarkTokenLifetimeDeclared.name,
      declaredSettingNames,
      args.getConfig(),
    );
    for (const resources of resourcesByApp(args.resources).values()) {
      const [first] = resources;
      const app = first === undefined ? '' : appOf(first.props);
      if (
        !covers(settings, app) ||
        resources.some(({ props }) => declaredLifetime(props, 'namedUser') !== undefined)
      ) {
        continue;
      }
      const opaque = resources.some(({ props }) => declaredJwt(props) === false);
      const fault = opaque
        ? 'isNamedUserJwtEnabled is false, so the app issues opaque access tokens, whose timeout this resource does not manage. Turn it on and ' +
          `set namedUserJwtTimeout to ${maximumMinutes} or less, or show the timeout elsewhere and name the app in exemptApps.`
        : `no resource of the stack declares how long access tokens live. Set namedUserJwtTimeout to ${maximumMinutes} or less.`;
      reportViolation(`${app}: ${fault} ${citation(settings)}`, first?.urn);
    }
  },
};
