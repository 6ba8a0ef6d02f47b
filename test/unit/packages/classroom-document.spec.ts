import { describe, expect, it } from 'vitest';
import { check } from '../../../src/grading/checker.js';
import type { GradingDocument, ProgramTest } from '../../../src/grading/grading-document.js';
import type { TranslatedPackage } from '../../../src/packages/translated-package.js';
import { programTests } from '../../support/program-tests.js';
import { checked, translate, warnedPlaces, warningsAt as said } from './translated.js';

type RawTest = Record<string, unknown>;

const FILE = 'autograding.json';

const read = (text: string, runtimes: readonly string[] = []): TranslatedPackage =>
  translate('github-classroom', { [FILE]: text }, { runtimes });

const load = (tests: unknown, runtimes: readonly string[] = []): TranslatedPackage =>
  read(JSON.stringify({ tests }), runtimes);

/** Of a place in the file, or, for all of its tests, of the file. */
const warningsAt = (loaded: TranslatedPackage, pointer: string): string =>
  said(loaded, pointer === '/tests' ? FILE : `${FILE}#${pointer}`);

const placesIn = (loaded: TranslatedPackage): string[] =>
  warnedPlaces(loaded).map((path) => path.replace(`${FILE}#`, '').replace(FILE, '/tests'));

const one = (test: RawTest): TranslatedPackage =>
  load([{ name: 'prints', run: 'python3 main.py', points: 1, ...test }]);

function only(document: GradingDocument): ProgramTest {
  const [test] = programTests(document);
  if (test === undefined) throw new Error('The document holds no test.');
  return test;
}

function accepts(loaded: TranslatedPackage, output: string): boolean {
  const { expect: expected } = only(checked(loaded));
  return expected.stdout === null || check(expected, expected.stdout, Buffer.from(output)).matches;
}

const step = (kind: string, inputs: string, id = kind): string => `
      - {id: ${id}, uses: classroom-resources/autograding-${kind}-grader@v1, with: {test-name: ${id}, ${inputs}}}`;
const workflow = (...steps: string[]): TranslatedPackage =>
  translate('github-classroom', {
    '.github/workflows/classroom.yml': `jobs:\n  run:\n    steps:\n      - {uses: actions/checkout@v4}${steps.join('')}\n`,
    'README.md': '# Week 1\n',
  });

