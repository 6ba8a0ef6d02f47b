import { isDeepStrictEqual } from 'node:util';
import { RE2JS } from 're2js';
import {
  forgivingBuild,
  guessRuntime,
  onlyInstalls,
  sharedCompilations,
  testScript,
  unmetNeeds,
} from './classroom-commands.mjs';
import { CEILINGS, cappedLimit, oneLine, roundedPoints, runtimeFields, testNames } from './package-document.mjs';
import { CommandFailure } from './progress.mjs';

/**
 * Reads `.github/classroom/autograding.json` of GitHub Classroom and says with a grading document what GitHub's runner
 * (github-education-resources/autograding) makes of it.
 *
 * @typedef {import('./package-document.mjs').Warn} Warn
 */

/** Room that GitHub's machines give and compilers need; they set no limits. */
const ROOM = { memoryMiB: 1024, processes: 256, diskMiB: 256 };

const BUILD_TIME_MS = 30_000;

const KNOWN_KEYS = new Set(['name', 'setup', 'run', 'input', 'output', 'comparison', 'timeout', 'points']);

/** Runtimes whose default build GitHub would not run. */
const COMPILED = new Set(['c', 'cpp', 'java']);

/** Bounds of patterns in grading documents. */
const PATTERN = { characters: 1000, instructions: 1024 };

/**
 * @param {string} text of the file
 * @param {{ title: string, runtimes?: readonly string[] }} options
 * @returns {import('./package-document.mjs').LoadedPackage}
 */
export function classroomDocument(text, { title, runtimes = [] }) {
  const warnings = [];
  const warn = (path, message) => warnings.push({ path, message });
  const found = testsOf(text, warn);
  const nameOf = testNames(warn);
  const tests = found.flatMap((test) => {
    const expect = expectationOf(test.raw, test.path, warn);
    if (expect === null) return [];
    const limits = limitsOf(test.raw, test.path, warn);
    return [
      {
        kind: 'program',
        name: nameOf(decodeEntities(textOf(test.raw.name)), `${test.path}/name`),
        points: pointsOf(test.raw, test.path, warn),
        run: testScript(test),
        ...(textOf(test.raw.input) === '' ? {} : { stdin: textOf(test.raw.input) }),
        ...(Object.keys(expect).length === 0 ? {} : { expect }),
        limits,
      },
    ];
  });
  if (tests.length === 0) throw new CommandFailure(`none of its tests can be used: ${list(warnings)}`);
  if (tests.every((test) => test.points === 0)) {
    warn('/tests', 'no test gives points: give some in the grading document');
  }

  const keys = runtimes.length > 0 ? runtimes : [runtimeFor(found, warn)];
  const grading = { ...runtimeFields(keys), ...buildOf(found, keys, warn), ...withCommonLimits(tests) };
  return { title: oneLine(title), instructions: '', grading, warnings };
}

/** The tests that name a command, with their commands as they will be run. */
function testsOf(text, warn) {
  const root = parseJson(text);
  if (typeof root !== 'object' || root === null || !Array.isArray(root.tests) || root.tests.length === 0) {
    throw new CommandFailure('holds no list `tests` with a test: it is not an autograding.json of GitHub Classroom');
  }
  for (const key of Object.keys(root).filter((one) => one !== 'tests')) warn(`/${key}`, 'is not known: left out');
  return root.tests.flatMap((raw, index) => {
    const path = `/tests/${index}`;
    if (typeof raw !== 'object' || raw === null || textOf(raw.run).trim() === '') {
      warn(path, 'has no command in `run`: the test is left out');
      return [];
    }
    for (const key of Object.keys(raw).filter((one) => !KNOWN_KEYS.has(one))) {
      warn(`${path}/${key}`, 'is not known: left out');
    }
    const commands = { run: textOf(raw.run), setup: textOf(raw.setup).trim() };
    if (onlyInstalls(commands.setup)) {
      warn(`${path}/setup`, `only installs programs (${commands.setup}): left out; install them where grading runs`);
      commands.setup = '';
    }
    for (const part of ['setup', 'run']) {
      for (const reason of unmetNeeds(commands[part])) warn(`${path}/${part}`, reason);
    }
    return [{ path, raw, ...commands }];
  });
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    const start = text.trim().split('\n')[0].slice(0, 60);
    throw new CommandFailure(
      `is not JSON, it begins with "${start}". Take .github/classroom/autograding.json from the template of the assignment: ` +
        'in a copy of a student it may have been overwritten',
    );
  }
}

