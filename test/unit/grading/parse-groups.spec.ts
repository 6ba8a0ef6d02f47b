import { describe, expect, it } from 'vitest';
import type { ProgramTest } from '../../../src/grading/grading-document.js';
import { parseGradingDocument, type ParseOptions } from '../../../src/grading/parse-grading-document.js';

const options: ParseOptions = {
  runtimes: ['python'],
  ceilings: {
    timeMs: 60_000,
    wallMs: 120_000,
    memoryMiB: 2048,
    processes: 256,
    outputKiB: 16_384,
    diskMiB: 1024,
  },
};

const test = (name: string, overrides: object = {}) => ({ kind: 'program', name, points: 1, ...overrides });
const names = ['a', 'b', 'c', 'd'] as const;
const group = (name: string, overrides: object) => ({ name, points: null, scoring: 'sum', ...overrides });
const written = (groups: readonly object[], tests: readonly object[] = names.map((name) => test(name))) => ({
  runtime: 'python',
  tests,
  groups,
});

const chain = (depth: number) =>
  Array.from({ length: depth }, (_, i) => group(`g${i}`, i + 1 < depth ? { groups: [`g${i + 1}`] } : { tests: ['a'] }));

function parsed(input: unknown) {
  const result = parseGradingDocument(input, options);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.document;
}

function faults(input: unknown): string[] {
  const result = parseGradingDocument(input, options);
  return result.ok ? [] : result.errors.map(({ path, message }) => `${path} ${message}`);
}

const nested = [
  group('outer', {
    groups: ['inner'],
    tests: ['a'],
    onReject: 'break',
    rejectPoints: 0.5,
    limits: { timeMs: 500, memoryMiB: 64 },
    visibility: 'hidden',
    expect: { compare: 'tokens', floatTolerance: { absolute: 1e-6 } },
  }),
  group('inner', { tests: ['b', 'c'], limits: { timeMs: 700 }, expect: { caseSensitive: true } }),
];

