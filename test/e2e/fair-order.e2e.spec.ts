import { afterEach, describe, expect, it } from 'vitest';
import {
  addMember,
  createAssignment,
  createCourse,
  GRADING,
  type PageBody,
  submit,
  type SubmissionBody,
  submitted,
} from '../support/course-builder.js';
import { follow } from '../support/event-client.js';
import { expectProblem } from '../support/expect-problem.js';
import { startTestApp, type TestApp, type TestUser, type TestVariables } from '../support/test-app.js';
import { waitFor } from '../support/wait-for.js';

/** A submission with what this file is about. */
interface Waiting extends SubmissionBody {
  readonly supersededById: string | null;
  readonly queue: { readonly position: number; readonly estimatedWaitMs: number | null } | null;
}

interface School {
  readonly app: TestApp;
  readonly instructor: TestUser;
  readonly course: Awaited<ReturnType<typeof createCourse>>;
  readonly assignmentId: string;
  readonly enrol: (count: number) => Promise<TestUser[]>;
  readonly look: (submissionId: string) => Promise<Waiting>;
}

const apps: TestApp[] = [];
// Those that share a database with the first are closed before it.
afterEach(async () => {
  for (const app of apps.splice(0).toReversed()) await app.close();
});

/** An API without a worker, and in it a course with one assignment. */
async function openSchool(variables: TestVariables = {}, assignment: Readonly<Record<string, unknown>> = {}) {
  const app = await startTestApp({ worker: false, variables });
  apps.push(app);
  const instructor = await app.createUser({ role: 'instructor' });
  const course = await createCourse(app, instructor);
  const school: School = {
    app,
    instructor,
    course,
    assignmentId: await createAssignment(app, course, assignment),
    enrol: async (count) => {
      const students: TestUser[] = [];
      for (let number = 0; number < count; number += 1) {
        const student = await app.createUser();
        await addMember(app, course, student);
        students.push(student);
      }
      return students;
    },
    look: async (id) => (await app.request<Waiting>('GET', `/submissions/${id}`, { token: instructor.token })).body,
  };
  return school;
}

/** A worker of the same installation, one run at a time, so that there is an order. */
async function startWorker({ app }: School): Promise<void> {
  apps.push(await startTestApp({ sharing: app, variables: { WORKER_CONCURRENCY: '1' } }));
}

async function enrolled(school: School): Promise<TestUser> {
  const [student] = await school.enrol(1);
  if (student === undefined) throw new Error('Nobody was enrolled.');
  return student;
}

describe('a flood of one student', () => {
  it('lets everybody who hands in after it go before all but two of it', { timeout: 150_000 }, async () => {
    const school = await openSchool();
    const { app, assignmentId, look } = school;
    const flooder = await enrolled(school);
    const flood: string[] = [];
    for (let number = 0; number < 12; number += 1) flood.push((await submitted(app, flooder, assignmentId)).id);
    const others: string[] = [];
    for (const student of await school.enrol(5)) others.push((await submitted(app, student, assignmentId)).id);
    expect((await look(flood.at(-1) ?? '')).queue?.position).toBe(17);
    for (const id of others) expect((await look(id)).queue?.position).toBeLessThanOrEqual(5 + 2);
    await startWorker(school);
    const all: Waiting[] = [];
    for (const id of [...flood, ...others]) {
      const isGraded = async () => {
        const found = await look(id);
        return found.status === 'graded' ? found : null;
      };
      all.push(await waitFor(isGraded, { until: `${id} is graded`, timeoutMs: 60_000, pollEveryMs: 250 }));
    }
    const startOf = new Map(all.map(({ id, startedAt }) => [id, startedAt ?? '']));
    for (const id of others) {
      const ahead = flood.filter((one) => (startOf.get(one) ?? '') < (startOf.get(id) ?? ''));
      expect(ahead.length).toBeLessThanOrEqual(2);
    }
  });
});

