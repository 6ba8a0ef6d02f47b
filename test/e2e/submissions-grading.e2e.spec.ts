import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ADDS,
  addMember,
  createAssignment,
  createCourse,
  type PageBody,
  RIGHT,
  submit,
  submitted,
  type SubmissionBody,
  WRONG,
} from '../support/course-builder.js';
import { follow } from '../support/event-client.js';
import { expectProblem } from '../support/expect-problem.js';
import { startTestApp, type TestApp, type TestResponse, type TestUser } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

interface Rejudge {
  readonly id: string;
  readonly status: string;
  readonly total: number;
  readonly skipped: number;
  readonly [count: string]: unknown;
}

const NOBODY = '01900000-0000-7000-8000-000000000000';
const SLOW = { path: 'main.py', content: 'import time\ntime.sleep(20)\n' };
const PATIENT = { runtime: 'python', entrypoint: 'main.py', limits: { wallMs: 30_000 }, tests: [ADDS] };

let app: TestApp;
let instructor: TestUser;
let assistant: TestUser;
let ada: TestUser;
let bob: TestUser;
let course: Awaited<ReturnType<typeof createCourse>>;

beforeAll(async () => {
  app = await startTestApp();
  instructor = await app.createUser({ role: 'instructor' });
  assistant = await app.createUser();
  ada = await app.createUser();
  bob = await app.createUser();
});

afterAll(async () => {
  await app?.close();
});

beforeEach(async () => {
  course = await createCourse(app, instructor);
  await addMember(app, course, assistant, 'assistant');
  await addMember(app, course, ada);
  await addMember(app, course, bob);
});

async function read(by: TestUser, id: string): Promise<SubmissionBody> {
  const response = await app.request<SubmissionBody>('GET', `/submissions/${id}`, { token: by.token });
  expect(response.status).toBe(200);
  return response.body;
}

/** Waits until its grading has ended. */
async function graded(by: TestUser, id: string): Promise<SubmissionBody> {
  return waitFor(
    async () => {
      const submission = await read(by, id);
      return submission.status !== 'queued' && submission.status !== 'running' && submission;
    },
    { until: 'the submission is graded', timeoutMs: 40_000 },
  );
}

async function handInAndWait(
  by: TestUser,
  assignmentId: string,
  body?: Record<string, unknown>,
): Promise<SubmissionBody> {
  const { id } = await submitted(app, by, assignmentId, body);
  return graded(by, id);
}

function rejudge(by: TestUser, path: string, headers: Record<string, string> = {}): Promise<TestResponse<Rejudge>> {
  return app.request('POST', `${path}/rejudge`, { token: by.token, headers });
}

async function finished(id: string): Promise<Rejudge> {
  return waitFor(async () => {
    const { body } = await app.request<Rejudge>('GET', `/rejudges/${id}`, { token: instructor.token });
    return body.status === 'finished' && body;
  });
}

async function changeExpectation(assignmentId: string, stdout: string): Promise<void> {
  const tests = [{ ...ADDS, expect: { stdout } }];
  const response = await app.request('PATCH', `/assignments/${assignmentId}`, {
    token: instructor.token,
    body: { grading: { runtime: 'python', entrypoint: 'main.py', tests } },
  });
  expect(response.status).toBe(200);
}

