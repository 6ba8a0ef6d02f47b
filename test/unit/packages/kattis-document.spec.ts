import { describe, expect, it } from 'vitest';
import { maxPoints, scoreOf } from '../../../src/grading/score.js';
import type { TranslatedPackage } from '../../../src/packages/translated-package.js';
import { programTests } from '../../support/program-tests.js';
import { checked, type Files, translate, warnedPlaces, warningsAt } from './translated.js';

/** Tests in `data/`, each with a little input and answer. */
function tests(...paths: string[]): Files {
  return Object.fromEntries(
    paths.flatMap((path) => [
      [`data/${path}.in`, `${path}\n`],
      [`data/${path}.ans`, 'Yes 1\n'],
    ]),
  );
}

function load(files: Files): TranslatedPackage {
  const problem = { 'problem.yaml': 'name: Echo\nlimits: {time_limit: 1}\n' };
  return translate('kattis', { ...problem, ...files }, { runtimes: ['python'] });
}

const loadScoring = (files: Files): TranslatedPackage =>
  load({ 'problem.yaml': 'name: Echo\ntype: scoring\nlimits: {time_limit: 1}\n', ...files });

/** The points of a submission that passes the tests named, and no others. */
function score(loaded: TranslatedPackage, ...passed: string[]): number {
  const document = checked(loaded);
  const results = document.tests.map(({ name, points }) => {
    const isPassed = passed.includes(name);
    return {
      name,
      verdict: isPassed ? ('accepted' as const) : ('wrong_answer' as const),
      points: isPassed ? points : 0,
    };
  });
  return scoreOf(document, results).score;
}

/** What the only test expects of its output under these flags. */
const expectOf = (flags: string): unknown => {
  const loaded = load({
    'problem.yaml': `validator_flags: ${flags}\nlimits: {time_limit: 1}\n`,
    ...tests('secret/1'),
  });
  return programTests(checked(loaded))[0]?.expect;
};

const newer = (files: Files, type = 'scoring'): TranslatedPackage =>
  load({
    'problem.yaml': `problem_format_version: 2025-09\nname: {sv: Eko, en: Echo}\ntype: ${type}\nlimits: {time_limit: 1}\n`,
    ...files,
  });

const models = (files: Files): TranslatedPackage =>
  translate('kattis', { 'problem.yaml': 'limits: {time_limit: 1}\n', ...tests('secret/1'), ...files });

