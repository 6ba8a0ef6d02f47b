import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Classroom, type ShownSubmission } from '../support/classroom.js';
import { documentedBlock, documentedDocument } from '../support/documented.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const PAGE = 'grading-mutation.md';

const CALC = `def clamp(value, low, high):
    """Hold a value between two bounds."""
    if value < low:
        return low
    if value > high:
        return high
    return value
`;
const CALC_JS = `exports.clamp = (value, low, high) => {
  if (value < low) {
    return low;
  }
  return value > high ? high : value;
};
`;
/** What `value <= low` and `value >= high` give cannot be told from the reference. */
const CASES = [
  [1, 2, 4, 2],
  [3, 2, 4, 3],
  [5, 2, 4, 4],
] as const;
const PYTEST = ['from calc import clamp', '']
  .concat(CASES.map(([a, b, c, d], i) => `\ndef test_${i}():\n    assert clamp(${a}, ${b}, ${c}) == ${d}\n`))
  .join('\n');
const WEAK = 'from calc import clamp\n\n\ndef test_inside():\n    assert clamp(3, 2, 4) == 3\n';

const pytest = (test: object = {}, reference: object = {}): object => ({
  runtime: 'python',
  files: [{ path: 'calc.py', content: CALC, hidden: true, ...reference }],
  tests: [
    {
      kind: 'mutation',
      name: 'suite',
      points: 10,
      framework: 'pytest',
      reference: ['calc.py'],
      // None of these changes what the function does.
      exclude: ['calc.py:3:compare-1', 'calc.py:5:compare-1'],
      generate: { max: 6 },
      ...test,
    },
  ],
});

const messageOf = ({ tests }: ShownSubmission): string => tests[0]?.message ?? '';
const told = ({ verdict, score, tests }: ShownSubmission): string => JSON.stringify({ verdict, score, tests });

