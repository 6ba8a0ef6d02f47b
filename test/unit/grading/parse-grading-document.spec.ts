import { describe, expect, it } from 'vitest';
import {
  parseGradingDocument,
  MAX_REPORTED_FAULTS,
  type ParseOptions,
} from '../../../src/grading/parse-grading-document.js';
import type { LimitCeilings } from '../../../src/grading/limits.js';
import { programTests } from '../../support/program-tests.js';

const ceilings: LimitCeilings = {
  timeMs: 60_000,
  wallMs: 120_000,
  memoryMiB: 2048,
  processes: 256,
  outputKiB: 16_384,
  diskMiB: 1024,
  buildTimeMs: 120_000,
};
const options: ParseOptions = { runtimes: ['python', 'node', 'c'], ceilings };

const GROUP_DEFAULTS = {
  groups: [],
  onReject: 'continue',
  verdict: 'first-error',
  acceptIfAny: false,
  onlyIfAccepted: false,
  counts: true,
  requires: [],
  rejectPoints: 0,
  range: null,
};

const adds = { kind: 'program', name: 'adds', points: 2, stdin: '1 2\n', expect: { stdout: '3\n' } };
const minimal = { runtime: 'python', tests: [{ kind: 'program', name: 'runs', points: 1 }] };

/** A document that is right but for what is given. */
const documentWith = (overrides: object) => ({ ...minimal, ...overrides });
const testWith = (overrides: object) => documentWith({ tests: [{ ...adds, ...overrides }] });

function parsed(input: unknown, given: ParseOptions = options) {
  const result = parseGradingDocument(input, given);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.document;
}

function faults(input: unknown, given: ParseOptions = options): string[] {
  const result = parseGradingDocument(input, given);
  return result.ok ? [] : result.errors.map(({ path, message }) => `${path} ${message}`);
}

const replaced = (change: object): object => ({
  mutants: [{ id: 'm', replace: [{ path: 'calc.py', with: '', ...change }] }],
});

