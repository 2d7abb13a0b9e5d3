import * as pulumi from '@pulumi/pulumi';
import type { JwtField, JwtSessionTimeoutType, JwtTimeout } from './policy/fields.js';
import type { Guard } from './policy/guards.js';
import { warnOfMissingDependency } from './missingDependency.js';
import { currentProgramRun } from './run/programRun.js';
import { warnOfMisspeltSettings } from './run/misspeltSettings.js';
import { warnOfPlainSecrets } from './run/plainSecrets.js';
import { providerText, resourceType } from './resourceType.js';

/** The inputs of {@link ExternalClientAppJwtPolicy}. A field that is not set is not managed; at least one of the five must be. */
export interface ExternalClientAppJwtPolicyArgs {
  /**
   * The developer name of the app (Setup shows it as API Name), `ns__Name` for an app that was installed from a package.
   * Another name replaces the resource.
   */
  externalClientApplication: pulumi.Input<string>;
  /** A key of the configuration `salesforce:orgs`; by default the top-level `salesforce:` settings. Another org replaces the resource. */
  org?: pulumi.Input<string | undefined> | undefined;
  /**
   * Whether the app issues JSON Web Tokens instead of opaque access tokens to named users. In the global OAuth settings, which
   * only the developer of the app can change. (ExtlClntAppGlobalOauthSettings, API 61.0)
   */
  isNamedUserJwtEnabled?: pulumi.Input<boolean | undefined> | undefined;
  /**
   * Where the lifetime of named users' tokens comes from: `UserSession`, the user's session settings, or `Custom`, set by
   * `namedUserJwtTimeout`. Default with a timeout: `Custom`. (ExtlClntAppOauthConfigurablePolicies, API 65.0)
   */
  namedUserJwtSessionTimeoutType?: pulumi.Input<JwtSessionTimeoutType | undefined> | undefined;
  /**
   * The lifetime of named users' tokens in minutes: 1, 5, 10, 15, 30, 60, 90, 120, 240, 480 or 720, fixed from issue.
   * (ExtlClntAppOauthConfigurablePolicies, API 61.0; above 30 minutes API 65.0)
   */
  namedUserJwtTimeout?: pulumi.Input<JwtTimeout | undefined> | undefined;
  /** As `namedUserJwtSessionTimeoutType`, for guest users of the headless guest flow. (API 65.0) */
  guestJwtSessionTimeoutType?: pulumi.Input<JwtSessionTimeoutType | undefined> | undefined;
  /** As `namedUserJwtTimeout`, for guest users of the headless guest flow; in minutes. (API 61.0) */
  guestJwtTimeout?: pulumi.Input<JwtTimeout | undefined> | undefined;
  /** Guards to pass, each by name: changes that are refused because they can lock somebody out. */
  allow?: pulumi.Input<pulumi.Input<Guard>[] | undefined> | undefined;
}

/**
 * The JWT-based access-token settings of a Salesforce external client app.
 *
 * The settings always exist in the org: creating the resource adopts them, deleting it restores the values that were found.
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
 */
export class ExternalClientAppJwtPolicy extends pulumi.CustomResource {
  /** The type that policy packs know the resource by. */
  static readonly __pulumiType = resourceType;

  /** Whether an object is this resource, also when it comes from another copy of this package. */
  static override isInstance(obj: unknown): obj is ExternalClientAppJwtPolicy {
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
   * The format of the access tokens that the app issues to named users; `unknown` where `isNamedUserJwtEnabled` is not managed,
   * or the org does not say it ({@link tokenFormatReason}).
   */
  declare readonly tokenFormat: pulumi.Output<'jwt' | 'opaque' | 'unknown'>;
  /** Why `tokenFormat` is `unknown` although `isNamedUserJwtEnabled` is managed; else `undefined`. */
  declare readonly tokenFormatReason: pulumi.Output<string | undefined>;
  /** The full names of the app's components by component type. */
  declare readonly components: pulumi.Output<Record<string, string>>;
  /** The fields that the resource manages. One among them without a value above is absent in the org. */
  declare readonly managedFields: pulumi.Output<JwtField[]>;
  /** The values found before the first change, which deleting the resource restores; `absent` for a missing element. */
  declare readonly valuesFound: pulumi.Output<Partial<Record<JwtField, boolean | number | string>>>;

  /**
   * @param name the name of the resource in the program
   * @param args the app and its settings
   * @param opts the usual resource options; `retainOnDelete` leaves the settings as they are when the resource goes
   */
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
      opts,
    );
    const run = currentProgramRun();
    // Once a run is enough, however many resources it has.
    if (!run.isProjectChecked) {
      run.isProjectChecked = true;
      warnOfPlainSecrets();
      warnOfMisspeltSettings();
      warnOfMissingDependency();
    }
  }
}
