import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../src/database/new-id.js';
import { Transactions } from '../../src/database/transactions.js';
import { Submission } from '../../src/submissions/submission.entity.js';
import { expectInvalid, expectProblem } from '../support/expect-problem.js';
import { startTestApp, type TestApp, type TestResponse, type TestUser } from '../support/test-app.js';

interface Cell {
  readonly assignmentId: string;
  readonly submissionId: string | null;
  readonly attempt: number | null;
  readonly score: number | null;
  readonly computedScore: number | null;
  readonly maxScore: number;
  readonly late: boolean;
  readonly overridden: boolean;
}

interface Row {
  readonly student: { readonly id: string; readonly name: string; readonly email: string };
  readonly cells: readonly Cell[];
  readonly total: { readonly score: number; readonly maxScore: number };
}

interface Gradebook {
  readonly assignments: readonly { readonly id: string; readonly slug: string }[];
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
}

interface Override {
  readonly id: string;
  readonly submissionId: string;
  readonly score: number;
  readonly reason: string;
  readonly staffId: string;
  readonly withdrawnAt: string | null;
  readonly withdrawnById: string | null;
}

const NOBODY = '01900000-0000-7000-8000-000000000000';
const DUE = '2026-09-10T12:00:00.000Z';
const IN_TIME = '2026-09-10T12:00:00.000Z';
const A_DAY_LATE = '2026-09-10T12:00:00.001Z';

let app: TestApp;
let admin: TestUser;
let instructor: TestUser;
let otherInstructor: TestUser;
let assistant: TestUser;
let ada: TestUser;
let bob: TestUser;
let stranger: TestUser;
let courseId: string;

beforeAll(async () => {
  app = await startTestApp({ worker: false });
  admin = await app.admin();
  instructor = await app.createUser({ role: 'instructor' });
  otherInstructor = await app.createUser({ role: 'instructor' });
  assistant = await app.createUser();
  ada = await app.createUser({ name: 'Ada' });
  bob = await app.createUser({ name: 'Bob' });
  stranger = await app.createUser();
});

afterAll(async () => {
  await app?.close();
});

beforeEach(async () => {
  const course = await app.request<{ id: string }>('POST', '/courses', {
    token: instructor.token,
    body: { code: 'G 1/ä', title: 'Grades', status: 'published' },
  });
  courseId = course.body.id;
  await addMember(assistant, 'assistant');
  await addMember(bob, 'student');
  await addMember(ada, 'student');
});

async function addMember(user: TestUser, role: string): Promise<void> {
  const added = await app.request('POST', `/courses/${courseId}/members`, {
    token: instructor.token,
    body: { userId: user.id, role },
  });
  expect(added.status).toBe(201);
}

async function createAssignment(fields: Record<string, unknown> = {}): Promise<string> {
  const made = await app.request<{ id: string }>('POST', `/courses/${courseId}/assignments`, {
    token: instructor.token,
    body: {
      title: 'Task',
      status: 'published',
      grading: { runtime: 'python', tests: [{ kind: 'program', name: 'test', points: 10 }] },
      ...fields,
    },
  });
  expect(made).toMatchObject({ status: 201 });
  return made.body.id;
}

/** A submission as the worker leaves it; graded without a worker, so that the score is what the test says. */
async function submitted(
  assignmentId: string,
  student: TestUser,
  attempt: number,
  fields: Partial<Omit<Submission, 'assignment' | 'student'>> = {},
): Promise<string> {
  const id = newId();
  const at = new Date(IN_TIME);
  const row = {
    id,
    assignmentId,
    studentId: student.id,
    attempt,
    counts: true,
    runtime: 'python',
    status: 'graded' as const,
    verdict: 'accepted' as const,
    score: 10,
    maxScore: 10,
    late: false,
    gradingVersion: 1,
    filesKey: id,
    fileCount: 1,
    byteCount: 1,
    submittedAt: at,
    startedAt: at,
    gradedAt: at,
    currentRunId: newId(),
    overrideScore: null,
    version: 1,
    ...fields,
  };
  await app.app.get(Transactions).run((manager) => manager.insert(Submission, row));
  return id;
}

function gradebook(by: TestUser, query = ''): Promise<TestResponse<Gradebook>> {
  return app.request('GET', `/courses/${courseId}/gradebook${query}`, { token: by.token });
}