describe('the limit on pending submissions', () => {
  it('holds under fifty at the same time, for each student and course, and not for staff', async () => {
    const school = await openSchool({ LIMIT_PENDING_PER_STUDENT: '5' });
    const { app, assignmentId, course, instructor } = school;
    const [ada, bob] = await school.enrol(2);
    if (ada === undefined || bob === undefined) throw new Error('Nobody was enrolled.');
    const answers = await Promise.all(Array.from({ length: 50 }, () => submit(app, ada, assignmentId)));
    const accepted = answers.filter(({ status }) => status === 202);
    expect(accepted).toHaveLength(5);
    const refused = answers.filter(({ status }) => status !== 202);
    for (const answer of refused) expectProblem(answer, 429, 'too_many_pending');
    expect(refused[0]?.headers.get('retry-after')).toMatch(/^\d+$/);
    // Another assignment of the course makes no difference; another student and another course do.
    const second = await createAssignment(app, course, { slug: 'second' });
    expectProblem(await submit(app, ada, second), 429, 'too_many_pending');
    await submitted(app, bob, assignmentId);
    const elsewhere = await createCourse(app, instructor);
    await addMember(app, elsewhere, ada);
    await submitted(app, ada, await createAssignment(app, elsewhere));
    for (let number = 0; number < 6; number += 1) await submitted(app, instructor, assignmentId);
    // One that is over makes room.
    const path = `/submissions/${accepted[0]?.body.id ?? ''}/cancel`;
    expect((await app.request('POST', path, { token: ada.token })).status).toBe(200);
    await submitted(app, ada, second);
    expectProblem(await submit(app, ada, second), 429, 'too_many_pending');
  });
});

