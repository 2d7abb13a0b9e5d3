import { ProviderError } from '../errors.js';
import type { FieldValues } from '../jwtPolicy/fields.js';
import { absent, fieldDefinitions, firstVersionOf } from '../jwtPolicy/fields.js';
import { describeValue, fieldsOf } from '../jwtPolicy/difference.js';
import { refusedBy } from '../jwtPolicy/guards.js';
import { elementText } from '../salesforce/componentXml.js';
import { namespaceOf } from '../salesforce/components.js';
import type { AppComponents, Component } from '../salesforce/components.js';
import type { OrgConnection } from '../salesforce/orgConnection.js';
import { describeApp } from './job.js';
import type { ReconcileJob } from './job.js';

/** What the preconditions need to know of the sign-in. */
type SignedInOrg = Pick<OrgConnection, 'label' | 'organizationId' | 'apiVersion' | 'signInConsumerKey'>;

const isTrue = (component: Component | undefined, element: string): boolean =>
  component !== undefined && elementText(component.elements, element)?.trim() === 'true';

const isFalse = (component: Component, element: string): boolean =>
  elementText(component.elements, element)?.trim() === 'false';

/**
 * What stands against a change before anything is sent: the API version, the help article's precondition (the OAuth plugin
 * is enabled) and the guards.
 *
 * @throws ProviderError naming the field and the version, the component and the element, or the guard with its ways out
 */
export function assertChangeIsPossible(
  job: ReconcileJob,
  connection: SignedInOrg,
  components: AppComponents,
  changes: FieldValues,
): void {
  const subject = describeApp(job.app, connection);
  for (const field of fieldsOf(changes)) {
    const value = changes[field] ?? absent;
    const since = firstVersionOf(field, value);
    if (value !== absent && connection.apiVersion < since) {
      throw new ProviderError(
        `${subject}: ${field} ${describeValue(field, value)} exists from API version ${since}.0 on, and this run uses ` +
          `${connection.apiVersion}.0, the newest that the org and this release have. Set salesforce:apiVersion to ` +
          `${connection.apiVersion}.0: then the preview says what is allowed there, and a timeout needs no type before 65.0. ` +
          'The org was not changed',
      );
    }
  }
  const plugins = components.ExtlClntAppConfigurablePolicies;
  const switchedOff =
    plugins === undefined
      ? undefined
      : ['isEnabled', 'isOauthPluginEnabled'].find((element) => isFalse(plugins, element));
  if (switchedOff !== undefined) {
    throw new ProviderError(
      `${subject}: ` +
        (switchedOff === 'isEnabled' ? 'the app is disabled' : 'the OAuth plugin of the app is not enabled') +
        ` (${switchedOff} is false in ExtlClntAppConfigurablePolicies ${plugins?.fullName ?? ''}). Enable it in Setup, External ` +
        'Client App Manager, the app, Policies; then run pulumi up again. The org was not changed',
    );
  }
  const globalSettings = components.ExtlClntAppGlobalOauthSettings;
  const isSignInApp =
    connection.signInConsumerKey === undefined || globalSettings === undefined
      ? undefined
      : elementText(globalSettings.elements, 'consumerKey')?.trim() === connection.signInConsumerKey;
  const tokenFormatChange = changes.isNamedUserJwtEnabled;
  const refusal = refusedBy(
    {
      isNamedUserJwtEnabled: tokenFormatChange === undefined ? undefined : tokenFormatChange === true,
      writesGlobalSettings: tokenFormatChange !== undefined,
      isSignInApp,
      apiVersion: connection.apiVersion,
      distributionState:
        components.ExternalClientApplication === undefined
          ? undefined
          : elementText(components.ExternalClientApplication.elements, 'distributionState')?.trim(),
      isGuestFlowEnabled: isTrue(
        components.ExtlClntAppOauthConfigurablePolicies,
        'isGuestCodeCredFlowEnabled',
      ),
      hasCertificate:
        globalSettings !== undefined && (elementText(globalSettings.elements, 'certificate') ?? '') !== '',
    },
    job.allow,
  );
  if (refusal !== undefined) {
    throw new ProviderError(
      `${subject}: refused by the guard ${refusal.guard}: ${refusal.reason}. The org was not changed`,
    );
  }
}

/** The component types that the wanted values live in and that the app does not have. */
export function missingComponentTypes(
  components: AppComponents,
  wanted: FieldValues,
): (keyof AppComponents)[] {
  const types = new Set(fieldsOf(wanted).map((field) => fieldDefinitions[field].componentType));
  return [...types].filter((type) => components[type] === undefined);
}

/** Says what a missing component means, from the app's OAuth settings: never from the missing component alone. */
export function describeMissingComponent(
  job: ReconcileJob,
  connection: SignedInOrg,
  missing: keyof AppComponents,
  hasOauthSettings: boolean,
): string {
  const subject = describeApp(job.app, connection);
  if (!hasOauthSettings) {
    return (
      `${subject}: OAuth is not enabled: the org has no ExtlClntAppOauthSettings component of this app. Enable the OAuth ` +
      'plugin in Setup, External Client App Manager, the app, Settings; then run pulumi up again. The org was not changed'
    );
  }
  return missing === 'ExtlClntAppGlobalOauthSettings'
    ? `${subject}: isNamedUserJwtEnabled cannot be set from this org: it has no ExtlClntAppGlobalOauthSettings component of ` +
        'this app, as is usual for an app that was installed from a package. Only the developer of the app can change it, in ' +
        'the org where the app was made; here leave isNamedUserJwtEnabled out and manage the timeouts. The org was not changed'
    : `${subject}: the org has no ${missing} component of this app, so there are no policies to set yet. Open the app's ` +
        'Policies in Setup, External Client App Manager, and save them once; then run pulumi up again. The org was not changed';
}

/** Warnings that a change deserves although it is right. */
export function warningsFor(job: ReconcileJob, components: AppComponents, changes: FieldValues): string[] {
  const warnings: string[] = [];
  if (namespaceOf(job.app) !== undefined && !job.fields.includes('isNamedUserJwtEnabled')) {
    warnings.push(
      'the app was installed from a package: its lifetimes count only when its developer has turned JWT-based access tokens on, ' +
        'which only the developer can and this org does not show.',
    );
  }
  const setsGuestTimeout = ['guestJwtSessionTimeoutType', 'guestJwtTimeout'].some((field) => {
    const value = field === 'guestJwtTimeout' ? changes.guestJwtTimeout : changes.guestJwtSessionTimeoutType;
    return value !== undefined && value !== absent;
  });
  const policies = components.ExtlClntAppOauthConfigurablePolicies;
  if (setsGuestTimeout && !isTrue(policies, 'isGuestCodeCredFlowEnabled')) {
    warnings.push(
      'guest timeouts have no effect yet: the guest flow is off for this app (isGuestCodeCredFlowEnabled in its policies).',
    );
  }
  const globalSettings = components.ExtlClntAppGlobalOauthSettings;
  if (
    changes.isNamedUserJwtEnabled !== undefined &&
    globalSettings !== undefined &&
    elementText(globalSettings.elements, 'certificate') === undefined
  ) {
    warnings.push(
      'the org returned no certificate with the global OAuth settings. Some orgs never do: if clients of this app sign in ' +
        'with a certificate (JWT bearer), check that they still can after this change.',
    );
  }
  return warnings;
}
