import type { DriftAllInput } from '../contract.js';
import { defaultOptions } from '../rollOut/runOptions.js';

/** The input of a drift run. */
export function driftInput({
  name,
  program,
  isQuick,
  atATime,
}: {
  readonly name: string;
  readonly program: string;
  readonly isQuick: boolean;
  readonly atATime: number;
}): DriftAllInput {
  return { name, program, isQuick, options: { ...defaultOptions, atATime } };
}
