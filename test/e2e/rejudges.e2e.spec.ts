import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditEntry } from '../../src/audit/audit-entry.entity.js';
import { Transactions } from '../../src/database/transactions.js';
import {
  ADDS,
  addMember,
  createAssignment,
  createCourse,
  type PageBody,
  RIGHT,
  type SubmissionBody,
  submitted,
  WRONG,
} from '../support/course-builder.js';
import { follow } from '../support/event-client.js';
import { expectInvalid, expectProblem } from '../support/expect-problem.js';
import { RejudgeRows } from '../support/rejudge-rows.js';
import { startTestApp, type TestApp, type TestResponse, type TestUser } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

interface Rejudge {
  readonly id: string;
  readonly status: string;
  readonly summary: Readonly<Record<string, number>>;
  readonly [field: string]: unknown;
}

interface Difference {
  readonly submissionId: string;
  readonly change: string;
  readonly [field: string]: unknown;
}

const SUBTRACTS = { ...ADDS, name: 'subtracts', stdin: '3 -1\n', expect: { stdout: '2\n' } };
/** Answers 4 to everything. */
const FOUR = { files: [WRONG] };

let app: TestApp;
let instructor: TestUser;
let assistant: TestUser;
let stranger: TestUser;
let ada: TestUser;
let bob: TestUser;
let course: Awaited<ReturnType<typeof createCourse>>;
let assignmentId: string;

beforeAll(async () => {
  app = await startTestApp();
  instructor = await app.createUser({ role: 'instructor' });
  stranger = await app.createUser({ role: 'instructor' });
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
  assignmentId = await createAssignment(app, course);
});

async function get<Body>(by: TestUser, path: string): Promise<Body> {
  const response = await app.request<Body>('GET', path, { token: by.token });
  expect(response.status).toBe(200);
  return response.body;
}

function post(by: TestUser, path: string, body?: object, headers: Record<string, string> = {}) {
  return app.request<Rejudge>('POST', path, {
    token: by.token,
    headers,
    ...(body === undefined ? {} : { body }),
  });
}

async function accepted(response: Promise<TestResponse<Rejudge>>): Promise<Rejudge> {
  const { status, body } = await response;
  expect([status, body]).toEqual([202, body]);
  return body;
}

async function handIn(by: TestUser, body: Record<string, unknown> = { files: [RIGHT] }): Promise<SubmissionBody> {
  const { id } = await submitted(app, by, assignmentId, body);
  return waitFor(
    async () => {
      const submission = await get<SubmissionBody>(by, `/submissions/${id}`);
      return submission.status === 'graded' && submission;
    },
    { until: 'the submission is graded', timeoutMs: 40_000 },
  );
}

/** Waits until the batch has this status. */
async function until(status: string, id: string): Promise<Rejudge> {
  return waitFor(
    async () => {
      const rejudge = await get<Rejudge>(instructor, `/rejudges/${id}`);
      return rejudge.status === status && rejudge;
    },
    { until: `the rejudge is ${status}`, timeoutMs: 40_000 },
  );
}

const dryRun = async (by: TestUser = instructor, filter: object = {}): Promise<Rejudge> =>
  until('ready', (await accepted(post(by, `/assignments/${assignmentId}/rejudge`, { dryRun: true, ...filter }))).id);

/** From now on 4 is the right answer to the first test, and there is a second one. */
async function changeGrading(): Promise<void> {
  const tests = [{ ...ADDS, expect: { stdout: '4\n' } }, SUBTRACTS];
  const grading = { runtime: 'python', entrypoint: 'main.py', tests };
  const path = `/assignments/${assignmentId}`;
  expect((await app.request('PATCH', path, { token: instructor.token, body: { grading } })).status).toBe(200);
}

/** All that students can see of their submissions, and the gradebook of the staff. */
async function seen(submissions: readonly (readonly [TestUser, SubmissionBody])[]): Promise<unknown> {
  const views = submissions.map(async ([user, { id }]) => {
    const stream = await follow(app, user, id);
    return {
      submission: await get(user, `/submissions/${id}`),
      runs: await get(user, `/submissions/${id}/runs`),
      list: await get(user, `/assignments/${assignmentId}/submissions`),
      row: await get(user, `/courses/${course.id}/gradebook`),
      events: await stream.ended,
    };
  });
  return [await Promise.all(views), await get(instructor, `/courses/${course.id}/gradebook`)];
}

