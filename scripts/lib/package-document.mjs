/**
 * What the readers of foreign packages share: bounds of grading documents, names, points and limits. A reader calls
 * `warn(path, message)` for each thing that it cannot take over, and throws a CommandFailure for what would be graded
 * wrongly.
 *
 * @typedef {(path: string, message: string) => void} Warn
 * @typedef {{ title: string, instructions: string, grading: Record<string, any>, warnings: { path: string, message: string }[] }} LoadedPackage
 */

/**
 * The operator's ceilings where nothing else is configured. A server with lower ones refuses the document and names them.
 */
export const CEILINGS = Object.freeze({
  timeMs: 30_000,
  wallMs: 120_000,
  memoryMiB: 2048,
  processes: 256,
  outputKiB: 16_384,
  diskMiB: 512,
});

/** Least values of the same limits; what lies below is raised. */
const FLOORS = { timeMs: 10, wallMs: 10, memoryMiB: 4, processes: 1, outputKiB: 1, diskMiB: 1 };

/** Bytes that one text of a grading document may hold, and all of them together; and how many tests there may be. */
export const TEXT_BYTES = 1_048_576;
export const DOCUMENT_BYTES = 4_194_304;
export const MAX_TESTS = 500;

const NAME_CHARACTERS = 200;

/**
 * `value` as a limit of the grading document: whole, and within what may be asked for.
 *
 * @param {keyof typeof CEILINGS} limit @param {number} value in the limit's unit @param {string} path @param {Warn} warn
 */
export function cappedLimit(limit, value, path, warn) {
  if (value > CEILINGS[limit]) {
    warn(
      path,
      `asks for ${limit} ${Math.round(value)}: kept at ${CEILINGS[limit]}, the most that a server allows by default`,
    );
    return CEILINGS[limit];
  }
  return Math.max(FLOORS[limit], Math.round(value));
}

/** Points as a grading document takes them: three decimals. @param {number} value @param {string} path @param {Warn} warn */
export function roundedPoints(value, path, warn) {
  const rounded = Math.round(value * 1000) / 1000;
  if (Math.abs(rounded - value) > 1e-9) warn(path, `${value} points are rounded to ${rounded}: three decimals count`);
  return rounded;
}

/** `text` on one line, short enough for a name or a title. @param {string} text @param {number} [most] characters */
export function oneLine(text, most = NAME_CHARACTERS) {
  const line = text.replace(/[\p{Cc}\p{Surrogate}\s]+/gu, ' ').trim();
  return Array.from(line).slice(0, most).join('').trimEnd();
}

/**
 * Hands out names that a grading document takes: one line, at most 200 characters, each only once.
 *
 * @param {Warn} warn
 * @returns {(name: string, path: string) => string}
 */
export function testNames(warn) {
  const taken = new Set();
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

/** `{ runtime }` for one key, `{ runtimes }` for several, among which the student chooses. @param {readonly string[]} keys */
export function runtimeFields(keys) {
  return keys.length === 1 ? { runtime: keys[0] } : { runtimes: [...keys] };
}

/** What can be reached in all. @param {Record<string, any>} grading */
export function totalPoints({ tests, groups = [] }) {
  const grouped = new Set(groups.flatMap((group) => group.tests));
  const loose = tests.filter((test) => !grouped.has(test.name));
  const thousandths = [...groups, ...loose].reduce((sum, { points }) => sum + Math.round(points * 1000), 0);
  return thousandths / 1000;
}
