import { roundedPoints, uniqueNames } from '../document-parts.js';
import type { PackageTree } from '../package-tree.js';
import { isMap, mapOrEmpty, textOf, type YamlMap } from '../read-yaml.js';
import type { Warn } from '../translated-package.js';
import { type ClassroomTest, usableCommands } from './classroom-document.js';
import { expectationOf } from './expectation.js';

/** The actions of GitHub Classroom that grade (`classroom-resources/autograding-…` and their older owners), by their last word. */
const GRADER = /^(?:classroom-resources|education)\/autograding-(command|io|python)-grader@/;
const REPORTER = /^(?:classroom-resources|education)\/autograding-grading-reporter@/;
/** Reads `.github/classroom/autograding.json`, which is read here in its place. */
const OLD_RUNNER = /^(?:education|github-education-resources)\/autograding@/;

/** Actions without a meaning for what is graded here. */
const SILENT = /^actions\/(?:checkout|setup-[\w-]+|cache)@/;

const MINUTES = 10;
const PARTS = { setup: 'setup-command', run: 'command', timeout: 'timeout' };

/** What the actions take, all others are told. */
const INPUTS: ReadonlySet<string> = new Set(
  'test-name setup-command command input expected-output comparison-method timeout max-score'.split(' '),
);

/**
 * The tests of a workflow of GitHub Classroom, as its actions run them: `/bin/sh`, minutes (10 where none are named), output cut
 * at both ends, and what is expected as it is written; points are whole.
 *
 * @throws PackageFault for what is no YAML
 */
export function readWorkflow(tree: PackageTree, file: string, warn: Warn): ClassroomTest[] {
  const nameOf = uniqueNames(warn);
  const jobs = mapOrEmpty(tree.yaml(file)['jobs']);
  const tests: (ClassroomTest & { readonly id: string })[] = [];
  for (const [job, { steps }] of Object.entries(jobs).map(([name, value]) => [name, mapOrEmpty(value)] as const)) {
    const list: unknown[] = Array.isArray(steps) ? steps : [];
    const reported = list.flatMap((step) => reportedBy(mapOrEmpty(step)));
    for (const [index, step] of list.entries()) {
      const path = `${file}#/jobs/${job}/steps/${index}`;
      if (!isMap(step)) continue;
      const id = textOf(step['id']);
      const test = testOf(step, path, nameOf, warn);
      if (test === null) continue;
      if (reported.length > 0 && !reported.includes(id)) {
        warn(
          path,
          `the reporter of this job does not name ${id === '' ? 'it' : id}: on GitHub its points do not count; here they do`,
        );
      }
      tests.push({ ...test, id });
    }
  }
  return tests;
}

/** Ids of the steps whose points count. */
function reportedBy(step: YamlMap): string[] {
  if (!REPORTER.test(textOf(step['uses']))) return [];
  return textOf(mapOrEmpty(step['with'])['runners'])
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
}

function testOf(
  step: YamlMap,
  path: string,
  nameOf: (name: string, path: string) => string,
  warn: Warn,
): ClassroomTest | null {
  const uses = textOf(step['uses']);
  const kind = GRADER.exec(uses)?.[1];
  if (kind === undefined) {
    warnOfStep(step, uses, path, warn);
    return null;
  }
  const inputs = mapOrEmpty(step['with']);
  const value = (name: string): string => textOf(inputs[name]).trim();
  for (const key of Object.keys(inputs).filter((one) => !INPUTS.has(one))) {
    warn(`${path}/with/${key}`, 'is not known: left out');
  }
  if (step['if'] !== undefined && step['if'] !== 'always()') warn(`${path}/if`, 'is left out: the test always runs');
  const at = `${path}/with`;
  const run = kind === 'python' ? value('command') || 'python3 -m pytest' : value('command');
  if (run === '') {
    warn(path, 'has no command: the test is left out');
    return null;
  }
  if (kind === 'python') {
    warn(
      path,
      'on GitHub each of its test cases gives a share of the points; here all must pass: use a test of kind `unit` to have shares',
    );
  }
  const expect = kind === 'io' ? ioExpectation(value, at, warn) : {};
  if (expect === null) return null;
  return {
    ...usableCommands({ setup: value('setup-command'), run }, at, PARTS, warn),
    path: at,
    parts: PARTS,
    name: nameOf(value('test-name') || textOf(step['name']) || textOf(step['id']), path),
    points: pointsOf(inputs['max-score'], `${at}/max-score`, warn),
    stdin: value('input'),
    expect,
    minutes: minutesOf(inputs['timeout'], `${at}/timeout`, warn),
  };
}

function ioExpectation(
  value: (name: string) => string,
  at: string,
  warn: Warn,
): Readonly<Record<string, unknown>> | null {
  const output = value('expected-output');
  if (output === '') {
    warn(`${at}/expected-output`, 'is empty, which the action refuses: the test is left out');
    return null;
  }
  return expectationOf(
    {
      output,
      comparison: value('comparison-method'),
      outputPath: `${at}/expected-output`,
      comparisonPath: `${at}/comparison-method`,
      trims: false,
    },
    warn,
  );
}

function warnOfStep(step: YamlMap, uses: string, path: string, warn: Warn): void {
  const run = textOf(step['run']);
  if (run !== '') {
    warn(
      `${path}/run`,
      `is run on GitHub before what follows (${run.trim().split('\n')[0]?.slice(0, 80)}): left out; put it into setup-command`,
    );
  } else if (uses !== '' && !SILENT.test(uses) && !REPORTER.test(uses) && !OLD_RUNNER.test(uses)) {
    warn(`${path}/uses`, `${uses.slice(0, 100)} has no counterpart: left out`);
  }
}

/** The actions read whole numbers. */
function pointsOf(points: unknown, path: string, warn: Warn): number {
  if (points === undefined || points === null || points === '') return 0;
  const value = Number(points);
  if (!(value >= 0 && value < Infinity)) {
    warn(path, `${JSON.stringify(points)} cannot be points: the test gives 0`);
    return 0;
  }
  if (!Number.isInteger(value)) warn(path, `${value} is cut to ${Math.trunc(value)}, as GitHub does`);
  return roundedPoints(Math.trunc(value), path, warn);
}

function minutesOf(timeout: unknown, path: string, warn: Warn): number {
  if (timeout === undefined || timeout === null || timeout === '') return MINUTES;
  const value = Number.parseFloat(textOf(timeout));
  if (value > 0) return value;
  warn(path, `${JSON.stringify(timeout)} is no number of minutes: ${MINUTES} are used`);
  return MINUTES;
}