describe('a dry run', () => {
  it('shows staff what would change, and nobody else anything', async () => {
    const [right, four] = [await handIn(ada), await handIn(bob, FOUR)];
    await changeGrading();
    const before = await seen([
      [ada, right],
      [bob, four],
    ]);
    const answer = await post(assistant, `/assignments/${assignmentId}/rejudge`, { dryRun: true });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`/api/v1/rejudges/${answer.body.id}`);
    expect(answer.body).toMatchObject({
      mode: 'dry_run',
      status: 'running',
      filter: null,
      total: 2,
      queued: 2,
      gradingVersion: 2,
      createdById: assistant.id,
      decidedById: null,
      decidedAt: null,
      summary: { pending: 2 },
    });
    const ready = await until('ready', answer.body.id);
    expect(ready).toMatchObject({ graded: 2, applied: 0, overtaken: 0 });
    expect(ready.summary).toEqual({
      pending: 0,
      unchanged: 0,
      better: 1,
      worse: 0,
      sameScore: 1,
      failed: 0,
      cancelled: 0,
    });
    expect(
      await seen([
        [ada, right],
        [bob, four],
      ]),
    ).toEqual(before);

    const page = await get<PageBody<Difference>>(instructor, `/rejudges/${ready.id}/differences`);
    expect(page).toEqual({
      items: [
        {
          submissionId: right.id,
          studentId: ada.id,
          attempt: 1,
          change: 'same_score',
          dryRun: 'pending',
          overrideScore: null,
          earlier: expect.objectContaining({ verdict: 'accepted', score: 2, maxScore: 2, gradingVersion: 1 }) as object,
          later: expect.objectContaining({
            status: 'graded',
            verdict: 'wrong_answer',
            score: 2,
            maxScore: 4,
            gradingVersion: 2,
          }) as object,
          tests: [
            {
              name: 'adds',
              earlier: { verdict: 'accepted', points: 2, maxPoints: 2 },
              later: { verdict: 'wrong_answer', points: 0, maxPoints: 2 },
            },
            { name: 'subtracts', earlier: null, later: { verdict: 'accepted', points: 2, maxPoints: 2 } },
          ],
        },
        expect.objectContaining({ submissionId: four.id, studentId: bob.id, change: 'better' }),
      ],
      nextCursor: null,
    });
    const runs = await get<PageBody<object>>(assistant, `/submissions/${four.id}/runs`);
    expect(runs.items).toMatchObject([
      { number: 2, cause: 'rejudge', rejudgeId: ready.id, dryRun: 'pending', score: 2 },
      { number: 1, cause: 'submission', rejudgeId: null, dryRun: null, score: 0 },
    ]);
  });

  it('is listed page by page, with all or only what changed', async () => {
    const [right, four, wrong] = [await handIn(ada), await handIn(bob, FOUR), await handIn(bob)];
    const { id, summary } = await dryRun();
    expect(summary).toMatchObject({ unchanged: 3, better: 0 });
    const path = `/rejudges/${id}/differences`;
    const ids = async (query: string): Promise<readonly [readonly string[], string | null]> => {
      const { items, nextCursor } = await get<PageBody<Difference>>(instructor, path + query);
      return [items.map(({ submissionId }) => submissionId), nextCursor];
    };
    const [first, cursor] = await ids('?limit=2');
    expect(first).toEqual([right.id, four.id]);
    expect(await ids(`?limit=2&cursor=${cursor}`)).toEqual([[wrong.id], null]);
    expect(await ids('?changed=true')).toEqual([[], null]);
    expect(await ids('?changed=false')).toEqual([[right.id, four.id, wrong.id], null]);
    const ask = (query: string) => app.request('GET', path + query, { token: instructor.token });
    expectInvalid(await ask('?changed=perhaps'), 'changed');
    expectInvalid(await ask('?limit=0'), 'limit');
    expectInvalid(await ask('?cursor=x'), 'cursor');
  });

  it('is applied: the new results count, the former ones stay readable', async () => {
    const [right, four] = [await handIn(ada), await handIn(bob, FOUR)];
    await changeGrading();
    const { id } = await dryRun();
    const applied = await accepted(post(assistant, `/rejudges/${id}/apply`));
    expect(applied).toMatchObject({ status: 'applied', applied: 2, overtaken: 0, decidedById: assistant.id });
    expect(applied['decidedAt']).toMatch(/Z$/);
    expect(await accepted(post(instructor, `/rejudges/${id}/apply`))).toEqual(applied);
    expect(await get(instructor, `/rejudges/${id}`)).toEqual(applied);
    expectProblem(await post(instructor, `/rejudges/${id}/discard`), 409, 'rejudge_applied');

    expect(await get(bob, `/submissions/${four.id}`)).toMatchObject({
      status: 'graded',
      verdict: 'wrong_answer',
      score: 2,
      maxScore: 4,
      gradingVersion: 2,
      attempt: 1,
      tests: [
        { name: 'adds', verdict: 'accepted' },
        { name: 'subtracts', verdict: 'wrong_answer' },
      ],
    });
    const runs = await get<PageBody<Record<string, unknown>>>(bob, `/submissions/${four.id}/runs`);
    expect(runs.items).toMatchObject([
      { number: 2, rejudgeId: id, score: 2, maxScore: 4 },
      { number: 1, score: 0, maxScore: 2 },
    ]);
    expect(runs.items[0]).not.toHaveProperty('dryRun');
    const book = await get<{ items: { student: { id: string }; total: object }[] }>(
      instructor,
      `/courses/${course.id}/gradebook`,
    );
    expect(book.items.find(({ student }) => student.id === bob.id)?.total).toEqual({ score: 2, maxScore: 4 });
    const stream = await follow(app, bob, four.id);
    expect((await stream.ended).map(({ id: eventId, event }) => [eventId, event])).toEqual([
      [2_000_000, 'status'],
      [2_000_001, 'status'],
      [2_000_002, 'test'],
      [2_000_003, 'test'],
      [2_999_999, 'graded'],
    ]);
    const { items } = await get<PageBody<Difference>>(instructor, `/rejudges/${id}/differences?changed=true`);
    expect(items).toMatchObject([
      { submissionId: right.id, dryRun: 'applied', earlier: { score: 2, maxScore: 2 }, later: { maxScore: 4 } },
      { submissionId: four.id, dryRun: 'applied', earlier: { score: 0 }, later: { score: 2 } },
    ]);
  });

  it('is discarded: nothing of it is left to be seen', async () => {
    const four = await handIn(bob, FOUR);
    await changeGrading();
    const before = await seen([[bob, four]]);
    const runsOfStaff = await get(instructor, `/submissions/${four.id}/runs`);
    const { id } = await dryRun();
    const discarded = await accepted(post(assistant, `/rejudges/${id}/discard`));
    expect(discarded).toMatchObject({ status: 'discarded', applied: 0, decidedById: assistant.id });
    expect(await accepted(post(instructor, `/rejudges/${id}/discard`))).toEqual(discarded);
    expectProblem(await post(instructor, `/rejudges/${id}/apply`), 409, 'rejudge_discarded');
    const differences = await app.request('GET', `/rejudges/${id}/differences`, { token: instructor.token });
    expectProblem(differences, 409, 'rejudge_discarded');
    expect(await get(instructor, `/submissions/${four.id}/runs`)).toEqual(runsOfStaff);
    expect(await seen([[bob, four]])).toEqual(before);
  });

  it('is stopped while it is graded, without a word to those whose work it is', async () => {
    const slow = {
      path: 'main.py',
      content: 'import os, time\ntime.sleep(30 if os.path.exists("slow") else 0)\nprint(3)\n',
    };
    const submission = await handIn(ada, { files: [slow] });
    const before = await seen([[ada, submission]]);
    const grading = {
      runtime: 'python',
      entrypoint: 'main.py',
      limits: { wallMs: 60_000 },
      files: [{ path: 'slow', content: 'x' }],
      tests: [ADDS],
    };
    await app.request('PATCH', `/assignments/${assignmentId}`, { token: instructor.token, body: { grading } });
    const { id } = await accepted(post(instructor, `/submissions/${submission.id}/rejudge`, { dryRun: true }));
    await waitFor(async () => (await get<Rejudge>(instructor, `/rejudges/${id}`))['running'] === 1, {
      until: 'it is graded',
    });
    expectProblem(await post(instructor, `/rejudges/${id}/apply`), 409, 'rejudge_not_ready');
    expect(await seen([[ada, submission]])).toEqual(before);
    // Neither the student nor staff can stop it by way of the submission, which is graded.
    for (const user of [ada, instructor]) {
      expectProblem(await post(user, `/submissions/${submission.id}/cancel`), 409, 'already_finished');
    }
    expect(await accepted(post(instructor, `/rejudges/${id}/discard`))).toMatchObject({
      status: 'discarded',
      cancelled: 1,
      summary: { cancelled: 1 },
    });
    expect(await seen([[ada, submission]])).toEqual(before);
  });

  it('leaves a submission alone that was graded again meanwhile, and what staff set', async () => {
    const [right, four] = [await handIn(ada), await handIn(bob, FOUR)];
    await changeGrading();
    const { id } = await dryRun();
    const etag = (await app.request('GET', `/submissions/${four.id}`, { token: assistant.token })).headers.get('etag');
    const live = await accepted(post(instructor, `/submissions/${right.id}/rejudge`));
    expect(live).toMatchObject({ mode: 'apply', total: 1 });
    expect((await until('finished', live.id)).summary).toMatchObject({ sameScore: 1 });
    expectProblem(await post(instructor, `/rejudges/${live.id}/apply`), 409, 'not_a_dry_run');
    expectProblem(await post(instructor, `/rejudges/${live.id}/discard`), 409, 'not_a_dry_run');
    const kept = await get<SubmissionBody>(ada, `/submissions/${right.id}`);
    const set = (headers: Record<string, string>) =>
      app.request('PUT', `/submissions/${four.id}/override`, {
        token: assistant.token,
        body: { score: 1.5, reason: 'Half of it is right.' },
        headers,
      });
    expect((await set({})).status).toBe(200);
    expect(await accepted(post(instructor, `/rejudges/${id}/apply`))).toMatchObject({ applied: 1, overtaken: 1 });
    expect(await get(ada, `/submissions/${right.id}`)).toEqual(kept);
    expect(await get(bob, `/submissions/${four.id}`)).toMatchObject({ score: 2, override: { score: 1.5 } });
    // Who decides by what they saw before is told that it changed.
    expectProblem(await set({ 'if-match': etag ?? '' }), 412, 'version_mismatch');
    const { items } = await get<PageBody<Difference>>(instructor, `/rejudges/${id}/differences`);
    expect(items).toMatchObject([
      { submissionId: right.id, dryRun: 'overtaken', overrideScore: null },
      { submissionId: four.id, dryRun: 'applied', overrideScore: 1.5 },
    ]);
  });
});

