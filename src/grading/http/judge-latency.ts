import type { HttpLatency } from '../grading-document.js';

/** The time that half of the answers took no longer than, in milliseconds. */
export function median(times: readonly number[]): number {
  const sorted = [...times].toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/**
 * Why answers that took `times` are slower than they may be beside a reference that took `reference`, both in milliseconds;
 * null when they are not. Medians that differ by no more than the floor are as good as equal.
 */
export function latencyDifference(
  { ratio, floorMs }: HttpLatency,
  times: readonly number[],
  reference: readonly number[],
): string | null {
  const [mine, theirs] = [median(times), median(reference)];
  if (mine <= theirs * ratio || mine - theirs <= floorMs) return null;
  return (
    `Half of the answers took longer than ${shown(mine)} ms, with the reference solution ${shown(theirs)} ms: ` +
    `that is ${shown(mine / Math.max(theirs, 0.01))} times as long, and ${ratio} times is allowed.`
  );
}

function shown(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1);
}