describe('a grading document that is right', () => {
  it('has every default filled in', () => {
    expect(parsed(minimal)).toEqual({
      runtime: 'python',
      runtimes: null,
      entrypoint: null,
      requiredFiles: [],
      files: [],
      build: null,
      limits: {
        timeMs: 2000,
        wallMs: 6000,
        memoryMiB: 256,
        processes: 64,
        outputKiB: 1024,
        diskMiB: 64,
        network: 'none',
      },
      runner: 'auto',
      reuse: 'submission',
      systemSitePackages: false,
      services: [],
      stopOnFailure: false,
      tests: [
        {
          kind: 'program',
          name: 'runs',
          description: null,
          points: 1,
          visibility: 'visible',
          stdin: '',
          args: [],
          run: null,
          expect: {
            stdout: null,
            stderr: null,
            compare: 'trimmed',
            caseSensitive: true,
            floatTolerance: null,
            exitCode: null,
          },
          checker: null,
          checkerArgs: [],
          limits: {},
        },
      ],
      groups: [],
      checkers: [],
    });
  });

  const full = {
    runtimes: ['python', 'node'],
    entrypoint: 'src/main.py',
    requiredFiles: ['src/main.py'],
    files: [{ path: 'data.csv', content: 'YQ==', encoding: 'base64', hidden: true, executable: true }],
    build: { run: 'make' },
    limits: { timeMs: 5000, network: 'loopback' },
    runner: 'exec',
    reuse: 'lane',
    systemSitePackages: true,
    stopOnFailure: true,
    tests: [
      { ...adds, args: ['-v', ''], visibility: 'secret', description: 'two numbers' },
      {
        ...adds,
        name: 'floats',
        points: 0.125,
        expect: { stdout: '3.14', compare: 'tokens', floatTolerance: { absolute: 1e-6 } },
      },
      {
        ...adds,
        name: 'fails',
        points: 0,
        run: 'cat missing',
        expect: { exitCode: 1, stderr: 'No such file', compare: 'contains' },
      },
      { ...adds, name: 'slow', limits: { timeMs: 10_000 } },
      { ...adds, name: 'matches', expect: { stdout: '^\\d+$', compare: 'regex' } },
    ],
    groups: [{ name: 'g', points: 7.5, scoring: 'min', tests: ['adds', 'floats'] }],
  };

  it('keeps what it says', () => {
    const document = parsed(full);
    expect(document).toMatchObject({
      runtime: null,
      runtimes: ['python', 'node'],
      build: { run: 'make', timeMs: 10_000 },
      groups: full.groups.map((group) => ({ ...group, ...GROUP_DEFAULTS })),
      files: full.files,
    });
    expect(programTests(document).map((test) => test.expect)).toMatchObject([
      { stdout: '3\n', compare: 'trimmed' },
      { caseSensitive: false, floatTolerance: { absolute: 1e-6, relative: null } },
      { exitCode: 1, caseSensitive: true },
      {},
      { compare: 'regex' },
    ]);
  });

  it('parses to an equal document a second time', () => {
    for (const input of [minimal, full]) {
      const once = parsed(input);
      expect(parsed(once)).toEqual(once);
      expect(parsed(JSON.parse(JSON.stringify(once)))).toEqual(once);
    }
  });

  it('is not changed by parsing', () => {
    const copy = structuredClone(full);
    parsed(full);
    expect(full).toEqual(copy);
  });

  it('gets three times the CPU time as elapsed time, within the ceiling, where it names none', () => {
    expect(parsed(full).limits.wallMs).toBe(15_000);
    expect(parsed(full).tests[3]?.limits).toEqual({ timeMs: 10_000, wallMs: 30_000 });
    expect(parsed(documentWith({ limits: { timeMs: 50_000 } })).limits.wallMs).toBe(120_000);
    expect(parsed(testWith({ limits: { timeMs: 100 } })).tests[0]?.limits).toEqual({ timeMs: 100 });
  });

  it('gets no default above a ceiling', () => {
    const low = { ...ceilings, timeMs: 1000, wallMs: 2000, memoryMiB: 64, processes: 8, buildTimeMs: 500 };
    const document = parsed(documentWith({ build: { run: 'make' } }), { ...options, ceilings: low });
    expect(document.limits).toMatchObject({ timeMs: 1000, wallMs: 2000, memoryMiB: 64, processes: 8 });
    expect(document.build?.timeMs).toBe(500);
  });

  it('may hold as many tests as are allowed, and names like those of every object', () => {
    const tests = Array.from({ length: 500 }, (_, i) => ({ ...adds, name: `test ${i}` }));
    expect(parsed(documentWith({ tests })).tests).toHaveLength(500);
    expect(
      parsed(
        documentWith({
          tests: [
            { ...adds, name: '__proto__' },
            { ...adds, name: 'constructor' },
          ],
        }),
      ).tests,
    ).toHaveLength(2);
  });
});

