import type { LimitCeilings } from '../config/env.js';
import { DEFAULT_BUILD_TIME_MS } from '../grading/limits.js';
import type { GradingLimits } from '../grading/grading-document.js';
import type { RunLimits } from '../sandbox/limits.js';

/** Compilers need more than the programs that they make. */
const BUILD_MEMORY_MIB = 512;
const BUILD_PROCESSES = 128;
const BUILD_OUTPUT_KIB = 1_024;

/** The limits of a grading document, held to the ceilings that the operator set, as the sandbox wants them. */
export function runLimits(limits: GradingLimits, ceilings: LimitCeilings): RunLimits {
  return {
    cpuTimeMs: Math.min(limits.timeMs, ceilings.timeMs),
    wallTimeMs: Math.min(limits.wallMs, ceilings.wallMs),
    memoryMiB: Math.min(limits.memoryMiB, ceilings.memoryMiB),
    processes: Math.min(limits.processes, ceilings.processes),
    outputKiB: Math.min(limits.outputKiB, ceilings.outputKiB),
    diskMiB: Math.min(limits.diskMiB, ceilings.diskMiB),
  };
}

/** The same limits with the ceilings applied, for messages that name a figure. */
export function cappedLimits(limits: GradingLimits, ceilings: LimitCeilings): GradingLimits {
  const { cpuTimeMs, wallTimeMs, ...others } = runLimits(limits, ceilings);
  return { ...others, timeMs: cpuTimeMs, wallMs: wallTimeMs, network: limits.network };
}

/** What a build may use: the time that it names, and at least what a compiler needs. */
export function buildLimits(timeMs: number | undefined, limits: GradingLimits, ceilings: LimitCeilings): RunLimits {
  const cpuTimeMs = Math.min(timeMs ?? DEFAULT_BUILD_TIME_MS, ceilings.buildTimeMs);
  return {
    cpuTimeMs,
    // A busy machine stretches it; a build that sleeps must still end.
    wallTimeMs: 3 * cpuTimeMs + 1_000,
    memoryMiB: Math.min(Math.max(limits.memoryMiB, BUILD_MEMORY_MIB), ceilings.memoryMiB),
    processes: Math.min(Math.max(limits.processes, BUILD_PROCESSES), ceilings.processes),
    outputKiB: Math.min(BUILD_OUTPUT_KIB, ceilings.outputKiB),
    diskMiB: Math.min(limits.diskMiB, ceilings.diskMiB),
  };
}
