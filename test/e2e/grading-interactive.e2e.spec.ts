import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Classroom, type ShownSubmission } from '../support/classroom.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** Thinks of a number up to 100, answers guesses, and refuses after ten. Fewer guesses than seven are worth all the points. */
const GUESSING = String.raw`
import sys
secret = int(open(sys.argv[1]).read())
feedback = sys.argv[3]
def end(status, message):
    open(feedback + "judgemessage.txt", "w").write(message)
    sys.exit(status)
for turn in range(10):
    line = sys.stdin.readline()
    if not line:
        end(43, "gave up after %d guesses" % turn)
    try:
        guess = int(line)
    except ValueError:
        open(feedback + "teammessage.txt", "w").write("That is not a number.")
        end(43, "not a number")
    if guess == secret:
        open(feedback + "score_multiplier.txt", "w").write("1" if turn < 7 else "0.5")
        print("correct", flush=True)
        end(42, "needed %d guesses" % (turn + 1))
    print("higher" if guess < secret else "lower", flush=True)
end(43, "too many guesses")
`;

const RIGHT = `low, high = 1, 100
while True:
    guess = (low + high) // 2
    print(guess, flush=True)
    answer = input()
    if answer == 'correct':
        break
    if answer == 'higher':
        low = guess + 1
    else:
        high = guess - 1
`;

const grading = {
  runtime: 'python',
  limits: { timeMs: 3000, wallMs: 8000, outputKiB: 64 },
  checkers: [
    { name: 'guessing', runtime: 'python', interactive: true, files: [{ path: 'main.py', content: GUESSING }] },
  ],
  tests: [{ kind: 'program', name: 'guess', points: 4, stdin: '42\n', checker: 'guessing' }],
};

describe('interactive checkers', () => {
  let app: TestApp;
  let classroom: Classroom;

  beforeAll(async () => {
    app = await startTestApp();
    classroom = await Classroom.open(app);
  });
  afterAll(() => app.close());

  const grade = (program: string): Promise<ShownSubmission> =>
    classroom.grade(grading, { files: { 'main.py': program } });

  it('talk with a submission that is right, and show what was said', async () => {
    const ended = await grade(RIGHT);
    expect(ended, JSON.stringify(ended.tests)).toMatchObject({ verdict: 'accepted', score: 4 });
    expect(ended.tests[0]?.stdout).toBe(
      [
        '> 50',
        '< lower',
        '> 25',
        '< higher',
        '> 37',
        '< higher',
        '> 43',
        '< lower',
        '> 40',
        '< higher',
        '> 41',
        '< higher',
      ]
        .concat(['> 42', '< correct', ''])
        .join('\n'),
    );
  });

  it.each([
    ['that guesses badly', 'for i in range(20):\n    print(i, flush=True)\n    input()\n', 'wrong_answer'],
    ['that says what is no number', 'print("forty-two", flush=True)\ninput()\n', 'wrong_answer'],
    ['that ends at once', '', 'wrong_answer'],
    ['that crashes after its first guess', 'print(1, flush=True)\ninput()\n1 / 0\n', 'runtime_error'],
    ['that is right and then crashes', `${RIGHT}\nraise SystemExit(3)\n`, 'runtime_error'],
    ['that waits for the checker to begin', 'input()\n', 'time_limit_exceeded'],
    ['that computes for ever', 'print(1, flush=True)\nwhile True: pass\n', 'time_limit_exceeded'],
    ['that closes its output and waits', 'import os, time\nos.close(1)\ntime.sleep(60)\n', 'time_limit_exceeded'],
    [
      'that floods and never reads',
      'import sys\nsys.stdout.write("1" * 2000000)\nsys.stdout.flush()\n',
      'output_limit_exceeded',
    ],
    ['that closes its input before it guesses', 'import os\nos.close(0)\nprint(1, flush=True)\n', 'wrong_answer'],
  ])('judge a submission %s', async (_, program, verdict) => {
    const ended = await grade(program);
    expect(ended, JSON.stringify(ended.tests)).toMatchObject({ verdict, score: 0 });
  });
});