describe('a graded submission', () => {
  it('shows verdict, score and what each test gave', async () => {
    const assignmentId = await createAssignment(app, course);
    expect(await handInAndWait(ada, assignmentId)).toMatchObject({
      status: 'graded',
      verdict: 'accepted',
      score: 2,
      maxScore: 2,
      tests: [
        { name: 'adds', kind: 'program', verdict: 'accepted', points: 2, exitCode: 0, stdout: '3\n', hidden: false },
      ],
    });
    const wrong = await handInAndWait(ada, assignmentId, { files: [WRONG] });
    expect(wrong).toMatchObject({ status: 'graded', verdict: 'wrong_answer', score: 0, maxScore: 2, attempt: 2 });
    expect(wrong.tests).toMatchObject([{ verdict: 'wrong_answer', points: 0, stdout: '4\n', expected: '3\n' }]);
  });

  it('is followed live to its end', async () => {
    const assignmentId = await createAssignment(app, course, {
      grading: { ...PATIENT, tests: ['a', 'b', 'c', 'd'].map((name) => ({ ...ADDS, name })) },
    });
    const { id } = await submitted(app, ada, assignmentId);
    const client = await follow(app, ada, id);
    const events = await client.ended;
    expect(events.map(({ event, data }) => `${event} ${String(data['name'] ?? data['status'])}`)).toEqual([
      'status queued',
      'status running',
      'test a',
      'test b',
      'test c',
      'test d',
      'graded graded',
    ]);
    const { tests } = await read(ada, id);
    expect(events.slice(2, 6).map(({ data }) => data)).toEqual(tests.map((test, position) => ({ position, ...test })));
  });

  it('hides from students what they may not see', async () => {
    const visibilities = ['visible', 'hidden', 'secret', 'after-due'] as const;
    const tests = visibilities.map((visibility) => ({ ...ADDS, name: `a ${visibility} one`, visibility }));
    const dueAt = new Date(Date.now() + 6_000).toISOString();
    const assignmentId = await createAssignment(app, course, { dueAt, grading: { ...PATIENT, tests } });
    const { id } = await submitted(app, ada, assignmentId, { files: [WRONG] });
    const seen = await graded(ada, id);
    expect(seen.maxScore).toBe(8);
    expect(seen.tests.map(({ name, hidden }) => [name, hidden])).toEqual([
      ['a visible one', false],
      ['a hidden one', true],
      ['a after-due one', true],
    ]);
    const nothing = {
      timeMs: null,
      wallMs: null,
      memoryKiB: null,
      exitCode: null,
      signal: null,
      message: null,
      stdout: null,
      stderr: null,
      expected: null,
      cases: null,
      staffMessage: null,
      hint: null,
    };
    for (const test of seen.tests.slice(1)) {
      expect(test).toEqual({
        name: test.name,
        kind: 'program',
        verdict: 'wrong_answer',
        points: 0,
        maxPoints: 2,
        ...nothing,
        hidden: true,
      });
    }
    const all = await read(assistant, id);
    expect(all.tests.map(({ name, hidden, stdout }) => [name, hidden, stdout])).toEqual([
      ['a visible one', false, '4\n'],
      ['a hidden one', true, '4\n'],
      ['a secret one', true, '4\n'],
      ['a after-due one', true, '4\n'],
    ]);
    const opened = await waitFor(async () => {
      const { tests: now } = await read(ada, id);
      return now[2]?.hidden === false && now;
    });
    expect(opened[2]).toMatchObject({ name: 'a after-due one', stdout: '4\n', expected: '3\n' });
    expect(opened).toHaveLength(3);
  });
});

