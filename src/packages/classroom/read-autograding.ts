import { roundedPoints, uniqueNames } from '../document-parts.js';
import { PackageFault } from '../package-fault.js';
import { isMap, textOf, type YamlMap } from '../read-yaml.js';
import type { Warn } from '../translated-package.js';
import { type ClassroomTest, usableCommands } from './classroom-document.js';
import { expectationOf } from './expectation.js';

const KNOWN_KEYS = new Set(['name', 'setup', 'run', 'input', 'output', 'comparison', 'timeout', 'points']);

/**
 * The tests of an `autograding.json`, with what GitHub's runner (github-education-resources/autograding) makes of them.
 *
 * @throws PackageFault
 */
export function readAutograding(text: string, file: string, warn: Warn): ClassroomTest[] {
  const root = parseJson(text, file);
  if (!isMap(root) || !Array.isArray(root['tests']) || root['tests'].length === 0) {
    throw PackageFault.at(file, 'holds no list `tests` with a test: it is not an autograding.json of GitHub Classroom');
  }
  for (const key of Object.keys(root).filter((one) => one !== 'tests')) {
    warn(`${file}#/${key}`, 'is not known: left out');
  }
  const nameOf = uniqueNames(warn);
  const tests: unknown[] = root['tests'];
  return tests.flatMap((raw, index) => {
    const path = `${file}#/tests/${index}`;
    if (!isMap(raw) || plain(raw['run']).trim() === '') {
      warn(path, 'has no command in `run`: the test is left out');
      return [];
    }
    return testOf(raw, path, nameOf, warn);
  });
}

function testOf(
  raw: YamlMap,
  path: string,
  nameOf: (name: string, path: string) => string,
  warn: Warn,
): ClassroomTest[] {
  for (const key of Object.keys(raw).filter((one) => !KNOWN_KEYS.has(one))) {
    warn(`${path}/${key}`, 'is not known: left out');
  }
  const parts = { setup: 'setup', run: 'run', timeout: 'timeout' };
  const commands = usableCommands({ setup: plain(raw['setup']).trim(), run: plain(raw['run']) }, path, parts, warn);
  const [input, output] = [plain(raw['input']), plain(raw['output'])];
  // Neither input nor output: the exit status alone decides.
  const expect =
    input === '' && output === ''
      ? {}
      : expectationOf(
          {
            output,
            comparison: textOf(raw['comparison'] ?? 'included'),
            outputPath: `${path}/output`,
            comparisonPath: `${path}/comparison`,
            trims: true,
          },
          warn,
        );
  if (expect === null) return [];
  return [
    {
      ...commands,
      path,
      parts,
      name: nameOf(decodeEntities(plain(raw['name'])), `${path}/name`),
      points: pointsOf(raw['points'], `${path}/points`, warn),
      stdin: input,
      expect,
      minutes: minutesOf(raw['timeout'], `${path}/timeout`, warn),
    },
  ];
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    const start = (text.trim().split('\n')[0] ?? '').slice(0, 60);
    throw PackageFault.at(
      file,
      `is not JSON, it begins with ${JSON.stringify(start)}. Take .github/classroom/autograding.json from the template of the ` +
        'assignment: in a copy of a student it may have been overwritten',
    );
  }
}

/** What is no text counts as none, as it does on GitHub. */
function plain(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Names are stored with characters written as HTML entities, sometimes twice. */
function decodeEntities(name: string): string {
  const once = name.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi,
    (whole: string, decimal?: string, hex?: string, word?: string) => {
      if (word !== undefined) return ENTITIES[word.toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
  return once === name ? name : decodeEntities(once);
}

function pointsOf(points: unknown, path: string, warn: Warn): number {
  if (points === null || points === undefined || points === '') return 0;
  const value = Number(points);
  if (typeof points === 'object' || !Number.isFinite(value) || value < 0) {
    warn(path, `${JSON.stringify(points)} cannot be points: the test gives 0`);
    return 0;
  }
  return roundedPoints(value, path, warn);
}

/** `timeout` is in minutes; absent or 0 counts as one. */
function minutesOf(timeout: unknown, path: string, warn: Warn): number {
  const asked = Number(timeout ?? 0);
  if (!(asked >= 0)) warn(path, `${JSON.stringify(timeout)} is no number of minutes: one minute is used`);
  return asked > 0 ? asked : 1;
}
