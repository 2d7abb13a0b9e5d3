import type { ExternalClientApp } from '../../externalClientApp.js';
import type { Comparison } from './compareToken.js';
import type { InspectedToken } from './inspectedToken.js';
import type { SignatureCheck } from './verifySignature.js';

/** What a look at a token showed. */
export interface TokenReport {
  /** The address that the token is for. */
  instanceUrl: string;
  /** The flow that it was got with. */
  flow: 'JWT bearer' | 'client credentials';
  /** What the token says of itself, not verified. */
  token: InspectedToken;
  /** `undefined`: not asked for. */
  signature: SignatureCheck | undefined;
  /** The app whose settings were read; `undefined`: not asked for, or they could not be read. */
  app: ExternalClientApp | undefined;
  /** Why the settings could not be read; no full stop at the end. */
  settingsProblem: string | undefined;
  comparisons: readonly Comparison[];
  /** What is to be known about a difference; no full stop at the end. */
  note: string | undefined;
  /** The token itself, where it was asked for. */
  accessToken: string | undefined;
}

/** Whether something is not as it should be: the token differs from the settings, or its signature is not valid. */
export function hasFindings({ comparisons, signature }: TokenReport): boolean {
  return comparisons.some(({ status }) => status === 'differs') || signature?.isValid === false;
}
