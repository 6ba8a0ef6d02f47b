/**
 * What one run may use. Reaching a limit ends the run with the outcome named beside it, except where the operation itself
 * is refused (`EAGAIN`, `ENOSPC`), which the program sees and may survive.
 */
export interface RunLimits {
  /** CPU time of all processes together, in milliseconds → `cpu_limit`. */
  readonly cpuTimeMs: number;
  /** Elapsed time, in milliseconds → `wall_limit`. */
  readonly wallTimeMs: number;
  /** Memory of all processes together, temporary files included, in MiB → `memory_limit`. */
  readonly memoryMiB: number;
  /** Processes and threads at a time; one more is refused with `EAGAIN`. */
  readonly processes: number;
  /** Bytes kept of standard output, and as many of standard error, in KiB → `output_limit`. */
  readonly outputKiB: number;
  /** Bytes that the working folder and the temporary folder may each hold, in MiB; more is refused with `ENOSPC`. */
  readonly diskMiB: number;
}