describe('what is graded again', () => {
  it('is what the body asks for', async () => {
    const [right, four] = [await handIn(ada), await handIn(bob, FOUR)];
    await changeGrading();
    const filter = {
      verdicts: ['wrong_answer'],
      statuses: ['graded'],
      studentIds: [bob.id.toUpperCase(), ada.id],
      gradingVersions: [1],
      outdatedOnly: true,
      submittedAfter: four.submittedAt,
      submittedBefore: '2099-01-01T00:00:00.000Z',
      countedOnly: true,
    };
    const { id } = await accepted(post(instructor, `/assignments/${assignmentId}/rejudge`, filter));
    const rejudge = await until('finished', id);
    expect(rejudge).toMatchObject({
      mode: 'apply',
      total: 1,
      filter: { ...filter, studentIds: [bob.id, ada.id] },
      summary: { better: 1 },
    });
    expect(await get(bob, `/submissions/${four.id}`)).toMatchObject({ gradingVersion: 2, score: 2 });
    expect(await get(ada, `/submissions/${right.id}`)).toEqual(right);
    const { total } = await accepted(
      post(instructor, `/assignments/${assignmentId}/rejudge`, { dryRun: true, gradingVersions: [7] }),
    );
    expect(total).toBe(0);
  });

  it('is refused where the body makes no sense', async () => {
    const ask = (body: object) => post(instructor, `/assignments/${assignmentId}/rejudge`, body);
    const many = Array.from({ length: 501 }, () => ada.id);
    expectInvalid(
      await ask({
        dryRun: 'yes',
        verdicts: ['fine'],
        statuses: [],
        studentIds: many,
        gradingVersions: [0],
        outdatedOnly: 1,
        submittedAfter: '2026-09-01',
        submittedBefore: null,
        countedOnly: 'true',
        everything: true,
      }),
      '/dryRun',
      '/verdicts',
      '/statuses',
      '/studentIds',
      '/gradingVersions',
      '/outdatedOnly',
      '/submittedAfter',
      '/submittedBefore',
      '/countedOnly',
      '/everything',
    );
    expectInvalid(
      await ask({ submittedAfter: '2026-09-02T00:00:00Z', submittedBefore: '2026-09-01T00:00:00Z' }),
      '/submittedBefore',
    );
    const { id } = await handIn(ada);
    expectInvalid(await post(instructor, `/submissions/${id}/rejudge`, { verdicts: ['accepted'] }), '/verdicts');
    const { items } = await get<PageBody<object>>(instructor, `/assignments/${assignmentId}/rejudges`);
    expect(items).toEqual([]);
  });

  it('is asked for once with one key, and listed newest first', async () => {
    const { id: submissionId } = await handIn(ada);
    const path = `/assignments/${assignmentId}/rejudge`;
    const headers = { 'idempotency-key': 'dry' };
    const first = await accepted(post(instructor, path, { dryRun: true }, headers));
    expect(await accepted(post(instructor, path, { dryRun: true }, headers))).toEqual(first);
    expectProblem(await post(instructor, path, {}, headers), 422, 'idempotency_key_reused');
    await until('ready', first.id);
    const entries = await app.app.get(DataSource).getRepository(AuditEntry).findBy({ targetId: first.id });
    expect(entries).toMatchObject([
      {
        actorId: instructor.id,
        action: 'rejudge.created',
        targetType: 'rejudge',
        courseId: course.id,
        detail: { assignmentId, mode: 'dry_run', gradingVersion: 1, isFiltered: false },
      },
    ]);
    const second = await accepted(post(assistant, `/submissions/${submissionId}/rejudge`));
    await until('finished', second.id);
    const list = await get<PageBody<object>>(assistant, `/assignments/${assignmentId}/rejudges?limit=1`);
    expect(list.items).toMatchObject([
      { id: second.id, submissionId, status: 'finished', mode: 'apply', graded: 1, createdById: assistant.id },
    ]);
    const next = await get(assistant, `/assignments/${assignmentId}/rejudges?limit=1&cursor=${list.nextCursor}`);
    expect(next).toMatchObject({
      items: [{ id: first.id, submissionId: null, status: 'ready', mode: 'dry_run', createdById: instructor.id }],
      nextCursor: null,
    });
  });
});

