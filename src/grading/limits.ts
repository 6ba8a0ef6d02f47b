import type { GradingLimits, GradingTest } from './grading-document.js';

/** The limits of a document that names none. */
export const DEFAULT_LIMITS: GradingLimits = {
  timeMs: 2000,
  wallMs: 6000,
  memoryMiB: 256,
  processes: 64,
  outputKiB: 1024,
  diskMiB: 64,
  network: 'none',
};

/** What one run of a checker may use, unless it says otherwise: within the resource guarantees of problem packages. */
export const CHECKER_LIMITS: GradingLimits = {
  ...DEFAULT_LIMITS,
  timeMs: 20_000,
  wallMs: 60_000,
  memoryMiB: 1024,
};

/** CPU time of a build that names none, in milliseconds. */
export const DEFAULT_BUILD_TIME_MS = 10_000;

/** The limits that are numbers, in the order in which they are written. */
export const NUMERIC_LIMITS = ['timeMs', 'wallMs', 'memoryMiB', 'processes', 'outputKiB', 'diskMiB'] as const;
export type NumericLimit = (typeof NUMERIC_LIMITS)[number];

/** The most that an assignment may ask for, in the units of `GradingLimits`. */
export interface LimitCeilings extends Readonly<Record<NumericLimit, number>> {
  /** CPU time of a build, in milliseconds; without it only the schema's bound holds. */
  readonly buildTimeMs?: number;
}

/** What holds for one test: the document's limits, with those that the test names in their place. */
export function limitsOf(
  document: { readonly limits: GradingLimits },
  test: Pick<GradingTest, 'limits'>,
): GradingLimits {
  return { ...document.limits, ...test.limits };
}
