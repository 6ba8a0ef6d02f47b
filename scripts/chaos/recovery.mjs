import { quantile } from '../../bench/statistics.mjs';

/**
 * How long each fault was felt: from the fault until the last submission that was on its way had ended. On its way is what
 * had been sent, and had not ended, when the fault came; a fault that met nothing gives no figure.
 *
 * @param {readonly number[]} faults instants, in milliseconds since 1970
 * @param {readonly { sentAt: number, endedAt: number | null }[]} submissions `endedAt` null: never
 * @returns {number[]} seconds, one for each fault that met something; Infinity where something never ended
 */
export function recoveriesOf(faults, submissions) {
  return faults.flatMap((fault) => {
    const met = submissions.filter(({ sentAt, endedAt }) => sentAt <= fault && (endedAt ?? Infinity) > fault);
    return met.length === 0 ? [] : [(Math.max(...met.map(({ endedAt }) => endedAt ?? Infinity)) - fault) / 1_000];
  });
}

/**
 * @param {readonly number[]} seconds
 * @returns {{ p50: number, p95: number, p100: number } | null} null where there is no figure
 */
export function summariseRecoveries(seconds) {
  if (seconds.length === 0) return null;
  return { p50: quantile(seconds, 0.5), p95: quantile(seconds, 0.95), p100: quantile(seconds, 1) };
}

/** What rows 1 and 5 promise, in seconds. The second is a share: one figure in a handful says nothing about it. */
const BARS = { p100: 45, p95: 15 };
const FEWEST_FOR_A_SHARE = 20;

/** Which of the promised times were not kept, in words. @param {readonly number[]} seconds @returns {string[]} */
export function slowRecoveries(seconds) {
  const found = summariseRecoveries(seconds);
  if (found === null) return [];
  return [
    ...(found.p100 > BARS.p100
      ? [`the longest recovery took ${found.p100.toFixed(1)} s, and ${BARS.p100} s are promised`]
      : []),
    ...(seconds.length >= FEWEST_FOR_A_SHARE && found.p95 > BARS.p95
      ? [`one recovery in twenty took ${found.p95.toFixed(1)} s, and ${BARS.p95} s are promised`]
      : []),
  ];
}

const CLASSES = 8;
const WIDTH = 40;

/** How often which recovery time was seen, as bars for a terminal. @param {readonly number[]} seconds */
export function plotRecoveries(seconds) {
  const finite = seconds.filter(Number.isFinite);
  if (finite.length === 0) return '';
  const width = Math.max(1, Math.ceil(Math.max(...finite) / CLASSES));
  const counts = Array.from({ length: Math.floor(Math.max(...finite) / width) + 1 }, () => 0);
  for (const value of finite) counts[Math.floor(value / width)] += 1;
  const most = Math.max(...counts);
  const names = counts.map((_count, index) => `${index * width} to ${(index + 1) * width} s`);
  const longest = Math.max(...names.map((name) => name.length));
  return counts
    .map(
      (count, index) =>
        `  ${names[index].padStart(longest)}  ${'█'.repeat(Math.ceil((count / most) * WIDTH))} ${count}`,
    )
    .join('\n');
}
