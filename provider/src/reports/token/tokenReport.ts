import type { ExternalClientApp } from '../../externalClientApp.js';
import type { Comparison } from './compareToken.js';
import type { InspectedToken } from './inspectedToken.js';
import type { SignatureCheck } from './verifySignature.js';

/** The result of inspecting a token. */
export interface TokenReport {
  /** The address that the token is for. */
  instanceUrl: string;
  /** The flow that it was obtained with. */
  flow: 'JWT bearer' | 'client credentials';
  /** The contents of the token, not verified. */
  token: InspectedToken;
  /** `undefined`: not requested. */
  signature: SignatureCheck | undefined;
  /** The app whose settings were read; `undefined`: not requested, or they could not be read. */
  app: ExternalClientApp | undefined;
  /** Why the settings could not be read; no full stop at the end. */
  settingsProblem: string | undefined;
  comparisons: readonly Comparison[];
  /** A note about a difference; no full stop at the end. */
  note: string | undefined;
  /** The token itself, if requested. */
  accessToken: string | undefined;
}

/** Whether there is a problem: the token differs from the settings, or its signature is not valid. */
export function hasFindings({ comparisons, signature }: TokenReport): boolean {
  return comparisons.some(({ status }) => status === 'differs') || signature?.isValid === false;
}
