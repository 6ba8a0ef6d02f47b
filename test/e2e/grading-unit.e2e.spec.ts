import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Classroom } from '../support/classroom.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const TESTS = `import unittest
from calc import add

class TestCalc(unittest.TestCase):
    def test_small(self):
        self.assertEqual(add(1, 2), 3)

    def test_negative(self):
        self.assertEqual(add(-5, 2), -3, "the hidden reason")
`;
const WRONG = 'def add(a, b):\n    return abs(a) + b\n';
const calls = [
  { name: 'adds', call: 'add', args: [1, 2], expect: { value: 3 } },
  { name: 'adds negative ones', call: 'add', args: [-5, 2], expect: { value: -3 } },
];

describe('tests of the kind unit', () => {
  let app: TestApp;
  let classroom: Classroom;

  beforeAll(async () => {
    app = await startTestApp();
    classroom = await Classroom.open(app);
  });
  afterAll(() => app.close());

  it('show their cases to whoever may see the test, and to nobody else', async () => {
    const assignmentId = await classroom.assign({
      runtime: 'python',
      entrypoint: 'calc.py',
      files: [{ path: 'test_calc.py', content: TESTS, hidden: true }],
      limits: { timeMs: 10_000, wallMs: 60_000 },
      tests: [
        { kind: 'unit', name: 'framework', points: 4, framework: 'unittest', visibility: 'hidden' },
        { kind: 'unit', name: 'isolated', points: 6, isolated: true, calls },
      ],
    });
    const { body } = await app.request<{ grading: object }>('GET', `/assignments/${assignmentId}`, {
      token: classroom.student.token,
    });
    expect(body.grading).toMatchObject({
      tests: [
        { name: 'framework', hidden: true },
        { tamperProof: true, calls: [{ name: 'adds' }, { name: 'adds negative ones' }] },
      ],
    });
    const { id } = await classroom.submit(assignmentId, { files: { 'calc.py': WRONG } });
    const seen = await classroom.ended(id);
    expect(seen, JSON.stringify(seen)).toMatchObject({ verdict: 'wrong_answer', score: 5, maxScore: 10 });
    expect(seen.tests).toMatchObject([
      { name: 'framework', points: 2, cases: null, message: null },
      {
        name: 'isolated',
        points: 3,
        cases: [
          { name: 'adds', verdict: 'accepted', points: 3, maxPoints: 3, message: null },
          { verdict: 'wrong_answer', points: 0, message: 'add(-5, 2): expected -3, got 7.' },
        ],
      },
    ]);
    expect(JSON.stringify(seen)).not.toContain('hidden reason');
    const { tests } = await classroom.look(id, classroom.instructor.token);
    expect(tests[0]?.cases).toMatchObject([
      { name: 'test_calc.TestCalc.test_negative', verdict: 'wrong_answer', maxPoints: 2 },
      { name: 'test_calc.TestCalc.test_small', verdict: 'accepted', points: 2 },
    ]);
    expect(tests[0]?.cases?.[0]?.message).toContain('hidden reason');
  });
});