describe('classroomDocument', () => {
  it('makes a program test of a command, its input and its points', () => {
    const loaded = one({ input: '1 2\n', output: '3', comparison: 'included', timeout: 1, points: 2.5 });
    expect(loaded).toMatchObject({ assignment: { title: 'Week 1' }, warnings: [] });
    const document = checked(loaded);
    expect(document.runtime).toBe('python');
    expect(document.limits).toMatchObject({ timeMs: 30_000, wallMs: 60_000 });
    expect(only(document)).toMatchObject({
      name: 'prints',
      run: 'python3 main.py',
      stdin: '1 2\n',
      points: 2.5,
      visibility: 'visible',
      expect: { stdout: '3', compare: 'contains', exitCode: null },
    });
  });

  it('looks at the exit status alone where there is neither input nor output', () => {
    expect(only(checked(one({ input: '', output: '', comparison: 'exact' }))).expect.stdout).toBeNull();
  });

  it('takes null and missing points for none, and says when there are none at all', () => {
    const loaded = load([
      { name: 'a', run: 'true', points: null },
      { name: 'b', run: 'true' },
    ]);
    expect(checked(loaded).tests.map((test) => test.points)).toEqual([0, 0]);
    expect(warningsAt(loaded, '/tests')).toContain('no test gives points');
  });

  it('gives nothing for points that are no number, and rounds those with too many decimals', () => {
    const loaded = load([
      { name: 'a', run: 'true', points: 'many' },
      { name: 'b', run: 'true', points: 1 / 3 },
      { name: 'c', run: 'true', points: -1 },
    ]);
    expect(checked(loaded).tests.map((test) => test.points)).toEqual([0, 0.333, 0]);
    expect(placesIn(loaded)).toEqual(expect.arrayContaining(['/tests/0/points', '/tests/1/points', '/tests/2/points']));
  });

  describe('comparison', () => {
    it('looks for included text without caring for CRLF or white space at its ends', () => {
      const loaded = one({ output: '  a\r\nb \r\n' });
      expect(accepts(loaded, 'x a\nb y\n')).toBe(true);
      expect(accepts(loaded, 'a b')).toBe(false);
    });

    it('takes a comparison that it does not know for included, as GitHub does', () => {
      const loaded = one({ output: 'a', comparison: 'equals' });
      expect(accepts(loaded, 'bab')).toBe(true);
      expect(placesIn(loaded)).toEqual(['/tests/0/comparison']);
    });

    it('compares exact text as trimmed lines, and says where that differs from GitHub', () => {
      const loaded = one({ output: 'a\r\n b\r\n', comparison: 'exact' });
      expect(only(checked(loaded)).expect).toMatchObject({ stdout: 'a\n b', compare: 'trimmed' });
      expect(accepts(loaded, 'a\n b\n\n')).toBe(true);
      expect(accepts(loaded, 'a\nb')).toBe(false);
      expect(warningsAt(loaded, '/tests/0/comparison')).toContain('white space at the start of the output counts');
    });

    it('takes exact text that begins with white space with and without it', () => {
      const loaded = one({ output: '\r\n  | a+b |\r\n  ====', comparison: 'exact' });
      expect(loaded.warnings).toEqual([]);
      expect(accepts(loaded, '\n  | a+b |\n  ====\n')).toBe(true);
      expect(accepts(loaded, '| a+b |\n  ====')).toBe(true);
      expect(accepts(loaded, '| a+b |\n====')).toBe(false);
      expect(accepts(loaded, '| aab |\n  ====')).toBe(false);
    });

    it('falls back to words where such a text is too long for a pattern', () => {
      const loaded = one({ output: `\n${'word '.repeat(300)}`, comparison: 'exact' });
      expect(only(checked(loaded)).expect).toMatchObject({ compare: 'tokens', caseSensitive: true });
      expect(placesIn(loaded)).toEqual(['/tests/0/comparison']);
    });

    it('expects no output for an exact empty text', () => {
      const loaded = one({ input: 'x', output: '', comparison: 'exact' });
      expect(accepts(loaded, ' \n')).toBe(true);
      expect(accepts(loaded, 'x')).toBe(false);
    });

    it('keeps a pattern, and leaves a test out whose pattern only a backtracking engine takes', () => {
      const loaded = load([
        { name: 'a', run: 'true', points: 1, output: '[0-9]+\\s*$', comparison: 'regex' },
        { name: 'b', run: 'true', points: 1, output: '(?=x)y', comparison: 'regex' },
      ]);
      const document = checked(loaded);
      expect(document.tests.map((test) => test.name)).toEqual(['a']);
      expect(accepts(loaded, 'sum: 12\n')).toBe(true);
      expect(warningsAt(loaded, '/tests/1/output')).toContain('the test is left out');
    });

    it('keeps a bare carriage return, and warns that hardly a program prints one', () => {
      const loaded = one({ output: 'a\rb\r' });
      expect(accepts(loaded, 'a\nb\n')).toBe(false);
      expect(accepts(loaded, 'a\rb')).toBe(true);
      expect(warningsAt(loaded, '/tests/0/output')).toContain('carriage returns');
    });
  });

  describe('limits', () => {
    it('counts minutes, one where none is said, and keeps them within what a server allows', () => {
      const loaded = load([
        { name: 'a', run: 'true', points: 1, timeout: 0.5 },
        { name: 'b', run: 'true', points: 1, timeout: 0 },
        { name: 'c', run: 'true', points: 1, timeout: 10 },
      ]);
      expect(checked(loaded).tests.map((test) => test.limits.wallMs)).toEqual([30_000, 60_000, 120_000]);
      expect(warningsAt(loaded, '/tests/2/timeout')).toContain('120000');
    });

    it('says that it does not know a key, such as a timeout of another name', () => {
      const loaded = one({ 'timeout-minutes': 5 });
      expect(placesIn(loaded)).toEqual(['/tests/0/timeout-minutes']);
      expect(checked(loaded).limits.wallMs).toBe(60_000);
    });
  });

  describe('names', () => {
    it('decodes HTML entities, also those that were encoded twice', () => {
      expect(only(checked(one({ name: 'n&#38;&#35;250&#59;meros &lt;3' }))).name).toBe('números <3');
    });

    it('makes names unique, one line and short', () => {
      const named = ['a\n b', 'a b', '', 'x'.repeat(300)].map((name) => ({ name, run: 'true', points: 1 }));
      const loaded = load(named, ['bash']);
      const names = checked(loaded).tests.map((test) => test.name);
      expect(names.slice(0, 3)).toEqual(['a b', 'a b (2)', 'test']);
      expect(names[3]?.length).toBeLessThanOrEqual(200);
      expect(placesIn(loaded)).toEqual(['/tests/1/name', '/tests/3/name']);
    });
  });

  describe('commands', () => {
    it('runs setup in a shell of its own, apart from input and output', () => {
      const { run } = only(checked(one({ setup: 'chmod +x a.sh # once', run: './a.sh', output: 'a' })));
      expect(run).toBe('(\nchmod +x a.sh # once\n) < /dev/null >&2 || exit 1\n./a.sh');
    });

    it('leaves a setup out that only installs programs', () => {
      const loaded = one({ setup: 'sudo -H pip3 install pytest && sudo apt-get install -y make', run: 'pytest' });
      expect(only(checked(loaded)).run).toBe('pytest');
      expect(warningsAt(loaded, '/tests/0/setup')).toContain('only installs programs');
      expect(warningsAt(loaded, '/tests/0/run')).toContain('test framework');
    });

    it.each([
      ['sudo ./grade.sh', 'sudo'],
      ['git log --oneline', 'without a repository'],
      ['npm install left-pad && node main.js', 'no network'],
      ['cargo test', 'no runtime of Assay'],
    ])('warns of what %s needs', (run, reason) => {
      expect(warningsAt(one({ run }), '/tests/0/run')).toContain(reason);
    });

    it('gives python where there is only python3', () => {
      expect(only(checked(one({ run: 'python main.py' }))).run).toContain('python3 "$@"');
    });

    it('compiles before all tests what one test compiles for the others', () => {
      const loaded = load([
        { name: 'compile', run: 'cd src && gcc -o ../a a.c', points: 1 },
        { name: 'run', run: './a', output: '1', points: 1 },
      ]);
      const document = checked(loaded);
      expect(document.runtime).toBe('c');
      expect(document.build?.run).toBe('(\ncd src && gcc -o ../a a.c\n) || true');
      expect(programTests(document).map((test) => test.run)).toEqual(['cd src && gcc -o ../a a.c', './a']);
      expect(warningsAt(loaded, '/tests/0/run')).toContain('in the build as well');
    });

    it('compiles nothing by itself, not even for a runtime that would', () => {
      const loaded = load([{ name: 'a', run: 'gcc -o a a.c && ./a', points: 1 }]);
      expect(checked(loaded).build?.run).toBe('true');
      expect(loaded.warnings).toEqual([]);
    });

    it.each([
      ['javac A.java && java A', 'java'],
      ['g++ a.cpp && ./a.out', 'cpp'],
      ['gcc a.c && ./a.out', 'c'],
      ['pytest', 'python'],
      ['npm test', 'node'],
      ['./run.sh', 'bash'],
    ])('guesses from %s the runtime %s', (run, runtime) => {
      expect(checked(one({ run })).runtime).toBe(runtime);
    });

    it('takes the runtimes that it is given', () => {
      const loaded = load([{ name: 'a', run: './a', points: 1 }], ['node', 'python']);
      expect(checked(loaded)).toMatchObject({ runtime: null, runtimes: ['node', 'python'] });
    });
  });

  describe('files that cannot be used', () => {
    it('says of what is not JSON how it begins and where a right one is', () => {
      expect(() => read('int main(void) {}\n')).toThrow(/is not JSON, it begins with "int main.*template/);
    });

    it.each(['null', '[]', '{}', '{"tests": []}', '{"tests": "x"}'])('refuses %s', (text) => {
      expect(() => read(text)).toThrow(/no list `tests`/);
    });

    it('names why none of the tests can be used', () => {
      expect(() => load([{ name: 'a' }, 'b'])).toThrow(/#\/tests\/0: has no command/);
    });
  });

  describe('a workflow', () => {
    it('becomes a test for each step that grades', () => {
      const loaded = workflow(
        step('command', 'command: python3 -m compileall ., timeout: 1, max-score: 2'),
        step(
          'io',
          'command: python3 main.py, input: "1 2", expected-output: "3", comparison-method: included, max-score: 3, timeout: 1',
        ),
        `\n      - {uses: classroom-resources/autograding-grading-reporter@v1, with: {runners: "command,io"}}`,
      );
      expect(loaded.warnings).toEqual([]);
      expect(loaded.assignment['instructions']).toBe('# Week 1\n');
      const document = checked(loaded);
      expect(
        programTests(document).map(({ name, points, stdin, expect: { stdout, compare } }) => [
          name,
          points,
          stdin,
          stdout,
          compare,
        ]),
      ).toEqual([
        ['command', 2, '', null, 'trimmed'],
        ['io', 3, '1 2', '3', 'contains'],
      ]);
      expect(document.limits.wallMs).toBe(60_000);
    });

    it('says what is left out, or counts otherwise', () => {
      const loaded = workflow(
        '\n      - {run: pip install left-pad}',
        '\n      - {uses: somebody/something@v1}',
        step('python', 'max-score: 4.5, timeout: soon', 'pytest'),
        step('command', 'command: "true", retries: 2', 'extra'),
        `\n      - {uses: classroom-resources/autograding-grading-reporter@v1, with: {runners: pytest}}`,
      );
      const at = '.github/workflows/classroom.yml#/jobs/run/steps';
      expect(said(loaded, `${at}/1/run`)).toContain('left out');
      expect(said(loaded, `${at}/2/uses`)).toContain('somebody/something@v1');
      expect(said(loaded, `${at}/3`)).toContain('share of the points');
      expect(said(loaded, `${at}/3/with/max-score`)).toContain('cut to 4');
      expect(said(loaded, `${at}/3/with/timeout`)).toContain('no number of minutes');
      expect(said(loaded, `${at}/4/with/retries`)).toContain('not known');
      expect(said(loaded, `${at}/4`)).toContain('does not name extra');
    });

    it('is refused where nothing in it grades', () => {
      expect(() => workflow()).toThrow(/no step that grades/);
    });
  });
});