function textOf(value) {
  return typeof value === 'string' ? value : '';
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Names are stored with characters written as HTML entities, sometimes twice. */
function decodeEntities(name) {
  const once = name.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi,
    (whole, decimal, hex, word) => {
      if (word !== undefined) return ENTITIES[word.toLowerCase()];
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
  return once === name ? name : decodeEntities(once);
}

function pointsOf({ points }, path, warn) {
  if (points === null || points === undefined || points === '') return 0;
  const value = Number(points);
  if (typeof points === 'object' || !Number.isFinite(value) || value < 0) {
    warn(`${path}/points`, `${JSON.stringify(points)} cannot be points: the test gives 0`);
    return 0;
  }
  return roundedPoints(value, `${path}/points`, warn);
}

/** `timeout` is in minutes; absent or 0 counts as one. There is no limit of CPU time on GitHub. */
function limitsOf({ timeout }, path, warn) {
  const asked = Number(timeout ?? 0);
  if (!(asked >= 0)) warn(`${path}/timeout`, `${JSON.stringify(timeout)} is no number of minutes: one minute is used`);
  const minutes = asked > 0 ? asked : 1;
  const wallMs = cappedLimit('wallMs', minutes * 60_000, `${path}/timeout`, warn);
  return { timeMs: Math.min(wallMs, CEILINGS.timeMs), wallMs };
}

/** What must come out; null, after a warning, for a pattern that cannot be used. */
function expectationOf(raw, path, warn) {
  const output = textOf(raw.output);
  // Neither input nor output: the exit status alone decides.
  if (output === '' && textOf(raw.input) === '') return {};
  if (/\r(?!\n)/.test(output)) {
    warn(
      `${path}/output`,
      'holds carriage returns without line feeds, which programs rarely print: the test fails as it does on GitHub',
    );
  }
  const comparison = raw.comparison ?? 'included';
  if (comparison === 'regex') return patternExpectation(output, path, warn);
  const expected = output.replaceAll('\r\n', '\n').trim();
  if (comparison === 'exact') return exactExpectation(output, expected, path, warn);
  if (comparison !== 'included') {
    warn(`${path}/comparison`, `${JSON.stringify(comparison)} is not known: "included" is used, as GitHub does`);
  }
  return expected === '' ? {} : { stdout: expected, compare: 'contains' };
}

/** GitHub cuts white space off both ends and compares the rest; nothing here does just that, but a pattern can. */
function exactExpectation(output, expected, path, warn) {
  if (expected === '') return { stdout: '' };
  if (output.trimStart() === output) {
    warn(
      `${path}/comparison`,
      '"exact" becomes `trimmed`: other than on GitHub, white space at the start of the output counts, and at the end of lines it does not',
    );
    return { stdout: expected, compare: 'trimmed' };
  }
  // The output is meant to begin with white space, and GitHub takes it with and without.
  const pattern = `^\\s*${expected.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`;
  if (patternFault(pattern) === null) return { stdout: pattern, compare: 'regex' };
  warn(
    `${path}/comparison`,
    '"exact" becomes `tokens`: other than on GitHub, the amount of white space does not count',
  );
  return { stdout: expected, compare: 'tokens', caseSensitive: true };
}

function patternExpectation(pattern, path, warn) {
  if (pattern === '') return {};
  const fault = patternFault(pattern);
  if (fault !== null) {
    warn(`${path}/output`, `the pattern ${fault}: the test is left out, since without it anything would pass`);
    return null;
  }
  if (pattern.startsWith('^')) {
    warn(
      `${path}/output`,
      'GitHub cuts white space off the start of the output before the pattern is matched; here "^" stands before it',
    );
  }
  return { stdout: pattern, compare: 'regex' };
}

/** Why a pattern, written for JavaScript, is refused by the engine of Assay; null when it is not. */
function patternFault(pattern) {
  if (pattern.length > PATTERN.characters) return `is longer than ${PATTERN.characters} characters`;
  try {
    return RE2JS.compile(pattern).programSize() > PATTERN.instructions ? 'is too large for a linear-time engine' : null;
  } catch (error) {
    return `is not RE2 syntax (${error.message.replace(/^error parsing regexp: /, '')})`;
  }
}

function runtimeFor(tests, warn) {
  const guess = guessRuntime(tests);
  if (guess === null) {
    warn('/tests', 'no command says which language this is: runtime bash is used; another: --runtime KEY');
  }
  return guess ?? 'bash';
}

function buildOf(tests, keys, warn) {
  const shared = sharedCompilations(tests);
  for (const { index, part } of shared) {
    warn(
      `${tests[index].path}/${part}`,
      'is run in the build as well: here, other than on GitHub, no test sees what another wrote',
    );
  }
  if (shared.length > 0) {
    return { build: { run: forgivingBuild(shared.map(({ command }) => command)), timeMs: BUILD_TIME_MS } };
  }
  // GitHub compiles nothing by itself, and a file that does not compile need not matter to the tests.
  return keys.some((key) => COMPILED.has(key)) ? { build: { run: 'true' } } : {};
}

/** Limits that all tests share are said once. */
function withCommonLimits(tests) {
  const common = tests[0].limits;
  if (tests.some((test) => !isDeepStrictEqual(test.limits, common))) return { limits: { ...ROOM }, tests };
  for (const test of tests) delete test.limits;
  return { limits: { ...common, ...ROOM }, tests };
}

function list(warnings) {
  return warnings.map(({ path, message }) => `${path} ${message}`).join('; ');
}