describe('POST /submissions/{id}/rejudge', () => {
  it('grades with the present grading document and keeps the former result among the runs', async () => {
    const assignmentId = await createAssignment(app, course);
    const { id } = await handInAndWait(ada, assignmentId, { files: [WRONG] });
    await changeExpectation(assignmentId, '4\n');
    const response = await rejudge(assistant, `/submissions/${id}`);
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe(`/api/v1/rejudges/${response.body.id}`);
    expect(response.body).toMatchObject({
      assignmentId,
      submissionId: id,
      gradingVersion: 2,
      total: 1,
      skipped: 0,
      status: 'running',
    });
    expect(await finished(response.body.id)).toMatchObject({
      total: 1,
      graded: 1,
      queued: 0,
      running: 0,
      failed: 0,
      cancelled: 0,
    });
    expect(await read(ada, id)).toMatchObject({
      status: 'graded',
      verdict: 'accepted',
      score: 2,
      gradingVersion: 2,
      attempt: 1,
    });
    const runs = await app.request<PageBody<object>>('GET', `/submissions/${id}/runs`, { token: ada.token });
    expect(runs.body.items).toMatchObject([
      {
        number: 2,
        cause: 'rejudge',
        rejudgeId: response.body.id,
        status: 'graded',
        verdict: 'accepted',
        score: 2,
        gradingVersion: 2,
      },
      {
        number: 1,
        cause: 'submission',
        rejudgeId: null,
        status: 'graded',
        verdict: 'wrong_answer',
        score: 0,
        gradingVersion: 1,
      },
    ]);
    const page = await app.request<PageBody<{ number: number }>>('GET', `/submissions/${id}/runs?limit=1`, {
      token: ada.token,
    });
    const next = await app.request<PageBody<{ number: number }>>(
      'GET',
      `/submissions/${id}/runs?limit=1&cursor=${page.body.nextCursor}`,
      { token: ada.token },
    );
    expect([...page.body.items, ...next.body.items].map(({ number }) => number)).toEqual([2, 1]);
  });

  it('makes one rejudge of two requests with one key', async () => {
    const { id } = await handInAndWait(ada, await createAssignment(app, course));
    const headers = { 'idempotency-key': 'again' };
    const first = await rejudge(instructor, `/submissions/${id}`, headers);
    const second = await rejudge(instructor, `/submissions/${id}`, headers);
    expect(second.body).toEqual(first.body);
    await finished(first.body.id);
    const runs = await app.request<PageBody<object>>('GET', `/submissions/${id}/runs`, { token: ada.token });
    expect(runs.body.items).toHaveLength(2);
  });

  it('is for staff, and for what has ended', async () => {
    const assignmentId = await createAssignment(app, course, { grading: PATIENT });
    const { id } = await submitted(app, ada, assignmentId, { files: [SLOW] });
    expectProblem(await rejudge(ada, `/submissions/${id}`), 403, 'staff_only');
    expectProblem(await rejudge(bob, `/submissions/${id}`), 404, 'not_found');
    expectProblem(await rejudge(instructor, `/submissions/${id}`), 409, 'grading_in_progress');
    await app.request('POST', `/submissions/${id}/cancel`, { token: ada.token });
  });

  it('gives the former result back when it is cancelled, which students may not', async () => {
    const assignmentId = await createAssignment(app, course, { grading: PATIENT });
    const flag = {
      path: 'main.py',
      content: 'import os, time\ntime.sleep(20 if os.path.exists("slow") else 0)\nprint(3)\n',
    };
    const { id } = await handInAndWait(ada, assignmentId, { files: [flag] });
    const files = [{ path: 'slow', content: 'x' }];
    await app.request('PATCH', `/assignments/${assignmentId}`, {
      token: instructor.token,
      body: { grading: { ...PATIENT, files } },
    });
    const { body } = await rejudge(instructor, `/submissions/${id}`);
    await waitFor(async () => (await read(ada, id)).status === 'running');
    expect(await read(ada, id)).toMatchObject({
      verdict: null,
      score: null,
      gradedAt: null,
      tests: [],
      gradingVersion: 2,
    });
    expectProblem(await app.request('POST', `/submissions/${id}/cancel`, { token: ada.token }), 403, 'staff_only');
    const cancelled = await app.request<SubmissionBody>('POST', `/submissions/${id}/cancel`, {
      token: instructor.token,
    });
    expect(cancelled.body).toMatchObject({
      status: 'graded',
      verdict: 'accepted',
      score: 2,
      gradingVersion: 1,
      tests: [{ name: 'adds' }],
    });
    expect(await finished(body.id)).toMatchObject({ cancelled: 1, graded: 0 });
  });
});