describe('a fault in a grading document is told where it is and what to do', () => {
  it.each<[string, unknown, string]>([
    ['no document', null, ' must be an object, not null'],
    ['a list', [], ' must be an object, not a list'],
    ['a text', 'runtime: python', ' must be an object, not a text'],
    ['undefined', undefined, ' must be an object'],
    ['no tests', { runtime: 'python' }, '/tests is required: list at least one test'],
    ['an empty list of tests', documentWith({ tests: [] }), '/tests must list at least 1'],
    [
      'too many tests',
      documentWith({ tests: Array.from({ length: 501 }, () => adds) }),
      '/tests must list at most 500, and lists 501',
    ],
    [
      'a test without points',
      testWith({ points: undefined }),
      '/tests/0/points is required: give the test a number of points, 0 or more',
    ],
    ['a test without a name', testWith({ name: undefined }), '/tests/0/name is required: give it a name of its own'],
    ['a test without a kind', testWith({ kind: undefined }), '/tests/0/kind is required: say what kind of test it is'],
    ['points below 0', testWith({ points: -1 }), '/tests/0/points must be at least 0'],
    ['points as text', testWith({ points: '2' }), '/tests/0/points must be a number, not a text'],
    ['points that are no number', testWith({ points: NaN }), '/tests/0/points must be a number'],
    ['endless points', testWith({ points: Infinity }), '/tests/0/points must be a number'],
    [
      'four decimals',
      testWith({ points: 0.1234 }),
      '/tests/0/points is 0.1234: at most three decimals count, so round it',
    ],
    ['a number as a name', testWith({ name: 7 }), '/tests/0/name must be a text, not the number 7: put it in quotes'],
    ['an empty name', testWith({ name: '' }), '/tests/0/name must not be empty'],
    ['a blank name', testWith({ name: '  ' }), '/tests/0/name must not be blank'],
    ['a name of two lines', testWith({ name: 'a\nb' }), '/tests/0/name must be one line'],
    ['a long name', testWith({ name: 'a'.repeat(201) }), '/tests/0/name must be at most 200 characters long'],
    [
      'an unknown property of a test',
      testWith({ timeout: 3 }),
      '/tests/0/timeout is not a known property: use kind, name, description, points',
    ],
    ['a misspelt property', testWith({ point: 3 }), '/tests/0/point is not a known property; do you mean "points"?'],
    [
      'a property of another style',
      documentWith({ required_files: [] }),
      '/required_files is not a known property; do you mean "requiredFiles"?',
    ],
    [
      'an unknown property of the document',
      documentWith({ language: 'c' }),
      '/language is not a known property: use runtime, runtimes',
    ],
    ['a property with a slash', documentWith({ 'a/b~c': 1 }), '/a~1b~0c is not a known property'],
    ['an unknown expectation', testWith({ expect: { output: '3' } }), '/tests/0/expect/output is not a known property'],
    [
      'an unknown compare',
      testWith({ expect: { compare: 'included' } }),
      '/tests/0/expect/compare must be one of exact, trimmed, tokens, contains, regex',
    ],
    [
      'an unknown visibility',
      testWith({ visibility: 'private' }),
      '/tests/0/visibility must be one of visible, hidden, secret, after-due',
    ],
    ['an unknown kind', testWith({ kind: 'quiz' }), '/tests/0/kind must be one of program'],
    [
      'a status that cannot be',
      testWith({ expect: { exitCode: 256 } }),
      '/tests/0/expect/exitCode must be at most 255',
    ],
    [
      'half a status',
      testWith({ expect: { exitCode: 1.5 } }),
      '/tests/0/expect/exitCode must be a whole number or null, not the number 1.5',
    ],
    ['no runtime', { tests: [adds] }, '/runtime is required, unless `runtimes` is given: use one of python, node, c'],
    [
      'two kinds of runtimes',
      documentWith({ runtimes: ['node'] }),
      '/runtimes excludes `runtime`: keep one of the two',
    ],
    [
      'an unknown runtime',
      documentWith({ runtime: 'cobol' }),
      '/runtime is not a known runtime: use one of python, node, c',
    ],
    [
      'an unknown runtime to choose',
      documentWith({ runtime: null, runtimes: ['python', 'cobol'] }),
      '/runtimes/1 is not a known runtime: use one of python, node, c',
    ],
    [
      'a runtime listed twice',
      documentWith({ runtime: null, runtimes: ['python', 'python'] }),
      '/runtimes/1 is listed twice',
    ],
    [
      'two tests of one name',
      documentWith({ tests: [adds, adds] }),
      '/tests/1/name is also the name of /tests/0: give each test its own',
    ],
    [
      'a path that leaves the folder',
      documentWith({ files: [{ path: '../x', content: '' }] }),
      '/files/0/path must stay in its folder',
    ],
    ['an absolute entrypoint', documentWith({ entrypoint: '/bin/sh' }), '/entrypoint must be relative'],
    [
      'a required file out of the folder',
      documentWith({ requiredFiles: ['a', 'b/../../c'] }),
      '/requiredFiles/1 must stay in its folder',
    ],
    [
      'two files of one path',
      documentWith({
        files: [
          { path: 'a', content: '' },
          { path: 'A', content: '' },
        ],
      }),
      '/files cannot lie in one folder: "a" and "A" differ only in case',
    ],
    [
      'a file that is a folder',
      documentWith({ requiredFiles: ['a', 'a/b'] }),
      '/requiredFiles cannot all be required: "a" is a file',
    ],
    [
      'a file without content',
      documentWith({ files: [{ path: 'a' }] }),
      '/files/0/content is required: give the file a content',
    ],
    [
      'content that is not base64',
      documentWith({ files: [{ path: 'a', content: 'a b', encoding: 'base64' }] }),
      '/files/0/content is not base64',
    ],
    [
      'base64 without padding',
      documentWith({ files: [{ path: 'a', content: 'YQ', encoding: 'base64' }] }),
      '/files/0/content is not base64',
    ],
    ['a build without a command', documentWith({ build: {} }), '/build/run is required: say which command to run'],
    [
      'a limit above the ceiling',
      documentWith({ limits: { memoryMiB: 4096 } }),
      '/limits/memoryMiB is 4096 MiB: this server allows at most 2048 MiB',
    ],
    [
      'a limit of a test above the ceiling',
      testWith({ limits: { timeMs: 60_001 } }),
      '/tests/0/limits/timeMs is 60001 ms: this server allows at most 60000 ms',
    ],
    [
      'a build above the ceiling',
      documentWith({ build: { run: 'make', timeMs: 120_001 } }),
      '/build/timeMs is 120001 ms: this server allows at most 120000 ms',
    ],
    ['a limit of nothing', documentWith({ limits: { processes: 0 } }), '/limits/processes must be at least 1'],
    [
      'elapsed time below CPU time',
      documentWith({ limits: { timeMs: 3000, wallMs: 2999 } }),
      '/limits/wallMs is 2999 ms, less than timeMs (3000 ms)',
    ],
    [
      'elapsed time of a test below CPU time',
      testWith({ limits: { wallMs: 100 } }),
      '/tests/0/limits/wallMs is 100 ms, less than timeMs (2000 ms)',
    ],
    [
      'an open network',
      documentWith({ limits: { network: 'internet' } }),
      '/limits/network must be one of none, loopback',
    ],
    [
      'look-around',
      testWith({ expect: { stdout: '(?=a)b', compare: 'regex' } }),
      '/tests/0/expect/stdout uses look-around',
    ],
    [
      'a broken pattern',
      testWith({ expect: { stderr: '[', compare: 'regex' } }),
      '/tests/0/expect/stderr is not a regular expression in RE2 syntax',
    ],
    [
      'folded letters without tokens',
      testWith({ expect: { stdout: 'a', caseSensitive: false } }),
      '/tests/0/expect/caseSensitive works with `compare: tokens` only, and this is `trimmed`',
    ],
    [
      'a tolerance without tokens',
      testWith({ expect: { stdout: '1', compare: 'exact', floatTolerance: { absolute: 1 } } }),
      '/tests/0/expect/floatTolerance works with `compare: tokens` only',
    ],
    [
      'an empty tolerance',
      testWith({ expect: { stdout: '1', compare: 'tokens', floatTolerance: {} } }),
      '/tests/0/expect/floatTolerance must name `absolute`, `relative` or both',
    ],
    [
      'a negative tolerance',
      testWith({ expect: { stdout: '1', compare: 'tokens', floatTolerance: { absolute: -1 } } }),
      '/tests/0/expect/floatTolerance/absolute must be at least 0',
    ],
    ['NUL in an argument', testWith({ args: ['a', 'b\0'] }), '/tests/0/args/1 must not contain NUL'],
    ['NUL in a command', testWith({ run: 'a\0' }), '/tests/0/run must not contain NUL'],
    ['half a character', testWith({ stdin: '\ud800' }), '/tests/0/stdin must be valid Unicode'],
    [
      'input of more than a megabyte in bytes',
      testWith({ stdin: '€'.repeat(400_000) }),
      '/tests/0/stdin must be at most 1 MiB',
    ],
    [
      'input of more than a megabyte in letters',
      testWith({ stdin: 'a'.repeat(1_048_577) }),
      '/tests/0/stdin must be at most 1048576 characters long',
    ],
    [
      'a group without points',
      documentWith({ groups: [{ name: 'g', scoring: 'all', tests: ['runs'] }] }),
      '/groups/0/points is required: give the group a number of points',
    ],
    [
      'a group of an unknown test',
      documentWith({ groups: [{ name: 'g', points: 1, scoring: 'all', tests: ['runs', 'other'] }] }),
      '/groups/0/tests/1 is not the name of a test in `tests`',
    ],
    [
      'an empty group',
      documentWith({ groups: [{ name: 'g', points: 1, scoring: 'all', tests: [] }] }),
      '/groups/0/tests must list at least 1',
    ],
    [
      'a test twice in a group',
      documentWith({ groups: [{ name: 'g', points: 1, scoring: 'all', tests: ['runs', 'runs'] }] }),
      '/groups/0/tests/1 is already in /groups/0',
    ],
    [
      'an unknown scoring',
      documentWith({ groups: [{ name: 'g', points: 1, scoring: 'median', tests: ['runs'] }] }),
      '/groups/0/scoring must be one of all, sum, min, avg, max',
    ],
    [
      'a group with four decimals',
      documentWith({ groups: [{ name: 'g', points: 1.0001, scoring: 'all', tests: ['runs'] }] }),
      '/groups/0/points is 1.0001',
    ],
  ])('%s', (_, input, expected) => {
    const found = faults(input);
    expect(found).toHaveLength(1);
    expect(found[0]?.slice(0, expected.length)).toBe(expected);
  });

  it('says of a test in two groups which the other is, and of two groups of one name', () => {
    const group = { name: 'g', points: 1, scoring: 'all', tests: ['runs'] };
    expect(faults(documentWith({ groups: [group, group] }))).toEqual([
      '/groups/1/tests/0 is already in /groups/0: a test is in one group at most, once',
      '/groups/1/name is also the name of /groups/0: give each group its own',
    ]);
  });

  describe('tests of the kind command', () => {
    const custom = { kind: 'command', name: 'custom', points: 20, run: './grade.sh' };
    const only = (test: object): unknown => parsed(documentWith({ tests: [{ ...custom, ...test }] })).tests[0];

    it('get their defaults, those of the format among them', () => {
      expect(only({})).toEqual({
        ...custom,
        description: null,
        visibility: 'visible',
        args: [],
        format: 'exit-code',
        output: null,
        expect: { exitCode: null },
        limits: {},
        tamperProof: false,
      });
      expect(only({ format: 'gradescope' })).toMatchObject({ output: 'results/results.json' });
      expect(only({ format: 'junit-xml' })).toMatchObject({ output: null });
      expect(only({ format: 'junit-xml', output: 'reports/*.xml' })).toMatchObject({ output: 'reports/*.xml' });
    });

    it.each([
      ['a command of no words', { run: '' }, '/tests/0/run'],
      ['a null command', { run: null }, '/tests/0/run must be'],
      ['NUL in the command', { run: 'a\0' }, '/tests/0/run must not contain NUL'],
      ['NUL in an argument', { args: ['a\0'] }, '/tests/0/args/0 must not contain NUL'],
      ['an unknown format', { format: 'junit' }, '/tests/0/format must be one of'],
      ['results outside', { format: 'tap', output: '../x' }, '/tests/0/output must stay in its folder'],
      ['results of an exit status', { output: 'x' }, '/tests/0/output needs a `format`'],
      ['input', { stdin: '' }, '/tests/0/stdin is not a known property'],
      ['a promise', { tamperProof: true }, '/tests/0/tamperProof'],
      ['an exit status beyond bytes', { expect: { exitCode: 256 } }, '/tests/0/expect/exitCode must be at most 255'],
    ])('are refused with %s', (_, test, expected) => {
      const found = faults(documentWith({ tests: [{ ...custom, ...test }] }));
      expect(found[0]?.slice(0, expected.length)).toBe(expected);
    });
  });

  describe('lint tests', () => {
    const style = { kind: 'lint', name: 'style', points: 4, tool: 'pycodestyle' };
    const only = (test: object): unknown => parsed(documentWith({ tests: [{ ...style, ...test }] })).tests[0];

    it('get their defaults, those of the tool among them', () => {
      expect(only({})).toMatchObject({
        paths: ['**/*.py'],
        exclude: [],
        select: ['*'],
        inlineDisable: false,
        deductions: [],
        floor: 0,
        files: null,
        limits: { timeMs: 10_000, wallMs: 30_000, memoryMiB: 512 },
      });
      expect(only({ tool: 'files', files: { required: ['a'] } })).toMatchObject({
        paths: [],
        files: { required: ['a'], forbidden: [] },
      });
      expect(only({ ignore: [], limits: { timeMs: 1000 } })).toMatchObject({ ignore: [], limits: { timeMs: 1000 } });
    });

    it.each([
      ['no tool', { tool: undefined }, '/tests/0/tool is required: say which tool'],
      ['an unknown tool', { tool: 'flake8' }, '/tests/0/tool must be one of'],
      ['a path outside', { paths: ['../*.py'] }, '/tests/0/paths/0 must stay in its folder'],
      ['stars in a name', { exclude: ['a**'] }, '/tests/0/exclude/0 must have "**" as a whole name'],
      ['a rule of words', { ignore: ['line too long'] }, '/tests/0/ignore/0 must be the name of a rule'],
      ['what another tool has', { shell: 'bash' }, '/tests/0/shell works with `tool: shellcheck` only'],
      ['files that ask nothing', { tool: 'files', files: {} }, '/tests/0/files must say what is asked'],
      ['a configuration that is not there', { tool: 'eslint', config: 'x.mjs' }, '/tests/0/config is not the path of'],
      ['four decimals', { deductions: [{ match: '*', points: 0.0001 }] }, '/tests/0/deductions/0/points is 0.0001'],
      ['a floor alone', { floor: 1 }, '/tests/0/floor needs `deductions`'],
      ['a floor above', { floor: 5, deductions: [{ match: '*', points: 1 }] }, '/tests/0/floor is more than'],
    ])('are refused with %s', (_, test, expected) => {
      const found = faults(documentWith({ tests: [JSON.parse(JSON.stringify({ ...style, ...test }))] }));
      expect(found[0]?.slice(0, expected.length)).toBe(expected);
    });
  });

  describe('mutation tests', () => {
    const suite = { kind: 'mutation', name: 'suite', points: 10, framework: 'pytest', reference: ['calc.py'] };
    const files = [
      { path: 'calc.py', content: 'a = 1\nb = 1\n' },
      { path: 'calc.c', content: 'int a;' },
    ];
    const withTest = (test: object): unknown =>
      documentWith({ files, tests: [JSON.parse(JSON.stringify({ ...suite, ...test }))] });

    it('get their defaults, those of the framework among them', () => {
      expect(parsed(withTest({})).tests[0]).toMatchObject({
        suite: ['**/test_*.py', '**/*_test.py'],
        generate: { max: 30 },
        show: 'count',
        minTests: 1,
        target: 1,
        tamperProof: false,
        limits: { timeMs: 10_000, memoryMiB: 512 },
      });
      expect(parsed(withTest(replaced({ find: 'a =' }))).tests[0]).toMatchObject({ generate: null });
      expect(parsed(withTest({ framework: undefined, run: 'x' })).tests[0]).toMatchObject({
        minTests: 0,
        suite: ['**'],
      });
    });

    it.each([
      ['nothing that runs it', { framework: undefined }, '/tests/0/framework is required, unless `run`'],
      ['two that run it', { run: 'x' }, '/tests/0/run excludes `framework`'],
      [
        'tests that nobody counts',
        { framework: undefined, run: 'x', minTests: 2 },
        '/tests/0/minTests needs `framework`',
      ],
      ['no reference', { reference: undefined }, '/tests/0/reference is required: say which of'],
      ['a reference that is not there', { reference: ['x.py'] }, '/tests/0/reference/0 is not the path of a file'],
      ['a reference twice', { reference: ['calc.py', 'calc.py'] }, '/tests/0/reference/1 is listed twice'],
      ['nothing to generate from', { reference: ['calc.c'] }, '/tests/0/generate needs a file of Python'],
      ['no mutants at all', { generate: null }, '/tests/0/generate must not be null'],
      ['a mutant that changes nothing', { mutants: [{ id: 'm' }] }, '/tests/0/mutants/0 must change something'],
      ['a text that is not there', replaced({ find: 'c' }), '/tests/0/mutants/0/replace/0/find does not stand'],
      [
        'a text that is there twice',
        replaced({ find: '1' }),
        '/tests/0/mutants/0/replace/0/find stands in that file more',
      ],
      ['another file', replaced({ path: 'calc.c', find: 'int' }), '/tests/0/mutants/0/replace/0/path is not a file of'],
    ])('are refused with %s', (_, test, expected) => {
      expect(faults(withTest(test))[0]?.slice(0, expected.length)).toBe(expected);
    });
  });

  it('names all faults of one look at once, at most fifty', () => {
    expect(faults({ runtime: 1, tests: [{ kind: 'program', points: -1 }], extra: true })).toHaveLength(4);
    expect(faults(documentWith({ tests: Array.from({ length: 100 }, () => ({ kind: 'program' })) }))).toHaveLength(
      MAX_REPORTED_FAULTS,
    );
    const tests = Array.from({ length: 100 }, (_, i) => ({ ...adds, name: `t${i}`, points: 0.00001 }));
    expect(faults(documentWith({ tests }))).toHaveLength(MAX_REPORTED_FAULTS);
  });
});

