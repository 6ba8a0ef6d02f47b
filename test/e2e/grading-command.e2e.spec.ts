import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Classroom, type ShownSubmission } from '../support/classroom.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const RIGHT = 'def add(a, b):\n    return a + b\n';
const WRONG = 'def add(a, b):\n    return abs(a) + b\n';

/** Cases as pairs of numbers and their sum, tried in one process each, so that the student's code cannot end the harness. */
const HARNESS = String.raw`
import json, os, subprocess, sys
from xml.sax.saxutils import quoteattr

CASES = [("small", 1, 2, 3), ("zero", 0, 0, 0), ("negative", -1, 1, 0), ("large", 1000, 1, 1001)]
CALL = "import sys; sys.path.insert(0, '/box'); from main import add; print(add(int(sys.argv[1]), int(sys.argv[2])))"

def tried(a, b):
    done = subprocess.run(["/usr/bin/python3", "-I", "-B", "-c", CALL, str(a), str(b)], capture_output=True, text=True)
    return done.stdout.strip()

results = [(name, tried(a, b), str(expected)) for name, a, b, expected in CASES]
kind = sys.argv[1]
if kind == "gradescope":
    os.makedirs("results", exist_ok=True)
    tests = [{"name": n, "score": 1 if got == want else 0, "max_score": 1, "output": "got " + got} for n, got, want in results]
    tests[3]["visibility"] = "hidden"
    with open("results/results.json", "w") as out:
        json.dump({"tests": tests}, out)
    print("for staff only")
elif kind == "junit-xml":
    os.makedirs("reports", exist_ok=True)
    for n, got, want in results:
        inside = "" if got == want else "<failure message=%s/>" % quoteattr("got " + got)
        with open("reports/TEST-%s.xml" % n, "w") as out:
            out.write('<testsuite tests="1"><testcase name="%s">%s</testcase></testsuite>' % (n, inside))
elif kind == "tap":
    print("1..%d" % len(results))
    for i, (n, got, want) in enumerate(results, 1):
        print("%s %d - %s" % ("ok" if got == want else "not ok", i, n))
        if got != want:
            print("# got", got)
sys.exit(0 if all(got == want for _, got, want in results) else 1)
`;

const FILES = [{ path: 'grade.py', content: HARNESS, hidden: true }];
const command = (test: object, files: readonly object[] = FILES): object => ({
  runtime: 'python',
  files,
  limits: { timeMs: 10_000, wallMs: 40_000 },
  tests: [{ kind: 'command', name: 'custom', points: 10, run: 'python3 -I -B /grader/grade.py "$@"', ...test }],
});
const shell = (run: string, test: object = {}): object => command({ run, ...test }, []);