async function rowOf(student: TestUser, by = instructor): Promise<Row> {
  const { body } = await gradebook(by);
  const row = body.items.find((item) => item.student.id === student.id);
  if (row === undefined) throw new Error('The gradebook has no such row.');
  return row;
}

async function cellOf(student: TestUser): Promise<Cell | undefined> {
  return (await rowOf(student)).cells[0];
}

function csv(by: TestUser): Promise<TestResponse<string>> {
  return app.request<string>('GET', `/courses/${courseId}/gradebook.csv`, { token: by.token });
}

function override(
  by: TestUser,
  submissionId: string,
  body: object = { score: 7.5, reason: 'because' },
  headers: Record<string, string> = {},
): Promise<TestResponse<Override>> {
  return app.request('PUT', `/submissions/${submissionId}/override`, { token: by.token, body, headers });
}

function withdraw(
  by: TestUser,
  submissionId: string,
  headers: Record<string, string> = {},
): Promise<TestResponse<unknown>> {
  return app.request('DELETE', `/submissions/${submissionId}/override`, { token: by.token, headers });
}

function history(
  by: TestUser,
  submissionId: string,
  query = '',
): Promise<TestResponse<{ items: readonly Override[]; nextCursor: string | null }>> {
  return app.request('GET', `/submissions/${submissionId}/overrides${query}`, { token: by.token });
}

function problemOf({ body }: TestResponse<unknown>): { readonly detail: string } {
  return body as { readonly detail: string };
}

/** How many of the statements are ours, not the ones that tell who asks. */
async function statementsOfPage(): Promise<number> {
  const { logger } = app.app.get(DataSource);
  const original = logger.logQuery.bind(logger);
  let count = 0;
  logger.logQuery = (query, parameters, runner) => {
    if (/^\s*select/i.test(query) && /course|enrolment|assignment|submission/i.test(query)) count += 1;
    original(query, parameters, runner);
  };
  await gradebook(instructor, '?limit=100');
  logger.logQuery = original;
  return count;
}