describe('groups that hand settings to their tests', () => {
  const document = parsed(
    written(nested, [
      test('a'),
      test('b'),
      test('c', { limits: { timeMs: 900 }, visibility: 'visible', expect: { compare: 'exact' } }),
      test('d'),
    ]),
  );
  const [a, b, c, d] = document.tests as readonly ProgramTest[];

  it('write them into the tests, the innermost first and the test before all', () => {
    expect(a).toMatchObject({ visibility: 'hidden', limits: { timeMs: 500, memoryMiB: 64 } });
    expect(b).toMatchObject({ visibility: 'hidden', limits: { timeMs: 700, memoryMiB: 64 } });
    expect(c).toMatchObject({ visibility: 'visible', limits: { timeMs: 900, memoryMiB: 64 } });
    expect(d).toMatchObject({ visibility: 'visible', limits: {} });
  });

  it('hand down how output is compared as one thing', () => {
    const floatTolerance = { absolute: 1e-6, relative: null };
    expect(a?.expect).toMatchObject({ compare: 'tokens', caseSensitive: false, floatTolerance });
    expect(b?.expect).toMatchObject({ compare: 'tokens', caseSensitive: true, floatTolerance });
    expect(c?.expect).toMatchObject({ compare: 'exact', caseSensitive: true, floatTolerance: null });
    expect(d?.expect).toMatchObject({ compare: 'trimmed', floatTolerance: null });
  });

  it('hand to the groups inside them what becomes of the rest, and what a failed test gives', () => {
    expect(document.groups.map(({ onReject, rejectPoints }) => ({ onReject, rejectPoints }))).toEqual([
      { onReject: 'break', rejectPoints: 0.5 },
      { onReject: 'break', rejectPoints: 0.5 },
    ]);
  });

  it('come back as a document that parses to an equal one', () => {
    expect(parsed(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });
});

describe('groups that are wrong', () => {
  const twice = { ...group('g', {}), tests: ['a'] };

  it.each<[what: string, groups: readonly object[], expected: string]>([
    ['of nothing', [group('g', {})], '/groups/0/tests is required, unless `groups` names some'],
    ['of an unknown group', [group('g', { groups: ['x'] })], '/groups/0/groups/0 is not the name of a group'],
    ['inside itself', [group('g', { groups: ['g'], tests: ['a'] })], '/groups/0/groups puts "g" inside itself'],
    [
      'in two groups',
      [group('g', { groups: ['x'] }), group('h', { groups: ['x'] }), group('x', { tests: ['a'] })],
      '/groups/1/groups/0 is already in /groups/0: a group is in one group at most',
    ],
    ['with points and a range', [{ ...twice, points: 3, range: { min: 0, max: 3 } }], '/groups/0/range excludes'],
    ['with an empty range', [{ ...twice, range: { min: 3, max: 1 } }], '/groups/0/range has its least (3) above'],
    ['with four decimals', [{ ...twice, rejectPoints: 0.1234 }], '/groups/0/rejectPoints is 0.1234'],
    ['that require an unknown one', [{ ...twice, requires: ['x'] }], '/groups/0/requires/0 is not the name of a group'],
    [
      'that require what comes later',
      [{ ...twice, requires: ['h'] }, group('h', { tests: ['b'] })],
      '/groups/0/requires/0 must come before it',
    ],
    ['that require themselves', [{ ...twice, requires: ['g'] }], '/groups/0/requires/0 must come before it'],
    [
      'with limits above the ceiling, told once',
      [group('g', { tests: ['a', 'b'], limits: { timeMs: 99_000 } })],
      '/groups/0/limits/timeMs is 99000 ms: this server allows at most 60000 ms',
    ],
    [
      'with a tolerance that nothing uses',
      [{ ...twice, expect: { floatTolerance: { absolute: 1 } } }],
      '/groups/0/expect/floatTolerance works with `compare: tokens` only',
    ],
    [
      'of which none counts',
      [group('g', { tests: ['a', 'b'], groups: ['h'], counts: false }), group('h', { tests: ['c', 'd'] })],
      '/groups leave no test that counts',
    ],
    ['with a word misspelt', [{ ...twice, onreject: 'break' }], '/groups/0/onreject is not a known property; do you'],
  ])('%s are refused', (_, groups, expected) => {
    expect(faults(written(groups))[0]?.slice(0, expected.length)).toBe(expected);
  });

  it('in a ring are refused, and no ring makes anything hang', () => {
    const ring = names.map((name, i) => group(`g${i}`, { tests: [name], groups: [`g${(i + 1) % 4}`] }));
    expect(faults(written(ring))).toContain('/groups/0/groups puts "g1" inside itself: take that group out');
  });

  it('nested nine deep are refused, eight are not', () => {
    expect(faults(written(chain(8)))).toEqual([]);
    expect(faults(written(chain(9)))).toEqual(['/groups/8 is more than 8 groups deep: nest less']);
  });
});

const withCheckers = (checkers: readonly object[], overrides: object = {}) => ({
  ...written([]),
  checkers,
  ...overrides,
});

describe('checkers', () => {
  const any = { name: 'any', runtime: 'python', files: [{ path: 'main.py', content: '' }] };
  it('are handed down from the document and groups, with their arguments, and have limits of their own', () => {
    const document = parsed({
      ...written(
        [group('g', { tests: ['b', 'c'], checkerArgs: ['strict'] })],
        [test('a'), test('b'), test('c', { checker: 'other', checkerArgs: [] }), test('d')],
      ),
      checkers: [any, { ...any, name: 'other', limits: { timeMs: 100 } }],
      checker: 'any',
    });
    const tests = document.tests as readonly ProgramTest[];
    expect(tests.map(({ checker, checkerArgs }) => [checker, checkerArgs])).toEqual([
      ['any', []],
      ['any', ['strict']],
      ['other', []],
      ['any', []],
    ]);
    expect(document.checkers?.map(({ limits }) => [limits.timeMs, limits.wallMs, limits.memoryMiB])).toEqual([
      [20_000, 60_000, 1024],
      [100, 300, 1024],
    ]);
    expect(parsed(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });

  it.each<[what: string, input: object, expected: string]>([
    [
      'unknown to a test',
      withCheckers([any], { tests: [test('a', { checker: 'x' })] }),
      '/tests/0/checker is not the name',
    ],
    [
      'unknown to the document',
      withCheckers([], { checker: 'x' }),
      '/checker is not the name of a checker in `checkers`',
    ],
    ['of one name', withCheckers([any, any]), '/checkers/1/name is also the name of /checkers/0'],
    [
      'of an unknown runtime',
      withCheckers([{ ...any, runtime: 'perl' }]),
      '/checkers/0/runtime is not a known runtime',
    ],
    ['without files', withCheckers([{ ...any, files: [] }]), '/checkers/0/files must list at least 1'],
    [
      'in our folder',
      withCheckers([{ ...any, files: [{ path: '.judge/x', content: '' }] }]),
      '/checkers/0/files/0/path must not begin with .judge',
    ],
    [
      'with files outside',
      withCheckers([{ ...any, files: [{ path: '../x', content: '' }] }]),
      '/checkers/0/files/0/path ',
    ],
    [
      'that are no base64',
      withCheckers([{ ...any, files: [{ path: 'x', content: '?', encoding: 'base64' }] }]),
      '/checkers/0/files/0/content is not base64',
    ],
    [
      'with limits above the ceiling',
      withCheckers([{ ...any, limits: { memoryMiB: 4096 } }]),
      '/checkers/0/limits/memoryMiB is 4096 MiB',
    ],
    [
      'with a network',
      withCheckers([{ ...any, limits: { network: 'loopback' } }]),
      '/checkers/0/limits/network must be none',
    ],
  ])('%s are refused', (_, input, expected) => {
    expect(faults(input)[0]?.slice(0, expected.length)).toBe(expected);
  });
});