describe('who may', () => {
  it('are the staff of the course', async () => {
    await handIn(ada);
    const { id } = await dryRun(assistant);
    const paths = [
      ['GET', `/rejudges/${id}`],
      ['GET', `/rejudges/${id}/differences`],
      ['POST', `/rejudges/${id}/apply`],
      ['POST', `/rejudges/${id}/discard`],
    ] as const;
    for (const user of [ada, stranger]) {
      for (const [method, path] of paths) {
        expectProblem(await app.request(method, path, { token: user.token }), 404, 'not_found');
      }
    }
    for (const [method, path] of paths) expectProblem(await app.request(method, path), 401, 'unauthenticated');
    const list = `/assignments/${assignmentId}/rejudges`;
    expectProblem(await app.request('GET', list, { token: ada.token }), 403, 'staff_only');
    expectProblem(await app.request('GET', list, { token: stranger.token }), 404, 'not_found');
    const make = `/assignments/${assignmentId}/rejudge`;
    expectProblem(await post(ada, make, { dryRun: true }), 403, 'staff_only');
    expectProblem(await post(stranger, make, { dryRun: true }), 404, 'not_found');
    expect(await get(assistant, `/rejudges/${id}`)).toMatchObject({ status: 'ready' });
    const admin = await app.admin();
    expect(await accepted(post(admin, `/rejudges/${id}/discard`))).toMatchObject({ decidedById: admin.id });
  });
});

