import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectRuntimes } from '../../src/sandbox/runtimes.js';
import { Classroom } from '../support/classroom.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let classroom: Classroom;

beforeAll(async () => {
  app = await startTestApp();
  classroom = await Classroom.open(app);
});
afterAll(() => app.close());

const sumTest = { kind: 'program', name: 'adds', points: 2, stdin: '1 2\n', expect: { stdout: '3\n' } };

/** The same program in every language that a machine may have. */
const SUMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  python: { 'main.py': 'print(sum(int(word) for word in input().split()))\n' },
  node: {
    'main.js':
      "const text = require('node:fs').readFileSync(0, 'utf8');\nconsole.log(text.trim().split(/\\s+/).reduce((sum, word) => sum + Number(word), 0));\n",
  },
  bash: { 'main.sh': 'read a b\necho $((a + b))\n' },
  c: {
    'main.c':
      '#include <stdio.h>\nint main(void) { int a, b; if (scanf("%d %d", &a, &b) != 2) return 1; printf("%d\\n", a + b); }\n',
  },
  cpp: {
    'main.cpp': '#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b << "\\n"; }\n',
  },
  java: {
    'Main.java':
      'import java.util.Scanner;\npublic class Main { public static void main(String[] a) { Scanner s = new Scanner(System.in); System.out.println(s.nextInt() + s.nextInt()); } }\n',
  },
};

describe('a right program', () => {
  it.for(Object.entries(SUMS))('is accepted in %s', async ([runtime, files]) => {
    const found = (await detectRuntimes()).find(({ key }) => key === runtime);
    const grading = {
      runtime,
      limits: { timeMs: 5_000, wallMs: 20_000, memoryMiB: 512 },
      tests: [sumTest],
    };
    const submission = await classroom.submit(await classroom.assign(grading), { files });
    if (found?.available !== true) {
      // This machine cannot grade it: that is Assay's fault, and costs no attempt.
      expect(found?.reason).toEqual(expect.any(String));
      return;
    }
    const ended = await classroom.ended(submission.id);
    expect(ended, JSON.stringify(ended)).toMatchObject({
      status: 'graded',
      verdict: 'accepted',
      score: 2,
      maxScore: 2,
    });
    const [test] = ended.tests;
    expect(test).toMatchObject({
      name: 'adds',
      verdict: 'accepted',
      points: 2,
      exitCode: 0,
      stdout: '3\n',
      hidden: false,
    });
    expect(test?.timeMs).toBeGreaterThanOrEqual(0);
    expect(test?.memoryKiB).toBeGreaterThan(0);
  });
});

