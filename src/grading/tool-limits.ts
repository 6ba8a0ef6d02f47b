import type { GradingLimits } from './grading-document.js';
import { type LimitCeilings, NUMERIC_LIMITS, type NumericLimit } from './limits.js';

/** What a tool needs has nothing to do with what the programs of students may use. */
const TOOL_LIMITS: Readonly<Partial<Record<NumericLimit, number>>> = {
  timeMs: 10_000,
  memoryMiB: 512,
  processes: 64,
  outputKiB: 2_048,
  diskMiB: 64,
};

/** The limits of a test that runs a tool and names `named`: with those of a tool, none of them above its ceiling. */
export function toolLimits(named: Partial<GradingLimits>, ceilings: LimitCeilings): Partial<GradingLimits> {
  const own: Partial<Record<NumericLimit, number>> = {};
  for (const limit of NUMERIC_LIMITS) {
    const value = TOOL_LIMITS[limit];
    if (value !== undefined) own[limit] = Math.min(value, ceilings[limit]);
  }
  return { ...own, ...named };
}