describe('the gradebook', () => {
  it('has a row for each student and a column for each published assignment', async () => {
    const first = await createAssignment({ title: 'First' });
    const second = await createAssignment({ title: 'Second' });
    await createAssignment({ status: 'draft' });
    await createAssignment({ status: 'archived' });
    const graded = await submitted(second, ada, 1, { score: 4.5 });
    for (const user of [instructor, assistant, admin]) {
      const response = await gradebook(user);
      expect(response.status).toBe(200);
      expect(response.body.assignments.map(({ id }) => id)).toEqual([first, second]);
      expect(response.body.items.map(({ student }) => student.name)).toEqual(['Bob', 'Ada']);
      expect(response.body.nextCursor).toBeNull();
    }
    const { assignments } = (await gradebook(instructor)).body;
    expect(assignments[0]).toEqual({
      id: first,
      slug: 'first',
      title: 'First',
      maxPoints: 10,
      dueAt: null,
      latePolicy: { kind: 'none' },
      countedAttempt: 'best',
    });
    const row = await rowOf(ada);
    expect(row.student).toEqual({ id: ada.id, name: 'Ada', email: ada.email });
    expect(row.cells).toEqual([
      {
        assignmentId: first,
        maxScore: 10,
        submissionId: null,
        attempt: null,
        submittedAt: null,
        late: false,
        computedScore: null,
        overridden: false,
        score: null,
      },
      {
        assignmentId: second,
        maxScore: 10,
        submissionId: graded,
        attempt: 1,
        submittedAt: IN_TIME,
        late: false,
        computedScore: 4.5,
        overridden: false,
        score: 4.5,
      },
    ]);
    expect(row.total).toEqual({ score: 4.5, maxScore: 20 });
  });

  it('is empty in an empty course', async () => {
    const response = await gradebook(instructor);
    expect(response.body).toMatchObject({ assignments: [], nextCursor: null });
    expect(response.body.items.map(({ cells, total }) => [cells, total])).toEqual([
      [[], { score: 0, maxScore: 0 }],
      [[], { score: 0, maxScore: 0 }],
    ]);
  });

  it('counts the best attempt, of equal ones the first', async () => {
    const assignment = await createAssignment({ countedAttempt: 'best' });
    for (const [attempt, score] of [
      [1, 3],
      [2, 8],
      [3, 8],
      [4, 5],
    ] as const) {
      await submitted(assignment, ada, attempt, { score });
    }
    expect(await cellOf(ada)).toMatchObject({ attempt: 2, score: 8 });
  });

  it('counts the latest graded attempt', async () => {
    const assignment = await createAssignment({ countedAttempt: 'latest' });
    for (const [attempt, score] of [
      [1, 9],
      [2, 4],
    ] as const) {
      await submitted(assignment, ada, attempt, { score });
    }
    await submitted(assignment, ada, 3, { status: 'running', verdict: null, score: null, maxScore: null });
    await submitted(assignment, ada, 4, { status: 'failed', verdict: 'judge_error', score: null, maxScore: null });
    expect(await cellOf(ada)).toMatchObject({ attempt: 2, score: 4 });
  });

  it('applies the late policy before it chooses, by the dates as they are now', async () => {
    const latePolicy = { kind: 'percent', perDay: 25, max: 50 };
    const assignment = await createAssignment({ dueAt: DUE, latePolicy });
    await submitted(assignment, ada, 1, { score: 8, submittedAt: new Date(IN_TIME) });
    await submitted(assignment, ada, 2, { score: 10, submittedAt: new Date(A_DAY_LATE), late: true });
    await submitted(assignment, bob, 1, { score: 10, submittedAt: new Date(A_DAY_LATE), late: true });
    expect(await cellOf(ada)).toMatchObject({ attempt: 1, score: 8, late: false });
    expect(await cellOf(bob)).toMatchObject({ score: 7.5, computedScore: 10, late: true });
    await app.request('PATCH', `/assignments/${assignment}`, { token: instructor.token, body: { dueAt: null } });
    expect(await cellOf(ada)).toMatchObject({ attempt: 2, score: 10, late: false });
    expect(await cellOf(bob)).toMatchObject({ score: 10, late: false });
  });

  it('leaves out what staff submitted, and people who are no students', async () => {
    const assignment = await createAssignment();
    await submitted(assignment, ada, 1, { counts: false });
    await submitted(assignment, assistant, 1);
    expect(await cellOf(ada)).toMatchObject({ score: null });
    expect((await gradebook(instructor)).body.items).toHaveLength(2);
  });

  it('adds up in thousandths', async () => {
    for (const score of [0.1, 0.2]) await submitted(await createAssignment(), ada, 1, { score });
    expect((await rowOf(ada)).total).toEqual({ score: 0.3, maxScore: 20 });
  });

  it('goes on behind the cursor while students come in', async () => {
    await createAssignment();
    const first = await gradebook(instructor, '?limit=1');
    expect(first.body.items.map(({ student }) => student.name)).toEqual(['Bob']);
    const eve = await app.createUser({ name: 'Eve' });
    await addMember(eve, 'student');
    const second = await gradebook(instructor, `?limit=5&cursor=${first.body.nextCursor}`);
    expect(second.body.items.map(({ student }) => student.name)).toEqual(['Ada', 'Eve']);
    expect(second.body.assignments).toHaveLength(1);
    expectInvalid(await gradebook(instructor, '?limit=0'), 'limit');
    expectInvalid(await gradebook(instructor, '?cursor=x'), 'cursor');
    expectInvalid(await gradebook(instructor, '?studentId=x'), 'studentId');
  });

  it('takes as many statements for many students as for one', async () => {
    const assignments = [await createAssignment(), await createAssignment()];
    const few = await statementsOfPage();
    for (const assignment of assignments) {
      for (const student of [ada, bob]) await submitted(assignment, student, 1);
    }
    expect(await statementsOfPage()).toBe(few);
    expect(few).toBe(4);
  });

  it('shows students their own row and nobody else', async () => {
    const assignment = await createAssignment();
    await submitted(assignment, ada, 1, { score: 3 });
    await submitted(assignment, bob, 1, { score: 9 });
    const own = await gradebook(ada);
    expect(own.status).toBe(200);
    expect(own.body.items.map(({ student }) => student.id)).toEqual([ada.id]);
    expect(own.body.items[0]?.total.score).toBe(3);
    expect(JSON.stringify(own.body)).not.toContain('Bob');
  });

  it('is closed to strangers', async () => {
    for (const user of [stranger, otherInstructor]) expectProblem(await gradebook(user), 403, 'members_only');
    expectProblem(await app.request('GET', `/courses/${courseId}/gradebook`), 401, 'unauthenticated');
    await app.request('PATCH', `/courses/${courseId}`, { token: instructor.token, body: { status: 'draft' } });
    for (const user of [stranger, otherInstructor, ada]) expectProblem(await gradebook(user), 404, 'not_found');
  });
});

