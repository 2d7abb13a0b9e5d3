import type { Policies } from '@pulumi/policy';
import { guestTokenLifetime, namedUserTokenLifetime } from './lifetimePolicies.js';
import { benchmarkTokenLifetime, benchmarkTokenLifetimeDeclared } from './securityBenchmark.js';
import { jwtRequired, userSessionForbidden } from './tokenFormatPolicies.js';
import { tokenSettingsDeclared } from './tokenSettingsDeclared.js';

/**
 * All policies of this package, for a policy pack of one's own. Each is advisory or off until the pack's configuration says
 * otherwise.
 *
 * ```typescript
 * import { PolicyPack } from '@pulumi/policy';
 * import { externalClientAppPolicies } from 'pulumi-salesforce-eca-policies';
 *
 * new PolicyPack('acme', { policies: [...externalClientAppPolicies] });
 * ```
 */
export const externalClientAppPolicies: Policies = [
  namedUserTokenLifetime,
  guestTokenLifetime,
  jwtRequired,
  userSessionForbidden,
  tokenSettingsDeclared,
  benchmarkTokenLifetime,
  benchmarkTokenLifetimeDeclared,
];

export {
  benchmarkTokenLifetime,
  benchmarkTokenLifetimeDeclared,
  guestTokenLifetime,
  jwtRequired,
  namedUserTokenLifetime,
  tokenSettingsDeclared,
  userSessionForbidden,
};