describe('a batch of more submissions than one transaction takes', () => {
  it('is answered at once and made in the background', async () => {
    const idle = await startTestApp({ worker: false });
    try {
      const { id: userId, token } = await idle.admin();
      const big = await createCourse(idle, await idle.admin());
      const bigAssignment = await createAssignment(idle, big);
      const [dataSource, transactions] = [idle.app.get(DataSource), idle.app.get(Transactions)];
      await new RejudgeRows(dataSource, bigAssignment, userId, transactions).addEnded(450);
      const answer = await idle.request<Rejudge>('POST', `/assignments/${bigAssignment}/rejudge`, {
        token,
        body: { dryRun: true },
      });
      expect(answer.body).toMatchObject({ status: 'preparing', total: 200, queued: 200, summary: { pending: 200 } });
      const path = `/rejudges/${answer.body.id}`;
      const made = await waitFor(async () => {
        const { body } = await idle.request<Rejudge>('GET', path, { token });
        return body.status === 'running' && body;
      });
      expect(made).toMatchObject({ total: 450, queued: 450, summary: { pending: 450 } });
      expect((await idle.request('POST', `${path}/discard`, { token })).status).toBe(202);
      const discarded = await waitFor(async () => {
        const { body } = await idle.request<Rejudge>('GET', path, { token });
        return body.status === 'discarded' && body;
      });
      expect(discarded).toMatchObject({ total: 450, queued: 0, cancelled: 450, summary: { cancelled: 450 } });
    } finally {
      await idle.close();
    }
  });
});
