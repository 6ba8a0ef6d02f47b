import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Classroom, type ShownSubmission } from '../support/classroom.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** The task: print the numbers of the input in any order. The share of those that came is the score. */
const ANY_ORDER = String.raw`
import sys, os
given, answer, feedback = sys.argv[1:4]
assert feedback.endswith("/")
wanted = sorted(open(given).read().split())
assert open(answer).read() == "SECRET ANSWER\n"
output = sys.stdin.buffer.read()
printed = sorted(output.decode("latin-1").split())
found = sum(1 for word in wanted if word in printed)
with open(feedback + "judgemessage.txt", "w") as out:
    out.write("%d of %d, %d bytes, flags %s" % (found, len(wanted), len(output), sys.argv[4:]))
if len(printed) != len(wanted) or found == 0:
    with open(feedback + "teammessage.txt", "w") as out:
        out.write("So many words: %d" % len(printed))
    sys.exit(43)
if found < len(wanted):
    with open(feedback + "score_multiplier.txt", "w") as out:
        out.write("%f\n" % (found / len(wanted)))
sys.exit(42)
`;

/** The task: print a divisor of the number in the input that is neither 1 nor the number. */
const DIVISOR = String.raw`
#include <fstream>
#include <iostream>
#include <string>
int main(int argc, char** argv) {
  if (argc < 4) return 1;
  long long number = 0, divisor = 0;
  std::ifstream(argv[1]) >> number;
  std::string rest;
  if (!(std::cin >> divisor) || std::cin >> rest || divisor <= 1 || divisor >= number || number % divisor != 0) return 43;
  if (divisor * divisor > number) std::ofstream(std::string(argv[3]) + "score.txt") << 1.5;
  return 42;
}
`;

const checkers = [
  { name: 'any order', runtime: 'python', files: [{ path: 'main.py', content: ANY_ORDER }] },
  { name: 'divisor', runtime: 'cpp', files: [{ path: 'divisor.cpp', content: DIVISOR }], limits: { timeMs: 5000 } },
];

const document = (...tests: readonly object[]) => ({
  runtime: 'python',
  limits: { timeMs: 5000, wallMs: 30_000 },
  checkers,
  tests,
});
const words = {
  kind: 'program',
  name: 'words',
  points: 3,
  stdin: '3 1 2\n',
  checker: 'any order',
  checkerArgs: ['--flag'],
  expect: { stdout: 'SECRET ANSWER\n' },
};
const divides = { kind: 'program', name: 'divides', points: 4, stdin: '91\n', checker: 'divisor' };

