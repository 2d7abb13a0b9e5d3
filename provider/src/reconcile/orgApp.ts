import type { FieldValues } from '../policy/fields.js';
import type { TokenLifetime } from '../policy/tokenLifetime.js';
import type { AppComponents } from '../components/components.js';
import type { ComponentNames, ComponentType } from '../components/componentTypes.js';
import type { TokenFormat } from './tokenFormat.js';

/** An external client app as an org holds it. */
export interface OrgApp {
  /** The developer name; `ns__Name` where the app has a namespace. */
  name: string;
  label: string | undefined;
  /** Whether the app was installed from a package; one in the org's own namespace was not. */
  isInstalled: boolean;
  /** The namespace of the package that the app was installed from. */
  namespace: string | undefined;
  /** `Local`, `Packaged`, or what else the org says (documented: also Managed and AutoInstalled, internal). */
  distributionState: string | undefined;
  /** Whether the app issues tokens at all: from its plugin component and its OAuth settings. */
  isOauthEnabled: boolean;
  /** Why {@link isOauthEnabled} is false. */
  oauthDisabledReason: string | undefined;
  tokenFormat: TokenFormat;
  /** Why {@link tokenFormat} is `unknown`. */
  tokenFormatReason: string | undefined;
  /** The five settings; a field whose component the org does not have is left out, one without an element is `absent`. */
  settings: FieldValues;
  /** How long named users' tokens live; `undefined` where the app issues none. */
  namedUserTokenLifetime: TokenLifetime | undefined;
  /** `isGuestCodeCredFlowEnabled`; `undefined` where the org has no policies of the app. */
  isGuestFlowEnabled: boolean | undefined;
  /** How long guest users' tokens live; `undefined` where the app issues none. */
  guestTokenLifetime: TokenLifetime | undefined;
  /** `AllSelfAuthorized`, `AdminApprovedPreAuthorized`, or what else the policies say. */
  permittedUsersPolicyType: string | undefined;
  /** `Infinite`, `SpecificLifetime`, or what else the policies say. */
  refreshTokenPolicyType: string | undefined;
  /** In {@link refreshTokenValidityUnit}. */
  refreshTokenValidityPeriod: number | undefined;
  /** `Days`, `Hours`, or what else the policies say. */
  refreshTokenValidityUnit: string | undefined;
  /** The full names of the app's components. */
  names: ComponentNames;
  components: AppComponents;
  /** The latest change of one of the app's components, as far as the org tells. */
  lastModified: LastModified | undefined;
  /** Why the org shows no component of a type of the app, which it may have all the same. */
  notShown: Readonly<Partial<Record<ComponentType, string>>>;
  /**
   * Why the app could not be understood: two components of one type, a file that is no component, or a component that the org did not
   * return. Its values are left out then.
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