describe('a document made to hurt', () => {
  it('is refused when it is too large, before anything else is looked at', () => {
    const files = Array.from({ length: 5 }, (_, i) => ({ path: `f${i}`, content: 'a'.repeat(1_000_000) }));
    expect(faults(documentWith({ files }))).toEqual([' must be at most 4 MiB in all: make test data smaller']);
    expect(faults(documentWith({ tests: Array(1_000_000).fill(1) }))).toEqual([
      ' must hold at most 50000 values in all',
    ]);
  });

  it('is refused when it contains itself', () => {
    const loop: Record<string, unknown> = { ...minimal };
    loop['files'] = [loop];
    expect(faults(loop)).toEqual([' must be nested at most 24 deep']);
  });

  it('is refused when its aliases multiply, without being unfolded', () => {
    let laughs: unknown = 'ha';
    for (let i = 0; i < 15; i += 1) laughs = Array(9).fill(laughs);
    expect(faults(documentWith({ tests: laughs }))[0]).toContain('values in all');
  });

  it('cannot reach prototypes', () => {
    const input: unknown = JSON.parse('{"__proto__": {"runtime": "python"}, "tests": []}');
    expect(faults(input).join()).toContain('/__proto__ is not a known property');
  });

  it('never makes parsing throw, whatever stands wherever', () => {
    const values = [
      null,
      true,
      0,
      -1,
      1e308,
      NaN,
      '',
      'x',
      '\0',
      [],
      [null],
      {},
      { a: 1 },
      10n,
      Symbol('s'),
      () => 1,
      new Date(0),
      undefined,
    ];
    const places: ((value: unknown) => unknown)[] = [
      (value) => value,
      ...[
        'runtime',
        'runtimes',
        'entrypoint',
        'requiredFiles',
        'files',
        'build',
        'limits',
        'runner',
        'stopOnFailure',
        'tests',
        'groups',
      ].map((name) => (value: unknown) => documentWith({ [name]: value })),
      ...['kind', 'name', 'points', 'visibility', 'stdin', 'args', 'run', 'expect', 'limits', 'description'].map(
        (name) => (value: unknown) => testWith({ [name]: value }),
      ),
      ...['stdout', 'stderr', 'compare', 'caseSensitive', 'floatTolerance', 'exitCode'].map(
        (name) => (value: unknown) => testWith({ expect: { [name]: value } }),
      ),
      (value) => documentWith({ files: [value] }),
      (value) => documentWith({ groups: [value] }),
      (value) => documentWith({ tests: [value] }),
    ];
    for (const place of places) {
      for (const value of values) {
        const result = parseGradingDocument(place(value), options);
        expect(result.ok || result.errors.length > 0).toBe(true);
      }
    }
  });
});