describe('tests of the kind mutation', () => {
  let app: TestApp;
  let classroom: Classroom;

  beforeAll(async () => {
    app = await startTestApp();
    classroom = await Classroom.open(app);
  });
  afterAll(() => app.close());

  const grade = (grading: object, files: Record<string, string>): Promise<ShownSubmission> =>
    classroom.grade(grading, { files });

  it('give points for the share of mutants that a suite finds, and tell staff of each', async () => {
    const strong = await grade(pytest(), { 'test_calc.py': PYTEST });
    expect(strong, told(strong)).toMatchObject({ verdict: 'accepted', score: 10 });
    const weak = await grade(pytest(), { 'tests/test_calc.py': WEAK });
    expect(weak, told(weak)).toMatchObject({ verdict: 'wrong_answer' });
    expect(weak.score).toBeGreaterThan(0);
    expect(weak.score).toBeLessThan(10);
    expect(messageOf(weak)).toMatch(/^The tests find \d+ of \d+ mutants of the reference solution\.$/);
    expect(weak.tests[0]).toMatchObject({ cases: null, stdout: null, stderr: null });
    const seen = await classroom.look(weak.id, classroom.instructor.token);
    const cases = seen.tests[0]?.cases ?? [];
    expect(cases.map(({ name }) => name)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^calc\.py:\d:[a-z]+-\d$/)]),
    );
    expect(cases.find(({ verdict }) => verdict === 'wrong_answer')?.message).toMatch(/→[^]*^- [^]*^\+ /m);
    expect(cases.reduce((total, { points }) => total + points, 0)).toBeCloseTo(weak.score ?? 0);
  });

  it('show students of the mutants what the test allows, and never the mutants in the document', async () => {
    const generate = null;
    const mutants = [
      { id: 'low', description: 'ignores low', replace: [{ path: 'calc.py', find: '< low', with: '< -9' }] },
    ];
    const names = await grade(pytest({ mutants, generate, show: 'names' }), { 'test_calc.py': WEAK });
    expect(names, told(names)).toMatchObject({ verdict: 'wrong_answer', score: 0 });
    expect(messageOf(names)).toContain('not found: low');
    expect(names.tests[0]?.cases).toEqual([
      { name: 'low', verdict: 'wrong_answer', points: 0, maxPoints: 10, message: null },
    ]);
    const assignment = await app.request<{ grading: { tests: { mutants: unknown }[] } }>(
      'GET',
      `/assignments/${names.assignmentId}`,
      { token: classroom.student.token },
    );
    expect(JSON.stringify(assignment.body)).not.toContain('ignores low');
    const diffs = await grade(pytest({ mutants, generate, show: 'diffs' }), { 'test_calc.py': WEAK });
    expect(messageOf(diffs)).toContain('not found: low: ignores low\n    calc.py:3\n    -     if value < low:');
    expect(await grade(pytest({ mutants, generate, show: 'none' }), { 'test_calc.py': WEAK })).toMatchObject({
      tests: [{ message: null, cases: null }],
    });
  });

  it('give nothing to a suite that does not pass the reference, has no tests, or is not there', async () => {
    const failing = await grade(pytest(), { 'test_calc.py': 'def test_no():\n    assert False\n' });
    expect(failing, told(failing)).toMatchObject({ verdict: 'wrong_answer', score: 0 });
    expect(messageOf(failing)).toContain('do not pass the reference solution');
    const few = await grade(pytest({ minTests: 2 }), { 'test_calc.py': WEAK });
    expect(few, told(few)).toMatchObject({ verdict: 'wrong_answer', score: 0 });
    const own = await grade(pytest(), { 'calc.py': 'def clamp(*a):\n    return 3\n', 'test_calc.py': WEAK });
    expect(own.tests[0]?.exitCode, told(own)).toBe(0);
    const none = await grade(pytest(), { 'main.py': WEAK });
    expect(messageOf(none)).toMatch(/^There are no tests/);
    const endless = await grade(pytest({ limits: { timeMs: 1_000 } }), {
      'test_calc.py': 'def test_a():\n    while True:\n        pass\n',
    });
    expect(endless, told(endless)).toMatchObject({ verdict: 'time_limit_exceeded', score: 0 });
  });

  const digest = createHash('sha256').update(CALC).digest('hex');
  const prelude = 'import ast, hashlib, os, random, time\nfrom calc import clamp\n\n\ndef test_a():\n';
  it.each(
    Object.entries({
      hash: `    text = open('calc.py').read()\n    assert hashlib.sha256(text.encode()).hexdigest() == 'DIGEST'\n`,
      tree: `    assert ast.dump(ast.parse(open('calc.py').read())) == ast.dump(ast.parse(${JSON.stringify(CALC)}))\n`,
      code: `    assert len(open('calc.py').read().split()) == ${CALC.split(/\s+/).length - 1}\n`,
      time: `    assert time.time() - os.stat(__file__).st_mtime < 1\n`,
      chance: `    assert random.SystemRandom().random() < 0.05\n`,
    }),
  )('do not pay for a trick with %s', async (_, trick) => {
    const handed = { 'test_calc.py': prelude + trick.replace('DIGEST', digest) };
    const ended = await grade(pytest({ generate: { max: 2 } }), handed);
    expect(ended, told(ended)).toMatchObject({ verdict: 'wrong_answer', score: 0 });
  });

  it('show what a suite prints on a reference that students know, and nothing of a hidden one', async () => {
    const leak = `${WEAK}    print(open('calc.py').read())\n    raise SystemExit\n`;
    const hidden = await grade(pytest({ generate: { max: 1 } }), { 'test_calc.py': leak });
    expect(JSON.stringify(hidden)).not.toContain('Hold a value');
    const known = await grade(pytest({ generate: { max: 1 } }, { hidden: false }), { 'test_calc.py': leak });
    expect(known.tests[0]?.stdout).toContain('Hold a value');
  });

  it('find mutants by never ending', async () => {
    const content = 'def down(n):\n    while n > 0:\n        n -= 1\n    return n\n';
    const mutants = [{ id: 'up', replace: [{ path: 'calc.py', find: '-= 1', with: '+= 1' }] }];
    const suite = 'from calc import down\n\n\ndef test_down():\n    assert down(3) == 0\n';
    const ended = await grade(pytest({ mutants, exclude: [], generate: null }, { content }), { 'test_calc.py': suite });
    expect(ended, told(ended)).toMatchObject({ verdict: 'accepted', score: 10 });
  });

  const JAVASCRIPT = CASES.map(
    ([a, b, c, d], i) => `('case ${i}', () => assert.equal(clamp(${a}, ${b}, ${c}), ${d}));`,
  );
  const node = (word: string, head = ''): string =>
    [`${head}const assert = require('node:assert');\nconst { clamp } = require('./calc.js');`]
      .concat(JAVASCRIPT.map((line) => word + line))
      .join('\n');
  const MODULE = `import assert from 'node:assert';\nimport { test } from 'vitest';\nimport { clamp } from './calc.js';\n`;

  it.each([
    ['unittest', 'python', { 'test_calc.py': '' }],
    ['node-test', 'node', { 'calc.test.js': node('test', "const { test } = require('node:test');\n") }],
    ['mocha', 'node', { 'calc.test.js': node('it') }],
    ['jest', 'node', { 'calc.test.js': node('test') }],
    ['vitest', 'node', { 'calc.test.mjs': MODULE + JAVASCRIPT.map((line) => `test${line}`).join('\n') }],
  ])('run suites of %s', async (framework, runtime, files) => {
    const unittest = ['import unittest', 'from calc import clamp', '', 'class Calc(unittest.TestCase):']
      .concat(
        CASES.map(([a, b, c, d], i) => `    def test_${i}(self): self.assertEqual(clamp(${a}, ${b}, ${c}), ${d})`),
      )
      .join('\n');
    const isPython = runtime === 'python';
    const path = isPython ? 'calc.py' : 'calc.js';
    const grading = {
      runtime,
      files: [{ path, content: isPython ? CALC : CALC_JS }],
      tests: [
        {
          kind: 'mutation',
          name: 'suite',
          points: 10,
          framework,
          reference: [path],
          generate: { max: 4 },
          minTests: 3,
        },
      ],
    };
    const handed = isPython ? { 'test_calc.py': unittest } : files;
    const ended = await grade(grading, handed);
    expect(ended.tests[0]?.exitCode, told(ended)).toBe(0);
    expect(messageOf(ended)).toMatch(/^The tests find [2-4] of 4 mutants/);
    const empty = await grade(grading, Object.fromEntries(Object.keys(handed).map((name) => [name, ''])));
    expect(empty, told(empty)).toMatchObject({ score: 0 });
  });

  it('do what their documentation says', async () => {
    const files = { 'test_discount.py': documentedBlock(PAGE, 'python', 1) };
    const example = await grade(documentedDocument(PAGE), files);
    expect(example, told(example)).toMatchObject({ verdict: 'wrong_answer' });
    expect(messageOf(example)).toBe(documentedBlock(PAGE, 'text').trimEnd());
  });
});
