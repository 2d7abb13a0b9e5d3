/**
 * The environment variable with which `drift` marks a preview as a drift look for the provider process. It is not a setting: it
 * takes precedence over `salesforce:preview`, which the stack or an alias may set.
 */
export const driftLookVariable = 'PULUMI_SALESFORCE_ECA_DRIFT_LOOK';

/** The environment variable that passes `drift --timeout` to the provider process. */
export const driftTimeoutVariable = 'PULUMI_SALESFORCE_ECA_DRIFT_TIMEOUT_MINUTES';

/** The time limit of one wait from `drift --timeout`, in minutes. */
export function driftTimeoutMinutes(): number | undefined {
  const minutes = Number(process.env[driftTimeoutVariable]);
  return isDriftLook() && minutes > 0 ? minutes : undefined;
}

/** Whether this process serves a drift look, which sends only the requests of a refresh. */
export function isDriftLook(): boolean {
  return process.env[driftLookVariable] === 'true';
}