describe('a submission', () => {
  it('passes through queued and running, each with its time', async () => {
    const assignmentId = await classroom.assign({ runtime: 'python', tests: [sumTest] });
    const accepted = await classroom.submit(assignmentId, { files: SUMS['python'] ?? {} });
    expect(accepted).toMatchObject({ status: 'queued', verdict: null, score: null, startedAt: null, gradedAt: null });
    const ended = await classroom.ended(accepted.id);
    const times = [ended.submittedAt, ended.startedAt, ended.gradedAt].map((time) => Date.parse(time ?? ''));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(times.every((time) => Number.isFinite(time))).toBe(true);
  });

  it('gets part of the score for part of the tests, and the verdict of the first that failed', async () => {
    const ended = await classroom.grade(
      {
        runtime: 'python',
        tests: [
          sumTest,
          { ...sumTest, name: 'subtracts', points: 3, stdin: '5 -2\n', expect: { stdout: '99' } },
          { ...sumTest, name: 'crashes', points: 1.5, stdin: 'x\n' },
          { ...sumTest, name: 'adds more', points: 0.125, stdin: '2 1\n' },
        ],
      },
      { files: SUMS['python'] ?? {} },
    );
    expect(ended).toMatchObject({ status: 'graded', verdict: 'wrong_answer', score: 2.125, maxScore: 6.625 });
    expect(ended.tests.map(({ verdict, points }) => [verdict, points])).toEqual([
      ['accepted', 2],
      ['wrong_answer', 0],
      ['runtime_error', 0],
      ['accepted', 0.125],
    ]);
    expect(ended.tests[1]).toMatchObject({ expected: '99', stdout: '3\n' });
    expect(ended.tests[2]?.stderr).toContain('ValueError');
  });

  it('skips the rest after the first failure where the document says so', async () => {
    const ended = await classroom.grade(
      {
        runtime: 'python',
        stopOnFailure: true,
        tests: [{ ...sumTest, name: 'fails', expect: { stdout: '4' } }, sumTest],
      },
      { files: SUMS['python'] ?? {} },
    );
    expect(ended).toMatchObject({ verdict: 'wrong_answer', score: 0 });
    expect(ended.tests.map(({ verdict }) => verdict)).toEqual(['wrong_answer', 'skipped']);
  });

  it('keeps hidden tests to name and verdict, and secret ones to the score', async () => {
    const grading = {
      runtime: 'python',
      tests: [
        { ...sumTest, visibility: 'visible' },
        {
          ...sumTest,
          name: 'hidden one',
          visibility: 'hidden',
          stdin: '40 2\n',
          expect: { stdout: 'the hidden answer' },
        },
        { ...sumTest, name: 'secret one', visibility: 'secret', stdin: '1 1\n', expect: { stdout: '2' } },
      ],
    };
    const ended = await classroom.grade(grading, { files: SUMS['python'] ?? {} });
    expect(ended).toMatchObject({ verdict: 'wrong_answer', score: 4, maxScore: 6 });
    expect(ended.tests.map(({ name }) => name)).toEqual(['adds', 'hidden one']);
    expect(ended.tests[1]).toMatchObject({
      verdict: 'wrong_answer',
      points: 0,
      hidden: true,
      message: null,
      stdout: null,
      stderr: null,
      expected: null,
      cases: null,
      timeMs: null,
    });
    expect(JSON.stringify(ended)).not.toContain('the hidden answer');
    const seenByStaff = await classroom.look(ended.id, classroom.instructor.token);
    expect(seenByStaff.tests.map(({ name }) => name)).toEqual(['adds', 'hidden one', 'secret one']);
    expect(seenByStaff.tests[1]).toMatchObject({ expected: 'the hidden answer', stdout: '42\n' });
  });

  it('that does not compile skips every test', async () => {
    const ended = await classroom.grade(
      { runtime: 'c', tests: [sumTest, { ...sumTest, name: 'again' }] },
      { files: { 'main.c': 'int main( {' } },
    );
    expect(ended).toMatchObject({ status: 'graded', verdict: 'compile_error', score: 0, maxScore: 4 });
    expect(ended.tests.map(({ verdict }) => verdict)).toEqual(['skipped', 'skipped']);
  });

  it("is built once, over the instructor's files, which no build can replace", async () => {
    const ended = await classroom.grade(
      {
        runtime: 'bash',
        build: { run: 'sh build.sh' },
        files: [
          { path: 'data.txt', content: 'right\n' },
          { path: 'secret.txt', content: 'kept\n', hidden: true },
        ],
        tests: ['one', 'two'].map((name) => ({
          kind: 'program',
          name,
          points: 1,
          run: 'cat built.txt data.txt secret.txt; echo more >> built.txt',
          expect: { stdout: 'built\nright\nkept\n' },
        })),
      },
      { files: { 'build.sh': 'echo built >> built.txt; echo forged > data.txt', 'data.txt': 'mine\n' } },
    );
    expect(ended, JSON.stringify(ended.tests)).toMatchObject({ verdict: 'accepted', score: 2 });
  });

  it('is given arguments, and judged by exit status and standard error where the test says so', async () => {
    const program = 'import sys\nprint(*sys.argv[1:], sep="|")\nprint("warned", file=sys.stderr)\nsys.exit(3)\n';
    const test = { kind: 'program', name: 'complains', points: 1, args: ['a b', '$HOME', ';id'] };
    const expectation = { stdout: 'a b|$HOME|;id', stderr: 'warned', exitCode: 3 };
    const grading = {
      runtime: 'python',
      tests: [
        { ...test, expect: expectation },
        { ...test, name: 'another status', expect: { ...expectation, exitCode: 4 } },
        { ...test, name: 'no status', expect: { stdout: expectation.stdout } },
      ],
    };
    const ended = await classroom.grade(grading, { files: { 'main.py': program } });
    expect(ended.tests.map(({ verdict }) => verdict)).toEqual(['accepted', 'wrong_answer', 'runtime_error']);
  });

  it.each([
    ['time_limit_exceeded', 'while True: pass\n'],
    ['time_limit_exceeded', 'import time\ntime.sleep(60)\n'],
    ['memory_limit_exceeded', 'data = bytearray(500_000_000)\nprint(len(data))\n'],
    ['output_limit_exceeded', 'while True: print("x" * 1000)\n'],
    ['runtime_error', 'import os\nos.kill(os.getpid(), 11)\n'],
    [
      'wrong_answer',
      'import socket\ntry:\n    socket.create_connection(("127.0.0.1", 3306), 1)\n    print("connected")\nexcept OSError:\n    print("refused")\n',
    ],
  ])('is held to its limits: %s by %j', async (verdict, program) => {
    const ended = await classroom.grade(
      {
        runtime: 'python',
        limits: { timeMs: 500, wallMs: 1_500, memoryMiB: 64, outputKiB: 64 },
        tests: [{ kind: 'program', name: 'runs', points: 1, expect: { stdout: 'connected' } }],
      },
      { files: { 'main.py': program } },
    );
    expect(ended, JSON.stringify(ended.tests)).toMatchObject({ status: 'graded', verdict, score: 0 });
  });

  it('may be in any of the runtimes that the student can choose from', async () => {
    const grading = { runtimes: ['python', 'bash'], tests: [sumTest] };
    const ended = await classroom.grade(grading, { files: SUMS['bash'] ?? {}, runtime: 'bash' });
    expect(ended).toMatchObject({ runtime: 'bash', verdict: 'accepted' });
  });
});