describe('the gradebook as CSV', () => {
  it('is a file with all students by name', async () => {
    const one = await createAssignment({ title: 'One, "two"' });
    await createAssignment({ title: 'Three' });
    await submitted(one, ada, 1, { score: 2.125 });
    const response = await csv(assistant);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="gradebook-G-1.csv"');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.body.split('\r\n')).toEqual([
      '"Student ID","Name","E-mail","One, ""two"" (one-two)","Three (three)","Total","Out of"',
      `"${ada.id}","Ada","${ada.email}",2.125,,2.125,20`,
      `"${bob.id}","Bob","${bob.email}",,,0,20`,
      '',
    ]);
  });

  it('begins with a byte order mark', async () => {
    const response = await fetch(`${app.url}/api/v1/courses/${courseId}/gradebook.csv`, {
      headers: { authorization: `Bearer ${instructor.token}` },
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(Array.from(bytes.subarray(0, 4))).toEqual([0xef, 0xbb, 0xbf, 0x22]);
  });

  it('makes formulas inert', async () => {
    await createAssignment({ title: '@SUM(A1)', slug: 'sum' });
    for (const name of ['=1+1', '\u00a0=cmd', '-2', '+4', "'=x"]) {
      await addMember(await app.createUser({ name }), 'student');
    }
    const { body } = await csv(instructor);
    const names = body.split('\r\n').map((line) => line.split(',')[1]);
    expect(names).toEqual(expect.arrayContaining([`"'=1+1"`, `"'-2"`, `"'+4"`, `"''=x"`]));
    expect(body).toContain(`"'@SUM(A1) (sum)"`);
    expect(body).not.toMatch(/(^|[,"])[\s\u00a0]*[=+@-]/m);
  });

  it('is for staff', async () => {
    for (const user of [ada, stranger, otherInstructor]) expectProblem(await csv(user), 403, 'staff_only');
    expectProblem(await app.request('GET', `/courses/${courseId}/gradebook.csv`), 401, 'unauthenticated');
    expectProblem(
      await app.request('GET', `/courses/${NOBODY}/gradebook.csv`, { token: admin.token }),
      404,
      'not_found',
    );
    expect((await csv(admin)).status).toBe(200);
  });
});

describe('a score that staff set', () => {
  it('counts as it is beside the computed one, which comes back when it is withdrawn', async () => {
    const assignment = await createAssignment({ dueAt: DUE, latePolicy: { kind: 'percent', perDay: 50 } });
    const submission = await submitted(assignment, ada, 1, { score: 6, submittedAt: new Date(A_DAY_LATE), late: true });
    const set = await override(assistant, submission, { score: 12.5, reason: 'Bonus' });
    expect(set.status).toBe(200);
    expect(set.body).toEqual({
      id: expect.any(String),
      submissionId: submission,
      score: 12.5,
      reason: 'Bonus',
      staffId: assistant.id,
      createdAt: expect.stringMatching(/Z$/),
      withdrawnAt: null,
      withdrawnById: null,
    });
    expect(await cellOf(ada)).toMatchObject({ score: 12.5, computedScore: 6, overridden: true, late: true });
    expect((await csv(instructor)).body).toContain(`"${ada.email}",12.5,12.5,10`);
    expect((await withdraw(instructor, submission)).status).toBe(204);
    expect(await cellOf(ada)).toMatchObject({ score: 3, overridden: false });
    expectProblem(await withdraw(instructor, submission), 404, 'not_found');
  });

  it('counts for a submission that Assay could not grade', async () => {
    const assignment = await createAssignment();
    const submission = await submitted(assignment, ada, 1, {
      status: 'failed',
      verdict: 'judge_error',
      score: null,
      maxScore: null,
    });
    await override(instructor, submission, { score: 0, reason: 'Nothing there' });
    expect(await cellOf(ada)).toMatchObject({ score: 0, maxScore: 10, computedScore: null, overridden: true });
  });

  it('stays on record, whatever follows', async () => {
    const submission = await submitted(await createAssignment(), ada, 1);
    await override(instructor, submission, { score: 1, reason: 'first' });
    await override(assistant, submission, { score: 2, reason: 'second' });
    await withdraw(admin, submission);
    await override(instructor, submission, { score: 3, reason: 'third' });
    const { body } = await history(assistant, submission);
    expect(
      body.items.map(({ score, reason, staffId, withdrawnById }) => [score, reason, staffId, withdrawnById]),
    ).toEqual([
      [3, 'third', instructor.id, null],
      [2, 'second', assistant.id, admin.id],
      [1, 'first', instructor.id, admin.id],
    ]);
    const page = await history(assistant, submission, '?limit=2');
    const rest = await history(assistant, submission, `?limit=2&cursor=${page.body.nextCursor}`);
    expect(rest.body.items.map(({ reason }) => reason)).toEqual(['first']);
  });

  it.each([
    [{ reason: 'x' }, '/score'],
    [{ score: 1 }, '/reason'],
    [{ score: -1, reason: 'x' }, '/score'],
    [{ score: 1_000_001, reason: 'x' }, '/score'],
    [{ score: 1.0001, reason: 'x' }, '/score'],
    [{ score: '1', reason: 'x' }, '/score'],
    [{ score: null, reason: 'x' }, '/score'],
    [{ score: 1, reason: '' }, '/reason'],
    [{ score: 1, reason: '  ' }, '/reason'],
    [{ score: 1, reason: 'a\u0000' }, '/reason'],
    [{ score: 1, reason: 'x', staffId: NOBODY }, '/staffId'],
  ])('is not %j', async (body, path) => {
    const submission = await submitted(await createAssignment(), ada, 1);
    expectInvalid(await override(instructor, submission, body), path);
    expect((await history(instructor, submission)).body.items).toEqual([]);
  });

  it('is for staff: 403 to the student whose work it is, 404 to all others', async () => {
    const assignment = await createAssignment();
    const submission = await submitted(assignment, ada, 1);
    for (const request of [override, withdraw, history]) {
      expectProblem(await request(ada, submission), 403, 'staff_only');
      for (const user of [bob, stranger, otherInstructor]) {
        expectProblem(await request(user, submission), 404, 'not_found');
      }
      expectProblem(await request(admin, NOBODY), 404, 'not_found');
    }
    const hidden = await override(bob, submission);
    const missing = await override(bob, NOBODY);
    expect(problemOf(hidden).detail).toBe(problemOf(missing).detail);
    const path = `/submissions/${submission}/override`;
    expectProblem(await app.request('PUT', path, { body: {} }), 401, 'unauthenticated');
    expect(await cellOf(ada)).toMatchObject({ overridden: false });
  });

  it('honours If-Match with the version of the submission', async () => {
    const submission = await submitted(await createAssignment(), ada, 1);
    const first = await override(instructor, submission);
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"2-/);
    expect((await override(assistant, submission, { score: 1, reason: 'x' }, { 'if-match': tag })).status).toBe(200);
    expectProblem(
      await override(instructor, submission, { score: 2, reason: 'x' }, { 'if-match': tag }),
      412,
      'version_mismatch',
    );
    expectProblem(await withdraw(instructor, submission, { 'if-match': tag }), 412, 'version_mismatch');
    expect(await cellOf(ada)).toMatchObject({ score: 1 });
  });

  it('is one of several that are set at the same time, and all are on record', async () => {
    const submission = await submitted(await createAssignment(), ada, 1);
    const all = await Promise.all(
      [1, 2, 3, 4].map((score) => override(instructor, submission, { score, reason: 'race' })),
    );
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await history(instructor, submission)).body.items).toHaveLength(4);
    const last = all.find(({ headers }) => headers.get('etag')?.startsWith('"5-'));
    expect(await cellOf(ada)).toMatchObject({ score: last?.body.score });
  });
});
