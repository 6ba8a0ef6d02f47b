import { describe, expect, it } from 'vitest';
import { load, models, tests } from './kattis-files.js';
import { checked, translate, warnedPlaces, warningsAt } from './translated.js';

/** A package that names languages. */
const named = (languages: string) =>
  translate('kattis', {
    'problem.yaml': `languages: ${languages}\nlimits: {time_limit: 1}\n`,
    ...tests('secret/1'),
  });

describe('the programs of a Kattis package', () => {
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

  it('has an interactive validator talk with submissions, and shows no sample', () => {
    const loaded = load({
      'problem.yaml': 'validation: custom interactive\nlimits: {time_limit: 1, validation_memory: 2000}\n',
      'output_validators/talk.py': 'exit(42)\n',
      ...tests('sample/1', 'secret/1'),
    });
    const document = checked(loaded);
    expect(document.checkers).toMatchObject([
      { interactive: true, files: [{ path: 'main.py' }], limits: { memoryMiB: 2000, outputKiB: 8192, timeMs: 20_000 } },
    ]);
    expect(document.tests.map(({ visibility }) => visibility)).toEqual(['hidden', 'hidden']);
  });

  it('starts what the build script of a validator makes', () => {
    const loaded = load({
      'problem.yaml': 'problem_format_version: 2025-09\ntype: pass-fail\nlimits: {time_limit: 1}\n',
      'output_validator/build': '#!/bin/sh\ncc -o run check.c\n',
      'output_validator/check.c': 'int main(void) { return 42; }\n',
      'data/secret/test_group.yaml': 'output_validator_args: [two words, "3"]\n',
      ...tests('secret/1'),
    });
    const document = checked(loaded);
    expect(document.checkers).toMatchObject([
      {
        runtime: 'bash',
        build: { run: './build' },
        files: [{ path: 'build', executable: true }, { path: 'check.c' }, { path: 'main.sh' }],
      },
    ]);
    expect(document.tests).toMatchObject([{ checkerArgs: ['two words', '3'] }]);
  });

  it.each([
    [{ 'output_validators/a/v.py': '', 'output_validators/b/v.py': '' }, /holds several validators/],
    [{ 'output_validators/v.hs': '' }, /not a validator in Python/],
  ])('refuses validators that it cannot run: %o', (files, reason) => {
    const problem = { 'problem.yaml': 'validation: custom\n', ...tests('secret/1') };
    expect(() => load({ ...problem, ...files })).toThrow(reason);
  });

  it('lays included files beside submissions', () => {
    const files = { 'include/cpp/grader.cpp': 'int main() {}\n', 'include/python3/lib.py': '', 'include/go/x.go': '' };
    const loaded = translate('kattis', { 'problem.yaml': 'limits: {time_limit: 1}\n', ...tests('secret/1'), ...files });
    expect(checked(loaded).files).toMatchObject([
      { path: 'grader.cpp', hidden: true },
      { path: 'lib.py', hidden: true },
    ]);
    expect(warnedPlaces(loaded)).toEqual(['include/go']);
    const clash = { ...files, 'include/python3/grader.cpp': '' };
    expect(() => translate('kattis', { 'problem.yaml': '{}', ...tests('secret/1'), ...clash })).toThrow(/--runtime/);
  });

  it('starts an included driver in place of the submissions that it calls', () => {
    const loaded = translate('kattis', {
      'problem.yaml': 'limits: {time_limit: 1}\n',
      'include/python3/grader.py': 'import cakes\n',
      'include/java/grader.java': 'public class grader { public static void main(String... args) {} }\n',
      'submissions/accepted/cakes.py': '',
      ...tests('secret/1'),
    });
    const { files } = checked(loaded);
    expect(files.map(({ path }) => path)).toEqual(['grader.java', 'Main.java', 'grader.py', 'main.py']);
    expect(files.at(-1)?.content).toBe('import cakes\n');
    expect(loaded.models[0]?.files.map(({ path }) => path)).toEqual(['cakes.py']);
  });

  it('lets students choose among the languages that it names', () => {
    expect(checked(named('[cpp, python3, rust]')).runtimes).toEqual(['python', 'cpp']);
    expect(checked(named('all')).runtimes).toContain('java');
    expect(warnedPlaces(named('[rust]'))).toEqual(['problem.yaml#/languages']);
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
      expect(loaded.models[2]?.expected).toMatchObject({ verdicts: ['accepted'], isPartial: true });
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

    it('must get what a tag in them says, where their folder says less', () => {
      const loaded = models({
        'submissions/mixed/a.py': '# @EXPECTED_RESULTS@: WRONG-ANSWER, timelimit\n',
        'submissions/mixed/b.py': '',
        'submissions/accepted/c.py': '# @EXPECTED_RESULTS@: WRONG-ANSWER\n',
      });
      expect(loaded.models.map(({ path, expected }) => [path, expected.verdicts])).toEqual([
        ['accepted/c.py', ['accepted']],
        ['rejected/a.py', ['wrong_answer', 'time_limit_exceeded', 'output_limit_exceeded']],
      ]);
      expect(warningsAt(loaded, 'submissions/mixed')).toContain('1 of its programs');
    });

    it('start with the file that is named or called main, else with the first', () => {
      const loaded = models({
        'submissions/accepted/one/aaa.py': '',
        'submissions/accepted/one/Main.py': 'main',
        'submissions/accepted/two/b.py3': 'b',
        'submissions/accepted/two/c.py3': '',
        'submissions/accepted/zero/main.py': '',
        'submissions/accepted/zero/z.py': 'z',
        'submissions/submissions.yaml': 'accepted/zero: {entrypoint: z.py}\n',
      });
      const mains = loaded.models.map(({ files }) => files.find(({ path }) => path === 'main.py')?.content);
      expect(mains.map((content) => Buffer.from(content ?? []).toString())).toEqual(['main', 'b', 'z']);
    });

    it('may get any verdict that the rules permit, and must fail where one is required', () => {
      const loaded = models({
        'submissions/slow/a.py': '',
        'submissions/submissions.yaml': 'slow/*: {permitted: [AC, WA, TLE], required: [TLE]}\n',
      });
      expect(loaded.models[0]?.expected.verdicts).toEqual([
        'wrong_answer',
        'time_limit_exceeded',
        'output_limit_exceeded',
      ]);
    });
  });
});
