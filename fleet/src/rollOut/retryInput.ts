import type { RollOutInput } from '../contract/runs.js';
import type { RollOutResult } from '../contract/status.js';

/**
 * The input of a roll-out that runs again what failed in one that ended. Their stages began already, so it has no gate and one
 * wave a stage. It takes the recorded program, or that of today.
 */
export function retryInput(
  { input, status }: RollOutResult,
  { isProgramOfToday }: { readonly isProgramOfToday: boolean },
): RollOutInput {
  const { name, operation, program, plan, options } = input;
  return {
    name,
    operation,
    program,
    options,
    ...(isProgramOfToday || status.digest === undefined ? {} : { digest: status.digest }),
    plan: { ...plan, canary: 0, percentages: [100], gates: [] },
  };
}
