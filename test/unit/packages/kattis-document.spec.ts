import { describe, expect, it } from 'vitest';
import { maxPoints } from '../../../src/grading/score.js';
import { programTests } from '../../support/program-tests.js';
import { load, score, tests } from './kattis-files.js';
import { checked, translate, warnedPlaces, warningsAt } from './translated.js';

/** What the only test expects of its output under these flags. */
const expectOf = (flags: string): unknown => {
  const loaded = load({
    'problem.yaml': `validator_flags: ${flags}\nlimits: {time_limit: 1}\n`,
    ...tests('secret/1'),
  });
  return programTests(checked(loaded))[0]?.expect;
};

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
      ['type: interactive', /output_validators: holds no validator/],
      ['type: [interactive, multi-pass]', /"multi-pass" problems/],
      ['type: submit-answer', /"submit-answer" problems/],
      ['type: scoring\ngrading: {objective: min}', /fewer points cannot be better/],
      ['limits: {memory: much}', /memory: must be a number/],
      ['- a', /must hold keys/],
      ['a: [', /is not YAML/],
    ])('refuses %s', (problem, reason) => {
      expect(() => load({ 'problem.yaml': problem, ...tests('secret/1') })).toThrow(reason);
    });

    it('takes a key that is written twice as it is written last, as the tools of the format do', () => {
      const problem = 'name: One\nlimits: {time_limit: 1}\nname: Two\n';
      expect(load({ 'problem.yaml': problem, ...tests('secret/1') }).assignment.title).toBe('Two');
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
});