describe('kattisDocument', () => {
  it('shows samples, hides secret tests, and gives 100 points for passing all', () => {
    const loaded = load(tests('sample/1', 'secret/2', 'secret/10'));
    expect(loaded).toMatchObject({ assignment: { title: 'Echo' }, warnings: [] });
    const document = checked(loaded);
    expect(document).toMatchObject({ runtime: 'python', stopOnFailure: true });
    expect(document.limits).toMatchObject({ timeMs: 1000, wallMs: 3000 });
    expect(document.tests.map(({ name, visibility }) => [name, visibility])).toEqual([
      ['sample/1', 'visible'],
      ['secret/10', 'hidden'],
      ['secret/2', 'hidden'],
    ]);
    expect(document.tests[0]).toMatchObject({ stdin: 'sample/1\n', expect: { stdout: 'Yes 1\n', compare: 'tokens' } });
    expect(maxPoints(document)).toBe(100);
    expect(score(loaded, 'sample/1', 'secret/10', 'secret/2')).toBe(100);
    expect(score(loaded, 'sample/1', 'secret/10')).toBe(0);
  });

  it('lets students choose a runtime where none is named', () => {
    const loaded = translate('kattis', { 'problem.yaml': '{}', ...tests('secret/1') });
    expect(checked(loaded).runtimes).toContain('cpp');
    expect(warningsAt(loaded, 'problem.yaml#/limits')).toContain('2000 ms');
  });

  describe('points', () => {
    const grouped: Files = {
      'data/testdata.yaml': 'on_reject: continue\ngrader_flags: ignore_sample\n',
      'data/sample/testdata.yaml': 'accept_score: 0\n',
      'data/secret/testdata.yaml': 'grader_flags: accept_if_any_accepted\n',
      ...tests('sample/1', 'secret/a/1', 'secret/a/2', 'secret/b/1', 'secret/b/2'),
    };

    it('gives the points of a minimum for all of its tests, and nothing for samples', () => {
      const loaded = loadScoring({
        ...grouped,
        'data/secret/a/testdata.yaml': 'accept_score: 30\ngrader_flags: min\nrange: 0 30\n',
        'data/secret/b/testdata.yaml': 'accept_score: 70\ngrader_flags: min\nrange: 0 70\n',
      });
      expect(loaded.warnings).toEqual([]);
      expect(checked(loaded).stopOnFailure).toBe(false);
      expect(maxPoints(checked(loaded))).toBe(100);
      expect(score(loaded, 'a/1', 'a/2')).toBe(30);
      expect(score(loaded, 'a/1', 'b/1', 'b/2')).toBe(70);
      expect(score(loaded, 'a/1', 'b/1')).toBe(0);
    });

    it('adds the tests of a sum and takes the mean of an average', () => {
      const loaded = loadScoring({
        ...grouped,
        'data/secret/a/testdata.yaml': 'accept_score: 10\ngrader_flags: sum always_accept\n',
        'data/secret/b/testdata.yaml': 'accept_score: 50\ngrader_flags: avg always_accept\n',
      });
      expect(maxPoints(checked(loaded))).toBe(70);
      expect(score(loaded, 'a/1', 'b/1')).toBe(35);
    });

    it('spreads a mean over folders inside it, and makes one group of a minimum of folders', () => {
      const files = {
        ...grouped,
        'data/secret/testdata.yaml': 'grader_flags: avg accept_if_any_accepted\naccept_score: 60\n',
        'data/secret/b/testdata.yaml': 'grader_flags: min\n',
        ...tests('secret/b/x/1'),
      };
      const loaded = loadScoring(files);
      expect(score(loaded, 'a/1', 'a/2')).toBe(30);
      expect(score(loaded, 'a/1', 'b/1', 'b/2')).toBe(15);
      expect(score(loaded, 'b/1', 'b/2', 'b/x/1')).toBe(30);
    });

    it('gives all or nothing where no group lets a part count', () => {
      const loaded = loadScoring({ ...tests('sample/1', 'secret/1', 'secret/2') });
      expect(maxPoints(checked(loaded))).toBe(3);
      expect(score(loaded, 'secret/1', 'secret/2')).toBe(0);
      expect(warnedPlaces(loaded)).toEqual(['data']);
    });

    it('warns of a range that is not what the tests give', () => {
      const loaded = loadScoring({ ...grouped, 'data/secret/a/testdata.yaml': 'range: 0 50\n' });
      expect(warningsAt(loaded, 'data/secret/a/testdata.yaml#/range')).toContain('the tests give 2');
    });

    it.each([
      ['grader_flags: max accept_if_any_accepted', /"max"/],
      ['grading: custom', /grader of one's own/],
      ['reject_score: 1', /reject_score/],
      ['accept_score: -1', /accept_score/],
    ])('refuses what would give other points: %s', (line, reason) => {
      expect(() => loadScoring({ 'data/secret/testdata.yaml': line, ...tests('secret/1', 'secret/2') })).toThrow(
        reason,
      );
    });
  });

  describe('comparison', () => {
    it.each([
      ['case_sensitive', { compare: 'tokens', caseSensitive: true, floatTolerance: null }],
      ['case_sensitive space_change_sensitive', { compare: 'exact' }],
      ['float_tolerance 1e-6', { compare: 'tokens', floatTolerance: { absolute: 1e-6, relative: 1e-6 } }],
      ['float_absolute_tolerance 0.5', { compare: 'tokens', floatTolerance: { absolute: 0.5, relative: null } }],
      ['float_relative_tolerance 1e-4', { floatTolerance: { absolute: null, relative: 1e-4 } }],
    ])('understands %s', (flags, expected) => {
      expect(expectOf(flags)).toMatchObject(expected);
    });

    it('takes flags of a folder in addition', () => {
      const loaded = load({
        'data/secret/testdata.yaml': 'output_validator_flags: case_sensitive strange\n',
        ...tests('secret/1'),
      });
      expect(programTests(checked(loaded))[0]?.expect.caseSensitive).toBe(true);
      expect(warnedPlaces(loaded)).toEqual(['data/secret/testdata.yaml#/output_validator_flags']);
    });

    it('warns where exact comparison is stricter than Kattis', () => {
      const loaded = load({
        'problem.yaml': 'validator_flags: space_change_sensitive\nlimits: {time_limit: 1}\n',
        ...tests('secret/1'),
      });
      expect(warningsAt(loaded, 'problem.yaml#/validator_flags')).toContain('upper and lower case');
    });

    it('refuses a tolerance without a number', () => {
      expect(() => expectOf('float_tolerance')).toThrow(/needs a number/);
    });
  });

  describe('what has no counterpart', () => {
    it('is named, with the limits kept within what a server allows', () => {
      const loaded = load({
        'problem.yaml': 'limits: {time_limit: 90, memory: 9000, code: 10}\nkeywords: a\nauthor: Ada\nlicense: cc by\n',
        'data/secret/1.hint': 'h',
        'data/secret/2.in': '',
        'data/secret/testdata.yaml': 'input_validator_flags: x\n',
        'data/other/1.in': '',
        'submissions/accepted/a.py': '',
        'problem_statement/problem.en.tex': 'x',
        'problem_statement/problem.en.md': '# Echo\n',
        ...tests('secret/1'),
      });
      expect(checked(loaded).limits).toMatchObject({ timeMs: 30_000, memoryMiB: 2048 });
      expect(loaded.assignment['instructions']).toBe('# Echo\n\nAuthor: Ada  \nLicence: cc by');
      expect(warnedPlaces(loaded).toSorted()).toEqual([
        'data/other',
        'data/secret/*.hint',
        'data/secret/2',
        'data/secret/testdata.yaml#/input_validator_flags',
        'problem.yaml#/limits/code',
        'problem.yaml#/limits/memory',
        'problem.yaml#/limits/time_limit',
        'problem_statement/problem.en.tex',
      ]);
    });

    it('leaves tests out that are no text or too large for one', () => {
      const loaded = load({
        ...tests('secret/1', 'secret/2', 'secret/3'),
        'data/secret/2.in': Uint8Array.of(0xff, 0xfe),
        'data/secret/3.ans': 'x'.repeat(1_048_577),
      });
      expect(checked(loaded).tests.map((test) => test.name)).toEqual(['secret/1']);
      expect(warnedPlaces(loaded)).toEqual(['data/secret/2.in', 'data/secret/3.ans']);
    });

    it('keeps a byte order mark and carriage returns of the test data', () => {
      const loaded = load({ ...tests('secret/1'), 'data/secret/1.in': '\uFEFFa\r\n' });
      expect(programTests(checked(loaded))[0]?.stdin).toBe('\uFEFFa\r\n');
    });
  });

  describe('packages that cannot be used', () => {
    it.each([
      ['validation: custom', /output_validators: holds no validator/],
      ['validation: custom interactive', /"interactive" validators cannot be run/],
      ['type: interactive', /"interactive" problems/],
      ['limits: {memory: much}', /memory: must be a number/],
      ['- a', /must hold keys/],
      ['a: [', /is not YAML/],
    ])('refuses %s', (problem, reason) => {
      expect(() => load({ 'problem.yaml': problem, ...tests('secret/1') })).toThrow(reason);
    });

    it('refuses a package without secret tests', () => {
      expect(() => load(tests('sample/1'))).toThrow(/data\/secret: holds no tests/);
    });

    it('refuses more test data than an assignment takes', () => {
      const large = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`data/secret/${n}.in`, 'x'.repeat(1_000_000)]));
      expect(() => load({ ...tests('secret/1', 'secret/2', 'secret/3', 'secret/4', 'secret/5'), ...large })).toThrow(
        /larger than 4 MiB in all/,
      );
    });
  });

  describe('newer versions', () => {
    it('give the points of their groups, with arguments and descriptions of tests', () => {
      const loaded = newer({
        'data/secret/a/test_group.yaml': 'max_score: 30\noutput_validator_args: [float_tolerance, "1e-6"]\n',
        'data/secret/b/test_group.yaml': 'max_score: 70\nscore_aggregation: sum\nargs: [-v]\n',
        'data/secret/b/1.yaml': 'description: the first\n',
        ...tests('sample/1', 'secret/a/1', 'secret/a/2', 'secret/b/1', 'secret/b/2'),
      });
      expect(loaded.warnings).toEqual([]);
      expect(score(loaded, 'a/1', 'a/2')).toBe(30);
      expect(score(loaded, 'a/1', 'b/1')).toBe(35);
      const found = programTests(checked(loaded)).find(({ name }) => name === 'b/1');
      expect(found).toMatchObject({ args: ['-v'], description: 'the first', expect: { floatTolerance: null } });
      expect(programTests(checked(loaded))[1]?.expect.floatTolerance).toEqual({ absolute: 1e-6, relative: 1e-6 });
    });

    it('give nothing for a group while one that it requires is not passed', () => {
      const loaded = newer({
        'data/secret/a/test_group.yaml': 'max_score: 30\nrequire_pass: sample\n',
        'data/secret/b/test_group.yaml': 'max_score: 70\nrequire_pass: [secret/a, secret/c]\n',
        ...tests('sample/1', 'secret/a/1', 'secret/b/1'),
      });
      expect(checked(loaded).groups.map(({ name, points, requires }) => [name, points, requires ?? []])).toEqual([
        ['sample', 0, []],
        ['a', 30, ['sample']],
        ['b', 70, ['a']],
      ]);
      expect(warningsAt(loaded, 'data/secret/b/test_group.yaml#/require_pass')).toContain('secret/c');
    });

    it('are passed by passing everything, samples too', () => {
      const loaded = newer(tests('sample/1', 'secret/1'), 'pass-fail');
      expect(score(loaded, 'secret/1')).toBe(0);
      expect(score(loaded, 'sample/1', 'secret/1')).toBe(100);
    });

    it('are refused where points have no bound', () => {
      const files = { 'data/secret/test_group.yaml': 'max_score: unbounded\n', ...tests('secret/1') };
      expect(() => newer(files)).toThrow(/max_score: must be a whole number/);
    });
  });

  it('has its output validator for a checker, with the flags of each test', () => {
    const loaded = load({
      'problem.yaml': 'validation: custom\nvalidator_flags: -x\nlimits: {time_limit: 1}\n',
      'output_validators/check/validate.cc': 'int main() { return 42; }\n',
      'output_validators/check/validate.h': '#pragma once\n',
      'data/secret/testdata.yaml': 'output_validator_flags: -y 1\n',
      ...tests('secret/1'),
    });
    const document = checked(loaded);
    expect(document.checkers).toMatchObject([
      { name: 'output validator', runtime: 'cpp', files: [{ path: 'validate.cc' }, { path: 'validate.h' }] },
    ]);
    expect(document.tests).toMatchObject([{ checker: 'output validator', checkerArgs: ['-x', '-y', '1'] }]);
    expect(warnedPlaces(loaded)).toEqual([]);
  });

  describe('example submissions', () => {
    const JAVA = 'import java.util.*;\npublic class Echo {\n  public static void main(String[] args) {}\n}\n';
    it('become model submissions under the names that runtimes look for', () => {
      const loaded = models({
        'submissions/accepted/js.py': 'print(1)\n',
        'submissions/accepted/echo.java': JAVA,
        'submissions/accepted/echo.kt': 'fun main() {}\n',
        'submissions/accepted/old.py': '#!/usr/bin/env python2\nprint "1"\n',
        'submissions/run_time_error/crash/main.cc': '',
        'submissions/run_time_error/crash/part.h': '',
        'submissions/partially_accepted/half.js': '',
        'submissions/interesting/x.py': '',
      });
      expect(loaded.models.map(({ path, runtime, files }) => [path, runtime, files.map((file) => file.path)])).toEqual([
        ['accepted/echo.java', 'java', ['Echo.java', 'Main.java']],
        ['accepted/js.py', 'python', ['main.py']],
        ['partially_accepted/half.js', 'node', ['main.js']],
        ['runtime_error/crash', 'cpp', ['main.cc', 'part.h']],
      ]);
      expect(warnedPlaces(loaded)).toEqual([
        'submissions/accepted/echo.kt',
        'submissions/accepted/old.py',
        'submissions/interesting',
      ]);
      expect(loaded.models[3]?.expected.verdicts).toEqual(['runtime_error', 'memory_limit_exceeded']);
      expect(loaded.models[2]?.expected).toMatchObject({ verdicts: null, isPartial: true });
    });

    it('must get what submissions.yaml says of them', () => {
      const loaded = models({
        'submissions/rejected/a.py': '',
        'submissions/rejected/b.py': '',
        'submissions/accepted/c.py': '',
        'submissions/submissions.yaml':
          'rejected/{a,x}.py: {required: [TLE], score: [0, 40]}\n"*/b.py": {permitted: [AC, WA], message: wrong}\naccepted/c.*: {score: 100}\n',
      });
      expect(loaded.models.map(({ path, expected }) => [path, expected.verdicts, expected.score])).toEqual([
        ['accepted/c.py', ['accepted'], { least: 100, most: 100 }],
        ['rejected/a.py', ['time_limit_exceeded'], { least: 0, most: 40 }],
        ['rejected/b.py', ['wrong_answer', 'output_limit_exceeded'], null],
      ]);
      expect(warnedPlaces(loaded)).toEqual(['submissions/submissions.yaml#/*~1b.py/message']);
    });
  });
});