describe('checkers of the instructor', () => {
  let app: TestApp;
  let classroom: Classroom;

  beforeAll(async () => {
    app = await startTestApp();
    classroom = await Classroom.open(app);
  });
  afterAll(() => app.close());

  const grade = (grading: object, program: string): Promise<ShownSubmission> =>
    classroom.grade(grading, { files: { 'main.py': program } });

  it('judge in Python and C++, give parts of the points, and speak to staff and student', async () => {
    const right = await grade(document(words, divides), 'n = input()\nprint(7 if n == "91" else "1\\n2 3")\n');
    expect(right, JSON.stringify(right.tests)).toMatchObject({ verdict: 'accepted', score: 7 });
    expect(right.tests[0]).toMatchObject({ message: null });

    const partly = await grade(document(words, divides), 'n = input()\nprint(13 if n == "91" else "1 2 7")\n');
    expect(partly, JSON.stringify(partly.tests)).toMatchObject({ verdict: 'accepted', score: 3.5 });
    expect(partly.tests.map(({ points }) => points)).toEqual([2, 1.5]);

    const wrong = await grade(document(words, divides), 'print("9")\n');
    expect(wrong, JSON.stringify(wrong.tests)).toMatchObject({ verdict: 'wrong_answer', score: 0 });
    expect(wrong.tests[0]).toMatchObject({ message: 'So many words: 1' });
    expect(wrong.tests[1]?.message).toContain('found the output wrong');
    expect(JSON.stringify(wrong)).not.toContain('of 3, 2 bytes');
  });

  it('read every byte of hostile output as it is', async () => {
    const hostile = 'import sys\nsys.stdout.buffer.write(b"1\\n2\\x00\\xff\\xfe 3" + b" " * 900000 + b"\\n")\n';
    const ended = await grade(document(words), hostile);
    expect(ended, JSON.stringify(ended.tests)).toMatchObject({ verdict: 'accepted', score: 2 });
    const silent = await grade(document(words), '');
    expect(silent.tests[0]).toMatchObject({ verdict: 'wrong_answer', message: 'So many words: 0' });
  });

  it('are asked only about programs that ended as they should', async () => {
    const ended = await grade(document(words), 'print("1 2 3")\nraise SystemExit(3)\n');
    expect(ended.tests[0]).toMatchObject({ verdict: 'runtime_error', points: 0 });
  });

  it('never meet the submission: it finds neither checker nor answer', async () => {
    const spy = `import os
for folder in ('/box', '/grader', '/tmp', '/proc/self/cwd'):
    for path, folders, files in os.walk(folder):
        for name in files:
            try:
                text = open(os.path.join(path, name), errors='replace').read(100000)
            except OSError:
                continue
            if 'SECRET' in text.replace("'SECRET'", '') or 'judgemessage' in text.replace("'judgemessage'", ''):
                print('found', path, name)
print(sorted(os.listdir('/box')))
`;
    const ended = await grade(document(words), spy);
    expect(ended.tests[0]?.stdout).toBe("['main.py']\n");
  });

  it('are shown to nobody but staff', async () => {
    const id = await classroom.assign(document(words));
    const { body } = await app.request<{ grading: { checkers: object[] } }>('GET', `/assignments/${id}`, {
      token: classroom.student.token,
    });
    expect(body.grading.checkers).toEqual([]);
    expect(JSON.stringify(body)).not.toContain('judgemessage');
  });
});

const test = (name: string) => ({
  kind: 'program',
  name,
  points: 1,
  args: [name],
  expect: { stdout: 'ok' },
});

const failing = (...names: readonly string[]) =>
  `import sys\nprint('no' if sys.argv[1] in ${JSON.stringify(names)} else 'ok')\n`;

describe('nested groups', () => {
  let app: TestApp;
  let classroom: Classroom;

  beforeAll(async () => {
    app = await startTestApp();
    classroom = await Classroom.open(app);
  });
  afterAll(() => app.close());

  const grading = {
    runtime: 'python',
    tests: ['sample', 'a1', 'a2', 'a3', 'b1', 'b2'].map(test),
    groups: [
      { name: 'all', points: 100, scoring: 'sum', groups: ['easy', 'hard'], acceptIfAny: true },
      { name: 'samples', points: 0, scoring: 'all', tests: ['sample'], counts: false },
      { name: 'easy', points: 30, scoring: 'all', tests: ['a1', 'a2', 'a3'], onReject: 'break' },
      { name: 'hard', points: 70, scoring: 'min', tests: ['b1', 'b2'], onReject: 'break' },
    ],
  };
  it('skip what is left of a group, add up by their own rules, and find the verdict', async () => {
    const ended = await classroom.grade(grading, { files: { 'main.py': failing('sample', 'a2') } });
    expect(ended.tests.map(({ verdict }) => verdict)).toEqual([
      'wrong_answer',
      'accepted',
      'wrong_answer',
      'skipped',
      'accepted',
      'accepted',
    ]);
    expect(ended, JSON.stringify(ended.tests)).toMatchObject({ verdict: 'accepted', score: 70, maxScore: 100 });
    const worse = await classroom.grade(grading, { files: { 'main.py': failing('a1', 'b2') } });
    expect(worse).toMatchObject({ verdict: 'wrong_answer', score: 0 });
    expect(worse.tests[2]?.message).toBe('Not run, because something before it in the group "easy" was not passed.');
  });
});
