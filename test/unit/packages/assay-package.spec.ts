import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeAssayPackage, type WrittenAssignment } from '../../../src/packages/assay/write-assay-package.js';
import { resolveLinks } from '../../../src/packages/resolve-links.js';
import { checked, translate } from './translated.js';

const LIMITS = { files: 100, bytes: 10_000 };
const DEMO = join(import.meta.dirname, '../../../demo/assignments');

/** The content of all files of a folder, by path. */
async function filesBelow(folder: string): Promise<Record<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [relative(folder, path), await readFile(path)] as const)),
  );
}

/** What is written and read again. */
function again(written: WrittenAssignment): ReturnType<typeof translate> {
  return translate('assay', Object.fromEntries(writeAssayPackage(written)));
}

const written = (grading: object, fields: object = { title: 'T' }): WrittenAssignment => ({
  fields: { ...fields },
  instructions: '',
  grading,
  models: [],
});

describe('the package format of Assay', () => {
  it('gives back every text to the last character', () => {
    const texts = [
      'a\r\nb\r',
      ' leading and trailing \t',
      'tab\tand \u0000 and \u0085 and \u2028 and \ufeff',
      '\n\n',
      'yes',
      '1e3',
      '!file tests/1.in',
      '# no comment\n- no list\n',
      'x'.repeat(301),
      'line \n'.repeat(200),
      '\u{1f600}'.repeat(400),
      '"\'\\',
    ];
    const tests = texts.map((stdin, index) => ({
      kind: 'program',
      name: `test ${index}`,
      points: 0.1 * index,
      stdin,
      args: ['', ' ', stdin.replaceAll('\u0000', '')],
      expect: { stdout: stdin, exitCode: null },
    }));
    const grading = {
      runtime: 'python',
      files: [
        { path: 'a/b.txt', content: 'b\r\n' },
        { path: 'A/b.txt', content: 'other' },
        { path: 'c.bin', content: '/9j/', encoding: 'base64', hidden: true },
        { path: 'empty', content: '' },
      ],
      tests,
      groups: [],
    };
    const { assignment, warnings } = again(written(grading));
    expect(assignment.grading).toEqual(grading);
    expect(warnings).toEqual([]);
  });

  it('gives the same bytes for the same assignment, and model submissions as they were', () => {
    const models = [
      {
        path: 'accepted/a',
        runtime: 'python',
        expected: { verdicts: ['accepted' as const], score: null, isPartial: false },
        files: [{ path: 'main.py', content: Buffer.from('1') }],
      },
      {
        path: 'rejected/b',
        runtime: null,
        expected: {
          verdicts: ['runtime_error' as const, 'time_limit_exceeded' as const],
          score: { least: 0, most: 4.5 },
          isPartial: false,
        },
        files: [{ path: 'x/y.py', content: Buffer.from('2') }],
      },
      {
        path: 'partially_accepted/c',
        runtime: null,
        expected: { verdicts: null, score: null, isPartial: true },
        files: [{ path: 'main.py', content: Buffer.from('3') }],
      },
    ];
    const whole = { ...written({ runtime: 'python', tests: [] }), models };
    const read = again(whole).models;
    expect(read).toHaveLength(3);
    for (const model of models) {
      const found = read.find(({ path }) => path === model.path);
      expect(found).toMatchObject({
        path: model.path,
        runtime: model.runtime,
        expected: { score: model.expected.score, isPartial: model.expected.isPartial },
      });
      expect([...(found?.expected.verdicts ?? [])].toSorted()).toEqual([...(model.expected.verdicts ?? [])].toSorted());
      expect(found?.files).toEqual(model.files);
    }
    expect(writeAssayPackage(whole)).toEqual(writeAssayPackage(whole));
  });

  it('says every demo assignment, and its export imports to the same document', { timeout: 30_000 }, async () => {
    const names = await readdir(DEMO);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const first = translate('assay', await filesBelow(join(DEMO, name)));
      expect(first.warnings, name).toEqual([]);
      expect(first.models.length, name).toBeGreaterThan(1);
      const source = first.assignment.grading as object;
      const second = again(written(source));
      expect(second.assignment.grading, name).toEqual(source);
      expect(checked(second), name).toEqual(checked(first));
    }
  });
});

describe('links within a package', () => {
  const files = new Map([
    ['a/1', Buffer.from('one')],
    ['a/2', Buffer.from('two')],
  ]);
  const resolve = (links: Record<string, string>) => resolveLinks(files, new Map(Object.entries(links)), LIMITS);

  it('become what they lead to, over other links and for whole folders', () => {
    const resolved = resolve({ 'b/x': '../a/1', c: 'a', d: 'b/x', 'e/f': '../c' });
    const found = [...resolved].map(([path, content]) => [path, String(content)]);
    expect(found.toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1))).toEqual([
      ['a/1', 'one'],
      ['a/2', 'two'],
      ['b/x', 'one'],
      ['c/1', 'one'],
      ['c/2', 'two'],
      ['d', 'one'],
      ['e/f/1', 'one'],
      ['e/f/2', 'two'],
    ]);
  });

  it.each([
    [{ b: '/etc/passwd' }, /leads out/],
    [{ b: '../../etc/passwd' }, /leads out/],
    [{ b: 'nothing' }, /leads out/],
    [{ b: 'c', c: 'b' }, /leads out/],
    [{ 'a/all': '.' }, /leads out/],
    [{ b: '..' }, /leads out/],
    [
      Object.fromEntries(
        Array.from({ length: 8 }, (_, n) => [`l${n}/x`, n === 0 ? '../a' : `../l${n - 1}`]).concat(
          Array.from({ length: 8 }, (_, n) => [`l${n}/y`, n === 0 ? '../a' : `../l${n - 1}`]),
        ),
      ),
      /holds too much/,
    ],
  ])('are refused where they are no such thing: %j', (links, reason) => {
    expect(() => resolve(links as Record<string, string>)).toThrow(reason);
  });
});