describe('an assignment whose newer submissions replace those that wait', () => {
  it('cancels the older ones of the same student, gives the attempts back, and tells who watches', async () => {
    const school = await openSchool({}, { supersedes: true, maxAttempts: 2 });
    const { app, assignmentId, look } = school;
    const [ada, bob] = await school.enrol(2);
    if (ada === undefined || bob === undefined) throw new Error('Nobody was enrolled.');
    const others = await submitted(app, bob, assignmentId);
    const first = await submitted(app, ada, assignmentId);
    const watcher = await follow(app, ada, first.id);
    await waitFor(() => watcher.events.length === 1, { until: 'the watcher has heard that it waits' });
    const second = await submitted(app, ada, assignmentId);
    expect(await look(first.id)).toMatchObject({
      status: 'cancelled',
      verdict: null,
      startedAt: null,
      supersededById: second.id,
      queue: null,
    });
    expect((await watcher.ended).at(-1)?.data).toMatchObject({ status: 'cancelled' });
    // Each gave back the attempt that it would have been: two would be all.
    const third = await submitted(app, ada, assignmentId);
    const fourth = await submitted(app, ada, assignmentId);
    expect(await look(third.id)).toMatchObject({ status: 'cancelled', supersededById: fourth.id });
    expect(await look(fourth.id)).toMatchObject({ status: 'queued', attempt: 4, supersededById: null });
    expect(await look(others.id)).toMatchObject({ status: 'queued', supersededById: null });
    await startWorker(school);
    await waitFor(async () => (await look(fourth.id)).status === 'graded', { until: 'the last one is graded' });
    // What was graded stays.
    await submitted(app, ada, assignmentId);
    expect((await look(fourth.id)).status).toBe('graded');
  });

  it('leaves one of them when many are handed in at once', async () => {
    const school = await openSchool({}, { supersedes: true });
    const ada = await enrolled(school);
    const answers = await Promise.all(Array.from({ length: 12 }, () => submit(school.app, ada, school.assignmentId)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const path = `/assignments/${school.assignmentId}/submissions?limit=100`;
    const { body } = await school.app.request<PageBody<Waiting>>('GET', path, { token: ada.token });
    const waiting = body.items.filter(({ status }) => status === 'queued');
    expect(waiting.map(({ attempt }) => attempt)).toEqual([12]);
    expect(body.items.filter(({ status }) => status === 'cancelled')).toHaveLength(11);
  });

  it('is something an instructor says, and changes', async () => {
    const { app, assignmentId, instructor } = await openSchool();
    const { token } = instructor;
    const path = `/assignments/${assignmentId}`;
    expect((await app.request('GET', path, { token })).body).toMatchObject({ supersedes: false });
    const changed = await app.request('PATCH', path, { token, body: { supersedes: true } });
    expect(changed.body).toMatchObject({ supersedes: true });
    expect((await app.request('GET', path, { token })).body).toMatchObject({ supersedes: true });
    expectProblem(await app.request('PATCH', path, { token, body: { supersedes: 'yes' } }), 422, 'validation_failed');
  });
});

describe('who waits', () => {
  it('is told where, also by the first event, and nothing any more once nobody need wait', async () => {
    const school = await openSchool();
    const { app, assignmentId, look } = school;
    const [ada, bob] = await school.enrol(2);
    if (ada === undefined || bob === undefined) throw new Error('Nobody was enrolled.');
    const [first, second] = [await submitted(app, ada, assignmentId), await submitted(app, bob, assignmentId)];
    expect((await look(first.id)).queue).toEqual({ position: 1, estimatedWaitMs: null });
    expect((await look(second.id)).queue).toEqual({ position: 2, estimatedWaitMs: null });
    const watcher = await follow(app, bob, second.id);
    await waitFor(() => watcher.events.length === 1, { until: 'the watcher has heard that it waits' });
    expect(watcher.events[0]?.data).toEqual({
      status: 'queued',
      queue: { position: 2, estimatedWaitMs: null },
    });
    expect((await app.request('POST', `/submissions/${first.id}/cancel`, { token: ada.token })).status).toBe(200);
    expect((await look(second.id)).queue?.position).toBe(1);
    await waitFor(() => watcher.events.length === 2, { until: 'the watcher has heard that it moved on' });
    expect(watcher.events[1]).toMatchObject({
      id: watcher.events[0]?.id,
      event: 'status',
      data: { status: 'queued', queue: { position: 1, estimatedWaitMs: null } },
    });
    watcher.leave();
    expect((await look(first.id)).queue).toBeNull();
  });

  it('is told how long about, once others were graded', async () => {
    const school = await openSchool({}, { grading: { ...GRADING, limits: { wallMs: 60_000 } } });
    const { app, assignmentId, look } = school;
    const [ada, bob] = await school.enrol(2);
    if (ada === undefined || bob === undefined) throw new Error('Nobody was enrolled.');
    await startWorker(school);
    const { id } = await submitted(app, ada, assignmentId);
    await waitFor(async () => (await look(id)).status === 'graded', { until: 'one was graded' });
    // It keeps the only worker busy until it is cancelled.
    const slow = { files: [{ path: 'main.py', content: 'import time\ntime.sleep(50)\nprint(3)\n' }] };
    const busy = await submitted(app, ada, assignmentId, slow);
    await waitFor(async () => (await look(busy.id)).status === 'running', { until: 'the worker is busy' });
    const waiting = await submitted(app, bob, assignmentId);
    // How many are being graded is believed for a second.
    const queue = await waitFor(
      async () => {
        const found = (await look(waiting.id)).queue;
        return found?.estimatedWaitMs === null ? null : found;
      },
      { until: 'the wait is known', pollEveryMs: 100 },
    );
    expect(queue).toEqual({ position: 1, estimatedWaitMs: expect.any(Number) as unknown });
    expect(queue.estimatedWaitMs).toBeGreaterThan(0);
    expect((await app.request('POST', `/submissions/${busy.id}/cancel`, { token: ada.token })).status).toBe(200);
  });
});

describe('the weight of a course', () => {
  it('is set by administrators alone, and shown to staff alone', async () => {
    const school = await openSchool();
    const { app, course, instructor } = school;
    const student = await enrolled(school);
    const path = `/courses/${course.id}`;
    const body = { gradingWeight: 3 };
    expectProblem(await app.request('PATCH', path, { token: instructor.token, body }), 403, 'administrators_only');
    expectProblem(
      await app.request('POST', '/courses', { token: instructor.token, body: { code: 'X', title: 'X', ...body } }),
      403,
      'administrators_only',
    );
    const { token } = await app.admin();
    expect((await app.request('PATCH', path, { token, body })).body).toMatchObject(body);
    expect((await app.request('GET', path, { token: instructor.token })).body).toMatchObject(body);
    expect((await app.request('GET', path, { token: student.token })).body).not.toHaveProperty('gradingWeight');
    for (const gradingWeight of [0, 101, 1.5, 'much', null]) {
      const answer = await app.request('PATCH', path, { token, body: { gradingWeight } });
      expectProblem(answer, 422, 'validation_failed');
    }
  });
});
