import type { RunLimits } from '../limits.js';

/** Small and quick: every probe must meet its limit within some hundred milliseconds. */
const LIMITS: RunLimits = {
  cpuTimeMs: 2_000,
  wallTimeMs: 4_000,
  memoryMiB: 64,
  processes: 16,
  outputKiB: 64,
  diskMiB: 2,
};

/** The usual limits of a probe, but for what it is about. */
export function probeLimits(overrides: Partial<RunLimits> = {}): RunLimits {
  return { ...LIMITS, ...overrides };
}
