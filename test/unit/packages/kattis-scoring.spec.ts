import { describe, expect, it } from 'vitest';
import { maxPoints } from '../../../src/grading/score.js';
import { programTests } from '../../support/program-tests.js';
import { load, loadScoring, newer, score, tests } from './kattis-files.js';
import { checked, type Files, warningsAt } from './translated.js';

describe('what a Kattis package gives', () => {
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
      expect(score(loaded, 'sample/1', 'secret/1', 'secret/2')).toBe(3);
    });

    it('warns of a range that is not what the tests give', () => {
      const loaded = loadScoring({ ...grouped, 'data/secret/a/testdata.yaml': 'range: 0 50\n' });
      expect(warningsAt(loaded, 'data/secret/a/testdata.yaml#/range')).toContain('the tests give 2');
    });

    it('says folders with groups inside one another, in the order in which Kattis judges', () => {
      const loaded = loadScoring({
        'data/testdata.yaml': 'on_reject: continue\ngrader_flags: ignore_sample\n',
        'data/secret/testdata.yaml': 'grader_flags: first_error accept_if_any_accepted\n',
        'data/secret/b/testdata.yaml': 'on_reject: break\ngrader_flags: max\naccept_score: 5\nreject_score: 1\n',
        'data/secret/d/testdata.yaml': 'grader_flags: min\naccept_score: 7\n',
        ...tests('sample/1', 'secret/a', 'secret/b/1', 'secret/b/2', 'secret/c', 'secret/d/1'),
      });
      const document = checked(loaded);
      expect(document.tests.map(({ name, points }) => [name, points])).toEqual([
        ['sample/1', 0],
        ['secret/a', 1],
        ['b/1', 5],
        ['b/2', 5],
        ['secret/c', 1],
        ['d/1', 0],
      ]);
      expect(loaded.assignment.grading).toMatchObject({
        groups: [
          { name: 'sample', counts: false, tests: ['sample/1'] },
          {
            name: 'secret',
            points: null,
            scoring: 'sum',
            acceptIfAny: true,
            onlyIfAccepted: true,
            tests: ['secret/a', 'secret/c'],
            groups: ['b', 'd'],
          },
          { name: 'b', points: null, scoring: 'max', onReject: 'break', rejectPoints: 1 },
          { name: 'd', points: 7, scoring: 'all', tests: ['d/1'] },
        ],
      });
      expect(maxPoints(document)).toBe(14);
      expect(score(loaded, 'b/1', 'd/1')).toBe(12);
    });

    it('bounds what a validator gives by the range of the folder, and asks for one', () => {
      const scored = 'type: scoring\nvalidation: custom score\nlimits: {time_limit: 1}\n';
      const files = {
        'problem.yaml': scored,
        'output_validators/v.py': 'exit(42)\n',
        ...tests('secret/a/1', 'secret/a/2', 'secret/b/1'),
      };
      const ranged = load({
        ...files,
        'data/secret/a/testdata.yaml': 'grader_flags: min\nrange: 0 30\n',
        'data/secret/b/testdata.yaml': 'range: -inf 70\n',
      });
      expect(checked(ranged).tests.map(({ points }) => points)).toEqual([30, 30, 70]);
      expect(maxPoints(checked(ranged))).toBe(100);
      expect(() => load(files)).toThrow(/data\/secret\/a\/testdata.yaml#\/range: is needed/);
    });

    it('takes what the oldest packages say in problem.yaml', () => {
      const loaded = load({
        'problem.yaml': 'type: scoring\ngrading: {on_reject: grade, accept_score: 4}\nlimits: {time_limit: 1}\n',
        'data/secret/testdata.yaml': 'accept_score: 9\ngrader_flags: accept_if_any_accepted\n',
        ...tests('secret/1', 'secret/2'),
      });
      expect(score(loaded, 'secret/2')).toBe(4);
    });

    it.each([
      ['grading: custom', /grader of one's own/],
      ['reject_score: 2', /reject_score: is more than a passed test/],
      ['accept_score: -1', /accept_score/],
      ['on_reject: grade', /on_reject: must be break or continue/],
    ])('refuses what would give other points: %s', (line, reason) => {
      const folder = 'data/secret/testdata.yaml';
      expect(() => loadScoring({ [folder]: line, ...tests('secret/1', 'secret/2') })).toThrow(reason);
    });

    it('refuses samples that are ignored, break off and are accepted at once', () => {
      const line = 'grader_flags: ignore_sample always_accept\n';
      expect(() => loadScoring({ 'data/testdata.yaml': line, ...tests('sample/1', 'secret/1') })).toThrow(
        /ignore_sample and always_accept/,
      );
    });
  });

  it('accepts what fails some tests of a problem that gives no points, where the package says so', () => {
    const loaded = load({
      'data/secret/testdata.yaml': 'on_reject: continue\ngrader_flags: accept_if_any_accepted\n',
      ...tests('sample/1', 'secret/1', 'secret/2'),
    });
    expect(score(loaded, 'sample/1', 'secret/2')).toBe(100);
    expect(score(loaded, 'secret/1', 'secret/2')).toBe(0);
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

    it('give the least of their groups, and part of a test where the validator says so', () => {
      const files = {
        'data/secret/test_group.yaml': 'score_aggregation: min\n',
        'data/secret/a/test_group.yaml': 'max_score: 30\nscore_aggregation: min\n',
        'data/secret/b/test_group.yaml': 'max_score: 70\nscore_aggregation: sum\n',
        ...tests('secret/a/1', 'secret/b/1', 'secret/b/2'),
      };
      const loaded = newer({ ...files, 'output_validator/v.py': '' });
      expect(checked(loaded).tests.map(({ points }) => points)).toEqual([30, 35, 35]);
      expect(maxPoints(checked(loaded))).toBe(30);
      expect(score(loaded, 'a/1', 'b/1')).toBe(30);
      expect(score(loaded, 'b/1', 'b/2')).toBe(0);
      expect(() =>
        newer({ ...files, 'data/secret/a/test_group.yaml': 'max_score: 1\nrequire_pass: sample\n' }),
      ).toThrow(/score_aggregation: "min" over groups/);
    });

    it('take the tests of folders that are no groups together', () => {
      const loaded = newer(tests('secret/a/1', 'secret/b/1'));
      expect(checked(loaded).groups).toMatchObject([{ name: 'secret', points: 100, scoring: 'sum' }]);
      expect(score(loaded, 'a/1')).toBe(50);
    });

    it.each([
      ['data/secret/test_group.yaml', 'static_validation_score: 5\n', /static_validation_score/],
      ['static_validator/v.py', '', /static_validator: decides about submissions/],
      ['data/secret/test_group.yaml', 'score_aggregation: max\n', /must be pass-fail, sum, min/],
    ])('are refused with %s', (path, content, reason) => {
      expect(() => newer({ [path]: content, ...tests('secret/1') })).toThrow(reason);
    });

    it('stand for constants with their values', () => {
      const loaded = load({
        'problem.yaml':
          'problem_format_version: 2025-09\ntype: pass-fail\nlimits: {time_limit: 1}\nconstants: {k: 5, big: {value: 1000, tex: "1\\\\,000"}}\n',
        'statement/problem.en.md': 'At most {{k}} or {{big.tex}}, not {{other}}',
        'submissions/accepted/a.py': 'print({{k}} * {{big}})\n',
        ...tests('secret/1'),
        'data/secret/1.in': '{{k}}',
      });
      expect(loaded.assignment['instructions']).toBe('At most 5 or 1\\,000, not {{other}}');
      expect(Buffer.from(loaded.models[0]?.files[0]?.content ?? []).toString()).toBe('print(5 * 1000)\n');
      expect(programTests(checked(loaded))[0]?.stdin).toBe('{{k}}');
    });

    it('are refused where points have no bound', () => {
      const files = { 'data/secret/test_group.yaml': 'max_score: unbounded\n', ...tests('secret/1') };
      expect(() => newer(files)).toThrow(/max_score: must be a whole number/);
    });
  });
});
