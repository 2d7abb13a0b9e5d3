import type { ErrorCode } from '../../errorCodes.js';
import { GuardRefusedError, orgNotChanged, ProviderError } from '../../errors.js';
import type { FieldValues } from '../../policy/fields.js';
import { absent, firstVersionOf } from '../../policy/fields.js';
import { describeValue, fieldsOf } from '../../policy/difference.js';
import { refusedBy } from '../../policy/guards.js';
import type { Guard, GuardRefusal } from '../../policy/guards.js';
import { elementText } from '../../components/componentXml.js';
import { componentText } from '../../components/components.js';
import type { AppComponents, Component } from '../../components/components.js';
import type { ComponentType } from '../../components/componentTypes.js';
import { componentTypesOf, switchedOffElement } from './componentView.js';
import { describeApp } from '../request.js';
import type { NamedOrg, ReconcileRequest } from '../request.js';

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

/** Whether a component has an element with the value true. */
export const isTrue = (component: Component | undefined, element: string): boolean =>
  componentText(component, element) === 'true';

/**
 * Checks a change before anything is sent: the API version, the help article's precondition (the OAuth plugin is enabled) and the
 * guards.
 *
 * @param isSignInApp whether the provider signs in with the app; `undefined` if unknown
 * @throws ProviderError naming the field and the version, the component and the element, or the guard and how to pass it
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
          `${field} ${describeValue(field, value)} requires API version ${since}.0, but this run uses ${org.apiVersion}.0, the ` +
          'newest that both the org and this release support',
        advice:
          `Set salesforce:apiVersion to ${org.apiVersion}.0: the preview then shows what is allowed there, and before 65.0 ` +
          'a timeout needs no type',
        orgState: orgNotChanged,
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
      orgState: orgNotChanged,
    });
  }
}

/**
 * The first guard that refuses a change of an app.
 *
 * @param isSignInApp whether the provider signs in with the app; `undefined` if unknown
 */
export function refusalByGuards(
  request: ReconcileRequest,
  { apiVersion }: ApiOfOrg,
  components: AppComponents,
  { isNamedUserJwtEnabled }: FieldValues,
  isSignInApp: boolean | undefined,
): GuardRefusal | undefined {
  if (isNamedUserJwtEnabled === undefined) {
    // All guards are about this field, and readMetadata may not return the elements that they check.
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

/** The error of an app that is switched off, or whose OAuth is switched off, by its plugin component. */
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
    orgState: orgNotChanged,
  });
}

/** The component types that changes need and that the app does not have. */
export function missingComponentTypes(components: AppComponents, changes: FieldValues): ComponentType[] {
  return componentTypesOf(fieldsOf(changes)).filter((type) => components[type] === undefined);
}

/** The error of an app without OAuth settings; a missing global component alone does not mean that. */
export function noOauthError(request: ReconcileRequest, org: NamedOrg): ProviderError {
  return new ProviderError({
    code: 'ECA3008',
    subject: describeApp(request.app, org),
    cause: 'OAuth is not enabled: the org has no ExtlClntAppOauthSettings component for this app',
    advice:
      'Enable the OAuth plugin in Setup, External Client App Manager, the app, Settings; then repeat the command',
    orgState: orgNotChanged,
  });
}

/** The error of an installed app whose global settings are in its developer's org. */
export function globalSettingsElsewhere(request: ReconcileRequest, org: NamedOrg): ProviderError {
  return new ProviderError({
    code: 'ECA3009',
    subject: describeApp(request.app, org),
    cause:
      'isNamedUserJwtEnabled cannot be set in this org: it has no ExtlClntAppGlobalOauthSettings component for this app, which is ' +
      'normal for an app that was installed from a package',
    advice:
      'Only the developer of the app can change it, in the org where the app was created. Leave isNamedUserJwtEnabled out ' +
      'and manage only the timeouts',
    orgState: orgNotChanged,
  });
}

/** The error of an app with OAuth that is proven to lack a component that a change needs. */
export function missingComponentError(
  request: ReconcileRequest,
  org: NamedOrg,
  missing: ComponentType,
): ProviderError {
  const common = { subject: describeApp(request.app, org), orgState: orgNotChanged };
  return new ProviderError(
    missing === 'ExtlClntAppGlobalOauthSettings'
      ? {
          ...common,
          code: 'ECA3011',
          cause:
            'the org lists ExtlClntAppGlobalOauthSettings for other apps but not for this one, so isNamedUserJwtEnabled cannot be set',
          advice:
            "Check the app's OAuth settings in Setup, External Client App Manager, the app, Settings. If they are missing, " +
            'enable the OAuth plugin again; then repeat the command',
        }
      : {
          ...common,
          code: 'ECA3010',
          cause: `the org has no ${missing} component for this app, so there are no policies to set yet`,
          advice:
            "Open the app's Policies in Setup, External Client App Manager, and save them once; then repeat the command",
        },
  );
}
