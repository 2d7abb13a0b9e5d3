import type { FieldValues } from '../../policy/fields.js';
import type { TokenLifetime } from '../../policy/tokenLifetime.js';
import type { AppComponents } from '../../components/components.js';
import type { ComponentNames, ComponentType } from '../../components/componentTypes.js';
import type { TokenFormat } from '../plan/tokenFormat.js';

/** An external client app in an org. */
export interface OrgApp {
  /** The developer name; `ns__Name` if the app has a namespace. */
  name: string;
  label: string | undefined;
  /** Whether the app was installed from a package; one in the org's own namespace was not. */
  isInstalled: boolean;
  /** The namespace of the package that the app was installed from. */
  namespace: string | undefined;
  /** `Local`, `Packaged`, or another value that the org returns (documented: also Managed and AutoInstalled, internal). */
  distributionState: string | undefined;
  /** Whether the app issues tokens at all, according to its plugin component and its OAuth settings. */
  isOauthEnabled: boolean;
  /** Why {@link isOauthEnabled} is false. */
  oauthDisabledReason: string | undefined;
  tokenFormat: TokenFormat;
  /** Why {@link tokenFormat} is `unknown`. */
  tokenFormatReason: string | undefined;
  /** The five settings. A field is left out if the org does not have its component, and `absent` if the component has no such element. */
  settings: FieldValues;
  /** The lifetime of named users' tokens; `undefined` if the app issues none. */
  namedUserTokenLifetime: TokenLifetime | undefined;
  /** `isGuestCodeCredFlowEnabled`; `undefined` if the org has no policies for the app. */
  isGuestFlowEnabled: boolean | undefined;
  /** The lifetime of guest users' tokens; `undefined` if the app issues none. */
  guestTokenLifetime: TokenLifetime | undefined;
  /** `AllSelfAuthorized`, `AdminApprovedPreAuthorized`, or another value in the policies. */
  permittedUsersPolicyType: string | undefined;
  /** `Infinite`, `SpecificLifetime`, or another value in the policies. */
  refreshTokenPolicyType: string | undefined;
  /** In {@link refreshTokenValidityUnit}. */
  refreshTokenValidityPeriod: number | undefined;
  /** `Days`, `Hours`, or another value in the policies. */
  refreshTokenValidityUnit: string | undefined;
  /** The full names of the app's components. */
  names: ComponentNames;
  components: AppComponents;
  /** The latest change to one of the app's components, if the org returns dates. */
  lastModified: LastModified | undefined;
  /** By type, why the org returned no component for the app although it may have one. */
  notShown: Readonly<Partial<Record<ComponentType, string>>>;
  /**
   * Why the app could not be read: it has two components of one type, an invalid file, or a component that the org did not return. Its
   * values are left out then.
   */
  problem: string | undefined;
}

/** When and by whom a component was last modified. */
export interface LastModified {
  componentType: string;
  fullName: string;
  /** ISO 8601. */
  date: string;
  /** The user's name. */
  byName: string | undefined;
}
