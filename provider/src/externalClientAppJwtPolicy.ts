import * as pulumi from '@pulumi/pulumi';
import type { CheckedArgs, ExternalClientAppJwtPolicyArgs } from './externalClientAppJwtPolicyArgs.js';
import type { JwtField, JwtSessionTimeoutType, JwtTimeout } from './policy/fields.js';
import type { Guard } from './policy/guards.js';
import { warnOfMissingDependency } from './missingDependency.js';
import { currentProgramRun } from './run/programRun.js';
import { warnOfMisspeltSettings } from './run/misspeltSettings.js';
import { warnOfPlainSecrets } from './run/plainSecrets.js';
import { nativeResourceType, providerText, resourceType } from './resourceType.js';

/** The class behind {@link ExternalClientAppJwtPolicyConstructor}. */
class JwtPolicyResource extends pulumi.CustomResource {
  static readonly __pulumiType = resourceType;

  static override isInstance(obj: unknown): obj is JwtPolicyResource {
    return (
      typeof obj === 'object' && obj !== null && '__pulumiType' in obj && obj.__pulumiType === resourceType
    );
  }

  /** The developer name of the app. */
  declare readonly externalClientApplication: pulumi.Output<string>;
  /** The key of `salesforce:orgs`; `undefined` for the top-level settings. */
  declare readonly org: pulumi.Output<string | undefined>;
  /** Live value; `undefined` when it is not managed or absent in the org (see `managedFields`). */
  declare readonly isNamedUserJwtEnabled: pulumi.Output<boolean | undefined>;
  /** Live value; `undefined` when it is not managed or absent in the org (see `managedFields`). */
  declare readonly namedUserJwtSessionTimeoutType: pulumi.Output<JwtSessionTimeoutType | undefined>;
  /** Live value in minutes; `undefined` when it is not managed or absent in the org (see `managedFields`). */
  declare readonly namedUserJwtTimeout: pulumi.Output<JwtTimeout | undefined>;
  /** Live value; `undefined` when it is not managed or absent in the org (see `managedFields`). */
  declare readonly guestJwtSessionTimeoutType: pulumi.Output<JwtSessionTimeoutType | undefined>;
  /** Live value in minutes; `undefined` when it is not managed or absent in the org (see `managedFields`). */
  declare readonly guestJwtTimeout: pulumi.Output<JwtTimeout | undefined>;
  /** The guards that the program passes. */
  declare readonly allow: pulumi.Output<Guard[] | undefined>;
  /** The 18-character id of the organization that the app is in. */
  declare readonly orgId: pulumi.Output<string>;
  /** The Metadata API version of the last read or write, such as `66.0`. */
  declare readonly apiVersion: pulumi.Output<string>;
  /**
   * The format of the access tokens that the app issues to named users; `unknown` if `isNamedUserJwtEnabled` is not managed,
   * or the org does not return it ({@link tokenFormatReason}).
   */
  declare readonly tokenFormat: pulumi.Output<'jwt' | 'opaque' | 'unknown'>;
  /** Why `tokenFormat` is `unknown` although `isNamedUserJwtEnabled` is managed; otherwise `undefined`. */
  declare readonly tokenFormatReason: pulumi.Output<string | undefined>;
  /** The full names of the app's components by component type. */
  declare readonly components: pulumi.Output<Record<string, string>>;
  /** The fields that the resource manages. One among them without a value above is absent in the org. */
  declare readonly managedFields: pulumi.Output<JwtField[]>;
  /** The values found before the first change, which deleting the resource restores; `absent` for a missing element. */
  declare readonly valuesFound: pulumi.Output<Partial<Record<JwtField, boolean | number | string>>>;

  constructor(name: string, args: ExternalClientAppJwtPolicyArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      resourceType,
      name,
      {
        isNamedUserJwtEnabled: undefined,
        namedUserJwtSessionTimeoutType: undefined,
        namedUserJwtTimeout: undefined,
        guestJwtSessionTimeoutType: undefined,
        guestJwtTimeout: undefined,
        org: undefined,
        allow: undefined,
        ...args,
        orgId: undefined,
        apiVersion: undefined,
        tokenFormat: undefined,
        tokenFormatReason: undefined,
        components: undefined,
        managedFields: undefined,
        valuesFound: undefined,
        __provider: providerText,
        __dryRun: pulumi.runtime.isDryRun(),
        __urn: pulumi.createUrn(name, resourceType, opts?.parent),
      },
      // A stack that was moved to the native provider can come back.
      pulumi.mergeOptions(opts, { aliases: [{ type: nativeResourceType }] }),
    );
    const run = currentProgramRun();
    // Once per run, however many resources it has.
    if (!run.isProjectChecked) {
      run.isProjectChecked = true;
      warnOfPlainSecrets();
      warnOfMisspeltSettings();
      warnOfMissingDependency();
    }
  }
}

/** The JWT-based access-token settings of a Salesforce external client app, as a program declares them. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- The constructor of the class differs from the one that programs see.
export interface ExternalClientAppJwtPolicy extends JwtPolicyResource {}

/** Creates resources and recognises them. */
export interface ExternalClientAppJwtPolicyConstructor {
  /**
   * Declares JWT-based access-token settings of an app.
   *
   * @param name the name of the resource in the program
   * @param args the app and its settings
   * @param opts the usual resource options; `retainOnDelete` keeps the settings when the resource is deleted
   */
  new <const Args extends ExternalClientAppJwtPolicyArgs, const ResourceName extends string = string>(
    name: ResourceName,
    args: ExternalClientAppJwtPolicyArgs & CheckedArgs<Args, ResourceName>,
    opts?: pulumi.CustomResourceOptions,
  ): ExternalClientAppJwtPolicy;
  /** The type of the resource for policy packs. */
  readonly __pulumiType: string;
  /** Whether an object is this resource, even if it comes from another copy of this package. */
  isInstance(obj: unknown): obj is ExternalClientAppJwtPolicy;
}

/**
 * The JWT-based access-token settings of a Salesforce external client app.
 *
 * The settings always exist in the org: creating the resource adopts them, and deleting it restores the values found before.
 *
 * ```typescript
 * import { ExternalClientAppJwtPolicy } from 'pulumi-salesforce-eca';
 *
 * new ExternalClientAppJwtPolicy('agent-gateway', {
 *   externalClientApplication: 'Agent_Gateway',
 *   isNamedUserJwtEnabled: true,
 *   namedUserJwtTimeout: 30,
 * });
 * ```
 *
 * @alias pulumi-nodejs:dynamic/salesforce:ExternalClientAppJwtPolicy
 */
export const ExternalClientAppJwtPolicy: ExternalClientAppJwtPolicyConstructor = JwtPolicyResource;