describe('POST /assignments/{id}/rejudge', () => {
  it('grades all again that have ended, and counts how far it is', async () => {
    const assignmentId = await createAssignment(app, course);
    const ids: string[] = [];
    for (const user of [ada, bob, ada, bob, instructor]) {
      ids.push((await handInAndWait(user, assignmentId, { files: [WRONG] })).id);
    }
    const other = await createAssignment(app, course, { slug: 'other' });
    const untouched = await handInAndWait(ada, other, { files: [WRONG] });
    await changeExpectation(assignmentId, '4\n');
    const response = await rejudge(instructor, `/assignments/${assignmentId}`);
    expect(response.status).toBe(202);
    expect(response.body).toMatchObject({
      assignmentId,
      submissionId: null,
      total: 5,
      skipped: 0,
      queued: 5,
      status: 'running',
    });
    expect(await finished(response.body.id)).toMatchObject({ total: 5, graded: 5 });
    for (const id of ids) expect(await read(instructor, id)).toMatchObject({ verdict: 'accepted', gradingVersion: 2 });
    expect(await read(ada, untouched.id)).toEqual(untouched);
    expectProblem(await rejudge(ada, `/assignments/${assignmentId}`), 403, 'staff_only');
    for (const user of [ada, bob]) {
      expectProblem(await app.request('GET', `/rejudges/${response.body.id}`, { token: user.token }), 404, 'not_found');
    }
    expectProblem(await app.request('GET', `/rejudges/${NOBODY}`, { token: instructor.token }), 404, 'not_found');
  });

  it('leaves out what is being graded and what was cancelled', async () => {
    const assignmentId = await createAssignment(app, course, { grading: PATIENT });
    await handInAndWait(ada, assignmentId);
    const cancelled = await submitted(app, ada, assignmentId, { files: [SLOW] });
    await app.request('POST', `/submissions/${cancelled.id}/cancel`, { token: ada.token });
    const running = await submitted(app, bob, assignmentId, { files: [SLOW] });
    const response = await rejudge(instructor, `/assignments/${assignmentId}`);
    expect(response.body).toMatchObject({ total: 1, skipped: 1 });
    await finished(response.body.id);
    await app.request('POST', `/submissions/${running.id}/cancel`, { token: bob.token });
    const nothing = await createAssignment(app, course, { slug: 'nothing' });
    expect((await rejudge(instructor, `/assignments/${nothing}`)).body).toMatchObject({
      total: 0,
      skipped: 0,
      status: 'finished',
    });
  });
});

describe('POST /submissions/{id}/cancel while it is being graded', () => {
  it('ends it soon, frees the worker, and counts as an attempt, since its tests could be watched', async () => {
    const assignmentId = await createAssignment(app, course, { grading: PATIENT, maxAttempts: 2 });
    const { id } = await submitted(app, ada, assignmentId, { files: [SLOW] });
    await waitFor(async () => (await read(ada, id)).status === 'running');
    const response = await app.request<SubmissionBody>('POST', `/submissions/${id}/cancel`, { token: ada.token });
    expect(response.body).toMatchObject({ status: 'cancelled', verdict: null, score: null });
    const again = await submit(app, ada, assignmentId);
    expect(again.status).toBe(202);
    expect(await graded(ada, again.body.id)).toMatchObject({ verdict: 'accepted', attempt: 2 });
    expectProblem(await submit(app, ada, assignmentId), 409, 'attempts_exhausted');
    expect((await read(ada, id)).status).toBe('cancelled');
    const finish = await app.request('POST', `/submissions/${again.body.id}/cancel`, { token: ada.token });
    expectProblem(finish, 409, 'already_finished');
  });
});

describe('many submissions at a time', () => {
  it('are each graded once', async () => {
    const assignmentId = await createAssignment(app, course);
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        submitted(app, number % 2 === 0 ? ada : bob, assignmentId, { files: [number % 3 === 0 ? WRONG : RIGHT] }),
      ),
    );
    for (const [number, { id }] of made.entries()) {
      expect((await graded(instructor, id)).verdict).toBe(number % 3 === 0 ? 'wrong_answer' : 'accepted');
      const runs = await app.request<PageBody<object>>('GET', `/submissions/${id}/runs`, { token: instructor.token });
      expect(runs.body.items).toHaveLength(1);
    }
  });
});
