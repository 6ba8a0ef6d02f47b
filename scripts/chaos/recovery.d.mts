/** Types for the tests; what it does stands in `recovery.mjs`. */
export function recoveriesOf(
  faults: readonly number[],
  submissions: readonly { readonly sentAt: number; readonly endedAt: number | null }[],
): number[];
export function summariseRecoveries(seconds: readonly number[]): { p50: number; p95: number; p100: number } | null;
export function plotRecoveries(seconds: readonly number[]): string;
export function slowRecoveries(seconds: readonly number[]): string[];
