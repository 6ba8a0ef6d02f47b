import { type LimitCeilings, NUMERIC_LIMITS, type NumericLimit } from '../grading/limits.js';
import type { Warn } from './translated-package.js';

/** Least values of limits; what lies below is raised. */
const FLOORS: Readonly<Record<NumericLimit, number>> = {
  timeMs: 10,
  wallMs: 10,
  memoryMiB: 4,
  processes: 1,
  outputKiB: 1,
  diskMiB: 1,
};

const NAME_CHARACTERS = 200;

/** `value`, in the limit's unit, as a limit of the grading document: whole, and within what may be asked for. */
export function cappedLimit(
  limit: NumericLimit,
  value: number,
  ceilings: LimitCeilings,
  path: string,
  warn: Warn,
): number {
  const most = ceilings[limit];
  if (value > most) {
    warn(path, `asks for ${limit} ${Math.round(value)}: kept at ${most}, the most that this server allows`);
    return most;
  }
  return Math.max(FLOORS[limit], Math.round(value));
}

/** Points as a grading document takes them: three decimals. */
export function roundedPoints(value: number, path: string, warn: Warn): number {
  const rounded = Math.round(value * 1000) / 1000;
  if (Math.abs(rounded - value) > 1e-9) warn(path, `${value} points are rounded to ${rounded}: three decimals count`);
  return rounded;
}

/** `text` on one line, short enough for a name or a title. */
export function oneLine(text: string, mostCharacters = NAME_CHARACTERS): string {
  const line = text.replace(/[\p{Cc}\p{Surrogate}\s]+/gu, ' ').trim();
  return Array.from(line).slice(0, mostCharacters).join('').trimEnd();
}

/** Hands out names that a grading document takes: one line, at most 200 characters, each only once. */
export function uniqueNames(warn: Warn): (name: string, path: string) => string {
  const taken = new Set<string>();
  return (name, path) => {
    const whole = oneLine(name, Infinity);
    // Room is left for the number that makes it unique.
    const wanted = oneLine(whole, NAME_CHARACTERS - 6) || 'test';
    if (whole !== '' && whole !== wanted) warn(path, 'the name is too long and is cut');
    let unique = wanted;
    for (let number = 2; taken.has(unique); number += 1) unique = `${wanted} (${number})`;
    if (unique !== wanted) warn(path, `another test has this name: this one is called "${unique}"`);
    taken.add(unique);
    return unique;
  };
}

/** `runtime` for one key, `runtimes` for several, among which the student chooses. */
export function runtimeFields(
  keys: readonly string[],
): { readonly runtime: string } | { readonly runtimes: readonly string[] } {
  const [only] = keys;
  return keys.length === 1 && only !== undefined ? { runtime: only } : { runtimes: keys };
}

/** Limits that nobody asked for, each at most what the server allows. */
export function withinCeilings(
  wanted: Readonly<Partial<Record<NumericLimit, number>>>,
  ceilings: LimitCeilings,
): Record<string, number> {
  const kept: Record<string, number> = {};
  for (const limit of NUMERIC_LIMITS) {
    const value = wanted[limit];
    if (value !== undefined) kept[limit] = Math.min(value, ceilings[limit]);
  }
  return kept;
}