describe('GET /runtimes', () => {
  it('tells what the worker found, to those who are signed in', async () => {
    expect((await app.request('GET', '/runtimes')).status).toBe(401);
    const { status, body } = await app.request<{
      items: { key: string; version: string | null; available: boolean }[];
      services: { key: string; available: boolean }[];
    }>('GET', '/runtimes', { token: classroom.student.token });
    expect(status).toBe(200);
    expect(body.items.map(({ key }) => key)).toEqual(['python', 'node', 'bash', 'c', 'cpp', 'java']);
    expect(body.items[0]).toMatchObject({ available: true, version: expect.stringMatching(/^3\./) });
    const available = body.services.filter((service) => service.available).map(({ key }) => key);
    expect(available).toEqual(expect.arrayContaining(['redis', 'mysql', 'postgres']));
    expect(body).toMatchObject({ sandbox: { driver: 'bubblewrap', holds: { network: true, files: true } } });
  });
});

describe('health', () => {
  it('is ready, and counts what was graded', async () => {
    expect((await app.request('GET', '/health/live')).body).toEqual({ status: 'live' });
    const ready = await app.request<{ checks: { name: string; up: boolean }[] }>('GET', '/health/ready');
    expect(ready.status).toBe(200);
    expect(ready.body.checks.find(({ name }) => name === 'grading')).toMatchObject({ up: true });
    const metrics = await app.request<string>('GET', '/metrics');
    expect(metrics.body).toMatch(/assay_grading_runs_total\{outcome="graded"\} [1-9]/);
    expect(metrics.body).toMatch(/assay_stale_results_total 0/);
    expect(metrics.body).toMatch(/assay_queue_waiting 0/);
  });

  it('gives metrics to nobody who comes through a proxy, but to administrators', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    expect((await app.request('GET', '/metrics', { headers })).status).toBe(401);
    expect((await app.request('GET', '/metrics', { headers, token: classroom.student.token })).status).toBe(403);
    const admin = await app.admin();
    expect((await app.request('GET', '/metrics', { headers, token: admin.token })).status).toBe(200);
  });
});