describe('tests of the kind command', () => {
  let app: TestApp;
  let classroom: Classroom;

  beforeAll(async () => {
    app = await startTestApp();
    classroom = await Classroom.open(app);
  });
  afterAll(() => app.close());

  const grade = (grading: object, files: Record<string, string>): Promise<ShownSubmission> =>
    classroom.grade(grading, { files });

  it.each([
    ['exit-code', {}, 0],
    ['gradescope', { args: ['gradescope'] }, 7.5],
    ['junit-xml', { args: ['junit-xml'], output: 'reports/TEST-*.xml' }, 7.5],
    ['tap', { args: ['tap'] }, 7.5],
  ])('grade by %s', async (format, test, partly) => {
    const grading = command({ args: ['none'], ...test, format });
    const right = await grade(grading, { 'main.py': RIGHT });
    expect(right, JSON.stringify(right.tests)).toMatchObject({ verdict: 'accepted', score: 10, maxScore: 10 });
    const wrong = await grade(grading, { 'main.py': WRONG });
    expect(wrong, JSON.stringify(wrong.tests)).toMatchObject({ verdict: 'wrong_answer', score: partly });
    expect(wrong.tests[0]).toMatchObject({ kind: 'command', exitCode: 1 });
    if (format === 'exit-code') return;
    expect(wrong.tests[0]?.message).toMatch(/^failed: negative/m);
    expect(wrong.tests[0]?.message).toContain('got 2');
    expect(wrong.tests[0]?.cases?.find(({ name }) => name === 'negative')).toMatchObject({
      verdict: 'wrong_answer',
      points: 0,
      maxPoints: 2.5,
    });
    // What a results.json hides, and the output of its harness, are not for students.
    const isHiding = format === 'gradescope';
    expect(wrong.tests[0]?.message?.includes('large')).toBe(!isHiding);
    expect(wrong.tests[0]?.stdout === null).toBe(isHiding);
  });

  it('do not take results that were handed in, or that the command did not write', async () => {
    const forged = JSON.stringify({ score: 10 });
    for (const run of ['true', 'exit 3']) {
      const ended = await grade(shell(run, { format: 'gradescope' }), {
        'main.py': '',
        'results/results.json': forged,
      });
      const verdict = run === 'true' ? 'wrong_answer' : 'runtime_error';
      expect(ended, JSON.stringify(ended.tests)).toMatchObject({ verdict, score: 0 });
      expect(ended.tests[0]?.message).toContain('left no results in results/results.json');
    }
  });

  it('judge what the command wrote last, not what the submission wrote before it and ended with', async () => {
    const forger = `import json, os\nos.makedirs('/box/results', exist_ok=True)
open('/box/results/results.json', 'w').write(json.dumps({'score': 10}))
try:\n    open('/box/grade.py', 'w').write('raise SystemExit(0)')\nexcept OSError:\n    pass
os._exit(0)\n`;
    const ended = await grade(command({ args: ['gradescope'], format: 'gradescope' }), { 'main.py': forger });
    expect(ended, JSON.stringify(ended.tests)).toMatchObject({ verdict: 'wrong_answer', score: 0 });
  });

  it('keep the files of the instructor where the submission cannot write', async () => {
    const run = 'echo "exit 0" > /grader/check.sh; echo "exit 0" > check.sh; sh /grader/check.sh';
    const grading = command({ run }, [{ path: 'check.sh', content: 'exit 7\n' }]);
    const ended = await grade(grading, { 'main.py': '' });
    expect(ended.tests[0]).toMatchObject({ verdict: 'wrong_answer', exitCode: 7 });
  });

  it('keep the cases of TAP that were told before the rest ran out of time', async () => {
    const run = "printf '1..4\\nok 1 - a\\nnot ok 2 - b\\nok 3 - c\\n'; python3 main.py";
    const ended = await grade(shell(run, { format: 'tap', limits: { timeMs: 400, wallMs: 5_000 } }), {
      'main.py': 'while True: pass\n',
    });
    expect(ended).toMatchObject({ verdict: 'time_limit_exceeded', score: 5 });
    expect(ended.tests[0]?.cases?.map(({ name, points }) => [name, points])).toEqual([
      ['a', 2.5],
      ['b', 0],
      ['c', 2.5],
    ]);
  });

  it('leave no descriptor of the report to the command', async () => {
    const ended = await grade(shell('test ! -e /proc/self/fd/3', { format: 'tap', output: 'x.tap' }), {
      'main.py': '',
    });
    expect(ended.tests[0]).toMatchObject({ exitCode: 0, points: 0 });
    expect(ended.tests[0]?.message).toContain('left no results in x.tap');
  });

  it('hold links, pipes, folders and endless files in the place of the results to their limits', async () => {
    const endings = await Promise.all(
      [
        'mkdir -p results/results.json',
        'mkfifo results/results.json',
        'ln -s /dev/zero results/results.json',
        'ln -s /etc/passwd results/results.json',
        'head -c 3000000 /dev/zero > results/results.json',
      ].map((run) => grade(shell(run, { format: 'gradescope' }), { 'main.py': '' })),
    );
    expect(endings.map(({ verdict, score }) => [verdict, score])).toEqual([
      ['wrong_answer', 0],
      ['wrong_answer', 0],
      ['wrong_answer', 0],
      ['wrong_answer', 0],
      ['output_limit_exceeded', 0],
    ]);
    for (const { tests } of endings) expect(JSON.stringify(tests)).not.toContain('root:');
  });

  it('pass the results of names with blanks, and take no pattern where the format has one file', async () => {
    const plan = "printf '1..1\\nok 1 - here\\n'";
    const named = await grade(shell(`${plan} > 'my results.tap'`, { format: 'tap', output: 'my results.tap' }), {
      'main.py': '',
    });
    expect(named, JSON.stringify(named.tests)).toMatchObject({ verdict: 'accepted', score: 10 });
    const pattern = await grade(shell(`${plan} > a.tap`, { format: 'tap', output: '*.tap' }), { 'main.py': '' });
    expect(pattern).toMatchObject({ verdict: 'wrong_answer', score: 0 });
  });

  it('leave nothing behind for the test that follows', async () => {
    const grading = {
      runtime: 'python',
      tests: [
        { kind: 'command', name: 'first', points: 1, run: 'echo x > left' },
        { kind: 'command', name: 'second', points: 1, run: 'test ! -e left' },
      ],
    };
    expect(await grade(grading, { 'main.py': '' })).toMatchObject({ verdict: 'accepted', score: 2 });
  });

  it('say on the assignment that they are not tamper-proof', async () => {
    const id = await classroom.assign(shell('true'));
    const { body } = await app.request<{ grading: { tests: object[] } }>('GET', `/assignments/${id}`, {
      token: classroom.student.token,
    });
    expect(body.grading.tests).toMatchObject([{ kind: 'command', tamperProof: false }]);
  });
});
