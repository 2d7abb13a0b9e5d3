import type { ErrorCode } from '../errorCodes.js';
import { GuardRefusedError, ProviderError } from '../errors.js';
import type { FieldValues } from '../policy/fields.js';
import { absent, firstVersionOf } from '../policy/fields.js';
import { describeValue, fieldsOf } from '../policy/difference.js';
import { refusedBy } from '../policy/guards.js';
import type { Guard, GuardRefusal } from '../policy/guards.js';
import { elementText } from '../components/componentXml.js';
import { componentText } from '../components/components.js';
import type { AppComponents, Component } from '../components/components.js';
import type { ComponentType } from '../components/componentTypes.js';
import { componentTypesOf, switchedOffElement } from './componentView.js';
import { describeApp } from './request.js';
import type { NamedOrg, ReconcileRequest } from './request.js';

const orgState = 'The org was not changed';

const codesOfGuards: Readonly<Record<Guard, ErrorCode>> = {
  lockOut: 'ECA4001',
  guestFlow: 'ECA4002',
  packagedApp: 'ECA4003',
  unreadCertificate: 'ECA4004',
};

/** The Metadata API version that a run uses. */
export interface ApiOfOrg {
  apiVersion: number;
}

/** Whether an element of a component is there and true. */
export const isTrue = (component: Component | undefined, element: string): boolean =>
  componentText(component, element) === 'true';

/**
 * What stands against a change before anything is sent: the API version, the help article's precondition (the OAuth plugin
 * is enabled) and the guards.
 *
 * @param isSignInApp whether the provider signs in with the app; `undefined` when that cannot be told
 * @throws ProviderError naming the field and the version, the component and the element, or the guard with its ways out
 */
export function assertChangeIsPossible(
  request: ReconcileRequest,
  org: NamedOrg & ApiOfOrg,
  components: AppComponents,
  changes: FieldValues,
  isSignInApp: boolean | undefined,
): void {
  for (const field of fieldsOf(changes)) {
    const value = changes[field] ?? absent;
    const since = firstVersionOf(field, value);
    if (value !== absent && org.apiVersion < since) {
      throw new ProviderError({
        code: 'ECA2015',
        subject: describeApp(request.app, org),
        cause:
          `${field} ${describeValue(field, value)} exists from API version ${since}.0 on, and this run uses ${org.apiVersion}.0, the ` +
          'newest that the org and this release have',
        advice:
          `Set salesforce:apiVersion to ${org.apiVersion}.0: then the preview says what is allowed there, and a timeout needs no type ` +
          'before 65.0',
        orgState,
      });
    }
  }
  const switchedOff = switchedOffElement(components);
  if (switchedOff !== undefined) {
    throw switchedOffError(request, org, components, switchedOff);
  }
  const refusal = refusalByGuards(request, org, components, changes, isSignInApp);
  if (refusal !== undefined) {
    throw new GuardRefusedError({
      code: codesOfGuards[refusal.guard],
      subject: describeApp(request.app, org),
      cause: `refused by the guard ${refusal.guard}: ${refusal.reason}`,
      orgState,
    });
  }
}

/**
 * The first guard that refuses a change of an app.
 *
 * @param isSignInApp whether the provider signs in with the app; `undefined` when that cannot be told
 */
export function refusalByGuards(
  request: ReconcileRequest,
  { apiVersion }: ApiOfOrg,
  components: AppComponents,
  { isNamedUserJwtEnabled }: FieldValues,
  isSignInApp: boolean | undefined,
): GuardRefusal | undefined {
  if (isNamedUserJwtEnabled === undefined) {
    // Every guard is about this field, and readMetadata may not show what they look at.
    return undefined;
  }
  const header = components.ExternalClientApplication;
  const globalSettings = components.ExtlClntAppGlobalOauthSettings;
  return refusedBy(
    {
      isNamedUserJwtEnabled: isNamedUserJwtEnabled === true,
      writesGlobalSettings: true,
      isSignInApp,
      apiVersion,
      distributionState: componentText(header, 'distributionState'),
      isGuestFlowEnabled: isTrue(
        components.ExtlClntAppOauthConfigurablePolicies,
        'isGuestCodeCredFlowEnabled',
      ),
      hasCertificate:
        globalSettings !== undefined && (elementText(globalSettings.elements, 'certificate') ?? '') !== '',
    },
    request.allow,
  );
}

/** The error of an app that its plugin component switches off, or its OAuth. */
export function switchedOffError(
  request: ReconcileRequest,
  org: NamedOrg,
  { ExtlClntAppConfigurablePolicies: plugins }: AppComponents,
  element: string,
): ProviderError {
  const isApp = element === 'isEnabled';
  return new ProviderError({
    code: isApp ? 'ECA3006' : 'ECA3007',
    subject: describeApp(request.app, org),
    cause:
      (isApp ? 'the app is disabled' : 'the OAuth plugin of the app is not enabled') +
      ` (${element} is false in ExtlClntAppConfigurablePolicies ${plugins?.fullName ?? ''})`,
    advice: 'Enable it in Setup, External Client App Manager, the app, Policies; then repeat the command',
    orgState,
  });
}

/** The component types that changes live in and that the app does not have. */
export function missingComponentTypes(components: AppComponents, changes: FieldValues): ComponentType[] {
  return componentTypesOf(fieldsOf(changes)).filter((type) => components[type] === undefined);
}

/** The error of an app without OAuth settings: never from a missing global component alone. */
export function noOauthError(request: ReconcileRequest, org: NamedOrg): ProviderError {
  return new ProviderError({
    code: 'ECA3008',
    subject: describeApp(request.app, org),
    cause: 'OAuth is not enabled: the org has no ExtlClntAppOauthSettings component of this app',
    advice:
      'Enable the OAuth plugin in Setup, External Client App Manager, the app, Settings; then repeat the command',
    orgState,
  });
}

/** The error of an installed app whose global settings are its developer's. */
export function globalSettingsElsewhere(request: ReconcileRequest, org: NamedOrg): ProviderError {
  return new ProviderError({
    code: 'ECA3009',
    subject: describeApp(request.app, org),
    cause:
      'isNamedUserJwtEnabled cannot be set from this org: it has no ExtlClntAppGlobalOauthSettings component of this app, as is usual ' +
      'for an app that was installed from a package',
    advice:
      'Only the developer of the app can change it, in the org where the app was made; here leave isNamedUserJwtEnabled out and ' +
      'manage the timeouts',
    orgState,
  });
}

/** The error of an app with OAuth that lacks a component which a change needs; it is proven to be missing. */
export function missingComponentError(
  request: ReconcileRequest,
  org: NamedOrg,
  missing: ComponentType,
): ProviderError {
  const common = { subject: describeApp(request.app, org), orgState };
  return new ProviderError(
    missing === 'ExtlClntAppGlobalOauthSettings'
      ? {
          ...common,
          code: 'ECA3011',
          cause:
            'the org lists ExtlClntAppGlobalOauthSettings of other apps and none of this one, so isNamedUserJwtEnabled cannot be set',
          advice:
            "Look at the app's OAuth settings in Setup, External Client App Manager, the app, Settings: when they are not there, enable " +
            'the OAuth plugin anew; then repeat the command',
        }
      : {
          ...common,
          code: 'ECA3010',
          cause: `the org has no ${missing} component of this app, so there are no policies to set yet`,
          advice:
            "Open the app's Policies in Setup, External Client App Manager, and save them once; then repeat the command",
        },
  );
}
