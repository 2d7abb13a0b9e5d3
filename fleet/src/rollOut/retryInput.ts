import type { RollOutInput } from '../contract/runs.js';
import type { RollOutResult, RollOutStatus } from '../contract/status.js';

/**
 * The input of a roll-out that does what is left of one that ended: with the recorded program, or that of today. If all of it has begun once,
 * it has no gate and one wave a stage. Otherwise it keeps its waves, and the gates of the stages that have not begun.
 */
export function retryInput(
  { input, status, notBegun }: RollOutResult,
  { isProgramOfToday }: { readonly isProgramOfToday: boolean },
): RollOutInput {
  const { name, operation, program, plan, options } = input;
  return {
    name,
    operation,
    program,
    options,
    ...(isProgramOfToday || status.digest === undefined ? {} : { digest: status.digest }),
    plan:
      notBegun.length === 0
        ? { ...plan, canary: 0, percentages: [100], gates: [] }
        : { ...plan, gates: plan.gates.filter((stage) => !hasBegun(status, stage)) },
  };
}

function hasBegun({ waves }: RollOutStatus, stage: string): boolean {
  return waves.some((wave) => wave.stage === stage && wave.wave !== 'gate' && wave.waiting < wave.stacks);
}
