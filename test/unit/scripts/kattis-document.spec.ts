import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kattisDocument } from '../../../scripts/lib/kattis-document.mjs';
import type { LoadedPackage } from '../../../scripts/lib/package-document.mjs';
import { maxPoints, scoreOf } from '../../../src/grading/score.js';
import { programTests } from '../../support/program-tests.js';
import { checked, warnedPlaces, warningsAt } from './checked.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-kattis-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

type Files = Readonly<Record<string, string | Uint8Array>>;

async function write(files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Tests in `data/`, each with a little input and answer. */
function tests(...paths: string[]): Files {
  return Object.fromEntries(
    paths.flatMap((path) => [
      [`data/${path}.in`, `${path}\n`],
      [`data/${path}.ans`, 'Yes 1\n'],
    ]),
  );
}

async function load(files: Files): Promise<LoadedPackage> {
  await write({ 'problem.yaml': 'name: Echo\nlimits: {time_limit: 1}\n', ...files });
  return kattisDocument(folder, { runtimes: ['python'] });
}

const loadScoring = (files: Files): Promise<LoadedPackage> =>
  load({ 'problem.yaml': 'name: Echo\ntype: scoring\nlimits: {time_limit: 1}\n', ...files });

/** The points of a submission that passes the tests named, and no others. */
function score(loaded: LoadedPackage, ...passed: string[]): number {
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
const expectOf = async (flags: string): Promise<unknown> => {
  const loaded = await load({
    'problem.yaml': `validator_flags: ${flags}\nlimits: {time_limit: 1}\n`,
    ...tests('secret/1'),
  });
  return programTests(checked(loaded))[0]?.expect;
};

describe('kattisDocument', () => {
  it('shows samples, hides secret tests, and gives 100 points for passing all', async () => {
    const loaded = await load(tests('sample/1', 'secret/2', 'secret/10'));
    expect(loaded).toMatchObject({ title: 'Echo', warnings: [] });
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

  it('lets students choose a runtime where none is named', async () => {
    await write({ 'problem.yaml': '{}', ...tests('secret/1') });
    const loaded = await kattisDocument(folder);
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

    it('gives the points of a minimum for all of its tests, and nothing for samples', async () => {
      const loaded = await loadScoring({
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

    it('adds the tests of a sum and takes the mean of an average', async () => {
      const loaded = await loadScoring({
        ...grouped,
        'data/secret/a/testdata.yaml': 'accept_score: 10\ngrader_flags: sum always_accept\n',
        'data/secret/b/testdata.yaml': 'accept_score: 50\ngrader_flags: avg always_accept\n',
      });
      expect(maxPoints(checked(loaded))).toBe(70);
      expect(score(loaded, 'a/1', 'b/1')).toBe(35);
    });

    it('spreads a mean over folders inside it, and makes one group of a minimum of folders', async () => {
      const files = {
        ...grouped,
        'data/secret/testdata.yaml': 'grader_flags: avg accept_if_any_accepted\naccept_score: 60\n',
        'data/secret/b/testdata.yaml': 'grader_flags: min\n',
        ...tests('secret/b/x/1'),
      };
      const loaded = await loadScoring(files);
      expect(score(loaded, 'a/1', 'a/2')).toBe(30);
      expect(score(loaded, 'a/1', 'b/1', 'b/2')).toBe(15);
      expect(score(loaded, 'b/1', 'b/2', 'b/x/1')).toBe(30);
    });

    it('gives all or nothing where no group lets a part count', async () => {
      const loaded = await loadScoring({ ...tests('sample/1', 'secret/1', 'secret/2') });
      expect(maxPoints(checked(loaded))).toBe(3);
      expect(score(loaded, 'secret/1', 'secret/2')).toBe(0);
      expect(warnedPlaces(loaded)).toEqual(['data']);
    });

    it('warns of a range that is not what the tests give', async () => {
      const loaded = await loadScoring({ ...grouped, 'data/secret/a/testdata.yaml': 'range: 0 50\n' });
      expect(warningsAt(loaded, 'data/secret/a/testdata.yaml#/range')).toContain('the tests give 2');
    });

    it.each([
      ['grader_flags: max accept_if_any_accepted', /"max"/],
      ['grading: custom', /grader of one's own/],
      ['reject_score: 1', /reject_score/],
      ['accept_score: -1', /accept_score/],
    ])('refuses what would give other points: %s', async (line, reason) => {
      await expect(
        loadScoring({ 'data/secret/testdata.yaml': line, ...tests('secret/1', 'secret/2') }),
      ).rejects.toThrow(reason);
    });
  });

  describe('comparison', () => {
    it.each([
      ['case_sensitive', { compare: 'tokens', caseSensitive: true, floatTolerance: null }],
      ['case_sensitive space_change_sensitive', { compare: 'exact' }],
      ['float_tolerance 1e-6', { compare: 'tokens', floatTolerance: { absolute: 1e-6, relative: 1e-6 } }],
      ['float_absolute_tolerance 0.5', { compare: 'tokens', floatTolerance: { absolute: 0.5, relative: null } }],
      ['float_relative_tolerance 1e-4', { floatTolerance: { absolute: null, relative: 1e-4 } }],
    ])('understands %s', async (flags, expected) => {
      expect(await expectOf(flags)).toMatchObject(expected);
    });

    it('takes flags of a folder in addition', async () => {
      const loaded = await load({
        'data/secret/testdata.yaml': 'output_validator_flags: case_sensitive strange\n',
        ...tests('secret/1'),
      });
      expect(programTests(checked(loaded))[0]?.expect.caseSensitive).toBe(true);
      expect(warnedPlaces(loaded)).toEqual(['data/secret/testdata.yaml#/output_validator_flags']);
    });

    it('warns where exact comparison is stricter than Kattis', async () => {
      const loaded = await load({
        'problem.yaml': 'validator_flags: space_change_sensitive\nlimits: {time_limit: 1}\n',
        ...tests('secret/1'),
      });
      expect(warningsAt(loaded, 'problem.yaml#/validator_flags')).toContain('upper and lower case');
    });

    it('refuses a tolerance without a number', async () => {
      await expect(expectOf('float_tolerance')).rejects.toThrow(/needs a number/);
    });
  });

  describe('what has no counterpart', () => {
    it('is named, with the limits kept within what a server allows', async () => {
      const loaded = await load({
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
      expect(loaded.instructions).toBe('# Echo\n\nAuthor: Ada  \nLicence: cc by');
      expect(warnedPlaces(loaded).toSorted()).toEqual([
        'data/other',
        'data/secret/*.hint',
        'data/secret/2',
        'data/secret/testdata.yaml#/input_validator_flags',
        'problem.yaml#/keywords',
        'problem.yaml#/limits/code',
        'problem.yaml#/limits/memory',
        'problem.yaml#/limits/time_limit',
        'problem_statement/problem.en.tex',
        'submissions',
      ]);
    });

    it('leaves tests out that are no text or too large for one', async () => {
      const loaded = await load({
        ...tests('secret/1', 'secret/2', 'secret/3'),
        'data/secret/2.in': Uint8Array.of(0xff, 0xfe),
        'data/secret/3.ans': 'x'.repeat(1_048_577),
      });
      expect(checked(loaded).tests.map((test) => test.name)).toEqual(['secret/1']);
      expect(warnedPlaces(loaded)).toEqual(['data/secret/2.in', 'data/secret/3.ans']);
    });

    it('keeps a byte order mark and carriage returns of the test data', async () => {
      const loaded = await load({ ...tests('secret/1'), 'data/secret/1.in': '\uFEFFa\r\n' });
      expect(programTests(checked(loaded))[0]?.stdin).toBe('\uFEFFa\r\n');
    });
  });

  describe('packages that cannot be used', () => {
    it.each([
      ['validation: custom', /validation: a program of the package judges/],
      ['type: interactive', /"interactive" problems/],
      ['problem_format_version: 2025-09\ntype: scoring', /points of version 2025-09/],
      ['limits: {memory: much}', /memory: must be a number/],
      ['- a', /must hold keys/],
      ['a: [', /is not YAML/],
    ])('refuses %s', async (problem, reason) => {
      await expect(load({ 'problem.yaml': problem, ...tests('secret/1') })).rejects.toThrow(reason);
    });

    it('refuses a package without secret tests', async () => {
      await expect(load(tests('sample/1'))).rejects.toThrow(/no tests in data\/secret/);
      await expect(kattisDocument(join(folder, 'missing'))).rejects.toThrow(
        /problem.yaml is a link that leads out of the package, or nowhere/,
      );
    });

    it('refuses more test data than an assignment takes', async () => {
      const large = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`data/secret/${n}.in`, 'x'.repeat(1_000_000)]));
      await expect(
        load({ ...tests('secret/1', 'secret/2', 'secret/3', 'secret/4', 'secret/5'), ...large }),
      ).rejects.toThrow(/larger than 4 MiB in all/);
    });

    it('follows links inside the package and refuses those that lead out of it', async () => {
      await write({ 'problem.yaml': 'limits: {time_limit: 1}\n', ...tests('secret/a/1') });
      await mkdir(join(folder, 'data/secret/b'));
      await symlink('../a/1.in', join(folder, 'data/secret/b/2.in'));
      await symlink('../a/1.ans', join(folder, 'data/secret/b/2.ans'));
      expect(checked(await kattisDocument(folder)).tests.map((test) => test.name)).toEqual(['a/1', 'b/2']);
      await rm(join(folder, 'data/secret/b/2.in'));
      await symlink('/etc/hostname', join(folder, 'data/secret/b/2.in'));
      await expect(kattisDocument(folder)).rejects.toThrow(/data\/secret\/b\/2\.in is a link that leads out/);
    });
  });
});
