/**
 * The environment variable by which `drift` tells the provider process that this preview is a drift look. It is no setting: it
 * goes before `salesforce:preview`, which the stack or an alias may set.
 */
export const driftLookVariable = 'PULUMI_SALESFORCE_ECA_DRIFT_LOOK';

/** The environment variable by which `drift --timeout` reaches the provider process. */
export const driftTimeoutVariable = 'PULUMI_SALESFORCE_ECA_DRIFT_TIMEOUT_MINUTES';

/** The limit of one wait that a drift look was started with, in minutes. */
export function driftTimeoutMinutes(): number | undefined {
  const minutes = Number(process.env[driftTimeoutVariable]);
  return isDriftLook() && minutes > 0 ? minutes : undefined;
}

/** Whether this process serves a drift look, which sends only what a refresh sends. */
export function isDriftLook(): boolean {
  return process.env[driftLookVariable] === 'true';
}
