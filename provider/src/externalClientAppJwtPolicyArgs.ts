import type * as pulumi from '@pulumi/pulumi';
import type { JwtSessionTimeoutType, JwtTimeout } from './policy/fields.js';
import type { Guard } from './policy/guards.js';

/** One of the allowed values, which an editor offers, or data that the compiler cannot know, which is validated when the resource is checked. */
type OrData<Value extends string | number> =
  Value | (Value extends number ? number & Record<never, never> : string & Record<never, never>);

/** The inputs of `ExternalClientAppJwtPolicy`. A field that is not set is not managed; at least one of the five must be set. */
export interface ExternalClientAppJwtPolicyArgs {
  /**
   * The developer name of the app (API Name in Setup), `ns__Name` for an app that was installed from a package.
   * Another name replaces the resource.
   *
   * @replaces
   */
  externalClientApplication: pulumi.Input<string>;
  /** A key of the configuration `salesforce:orgs`; by default the top-level `salesforce:` settings. Another org replaces the resource. */
  org?: pulumi.Input<string | undefined> | undefined;
  /**
   * Whether the app issues JSON Web Tokens instead of opaque access tokens to named users. Part of the global OAuth settings, which
   * only the developer of the app can change. (ExtlClntAppGlobalOauthSettings, API 61.0)
   */
  isNamedUserJwtEnabled?: pulumi.Input<boolean | undefined> | undefined;
  /**
   * Where the lifetime of named users' tokens comes from: `UserSession`, the user's session settings, or `Custom`, set by
   * `namedUserJwtTimeout`. Default with a timeout: `Custom`. (ExtlClntAppOauthConfigurablePolicies, API 65.0)
   */
  namedUserJwtSessionTimeoutType?: pulumi.Input<OrData<JwtSessionTimeoutType> | undefined> | undefined;
  /**
   * The lifetime of named users' tokens in minutes: 1, 5, 10, 15, 30, 60, 90, 120, 240, 480 or 720, fixed from issue.
   * (ExtlClntAppOauthConfigurablePolicies, API 61.0; above 30 minutes API 65.0)
   */
  namedUserJwtTimeout?: pulumi.Input<OrData<JwtTimeout> | undefined> | undefined;
  /** As `namedUserJwtSessionTimeoutType`, for guest users of the headless guest flow. (API 65.0) */
  guestJwtSessionTimeoutType?: pulumi.Input<OrData<JwtSessionTimeoutType> | undefined> | undefined;
  /** As `namedUserJwtTimeout`, for guest users of the headless guest flow; in minutes. (API 61.0) */
  guestJwtTimeout?: pulumi.Input<OrData<JwtTimeout> | undefined> | undefined;
  /** The names of guards to pass. Guards refuse changes that can lock somebody out. */
  allow?: pulumi.Input<pulumi.Input<OrData<Guard>>[] | undefined> | undefined;
}

/** The inputs with a fixed set of values. */
interface AllowedValues {
  namedUserJwtSessionTimeoutType: JwtSessionTimeoutType;
  namedUserJwtTimeout: JwtTimeout;
  guestJwtSessionTimeoutType: JwtSessionTimeoutType;
  guestJwtTimeout: JwtTimeout;
  allow: Guard;
}

/** A literal must be an allowed value; a number or string that is not a literal is accepted. */
type CheckedLiteral<Value, Allowed> = Value extends string | number
  ? string extends Value
    ? Value
    : number extends Value
      ? Value
      : Value extends Allowed
        ? Value
        : Allowed
  : Value;

type CheckedValue<Value, Allowed> = Value extends readonly (infer Element)[]
  ? CheckedLiteral<Element, Allowed>[]
  : CheckedLiteral<Value, Allowed>;

/** The resource in a message of the compiler: with its name if that is a literal. */
type Named<ResourceName extends string> = string extends ResourceName
  ? 'ExternalClientAppJwtPolicy'
  : `ExternalClientAppJwtPolicy ${ResourceName}`;

/** Inputs in a program: a wrong literal or an unknown input does not compile. */
export type CheckedArgs<Args, ResourceName extends string> = {
  [Name in keyof Args]: Name extends keyof AllowedValues
    ? CheckedValue<Args[Name], AllowedValues[Name]>
    : Name extends keyof ExternalClientAppJwtPolicyArgs
      ? Args[Name]
      : `${Name & string} is not an input of ${Named<ResourceName>}`;
};
