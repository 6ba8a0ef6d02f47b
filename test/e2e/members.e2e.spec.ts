import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectInvalid, expectProblem } from '../support/expect-problem.js';
import { startTestApp, type TestApp, type TestResponse, type TestUser } from '../support/test-app.js';

interface Member {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly enrolledAt: string;
}

interface Page {
  readonly items: readonly Member[];
  readonly nextCursor: string | null;
}

const NOBODY = '01900000-0000-7000-8000-000000000000';

let app: TestApp;
let admin: TestUser;
let instructor: TestUser;
let otherInstructor: TestUser;
let assistant: TestUser;
let student: TestUser;
let otherStudent: TestUser;
/** Published, with the three of them in it. */
let courseId: string;

beforeAll(async () => {
  app = await startTestApp({ worker: false });
  admin = await app.admin();
  instructor = await app.createUser({ role: 'instructor' });
  otherInstructor = await app.createUser({ role: 'instructor' });
  assistant = await app.createUser();
  student = await app.createUser({ name: 'Stu Dent' });
  otherStudent = await app.createUser();
});

afterAll(async () => {
  await app?.close();
});

beforeEach(async () => {
  const course = await app.request<{ id: string }>('POST', '/courses', {
    token: instructor.token,
    body: { code: 'M', title: 'Members', status: 'published' },
  });
  courseId = course.body.id;
  await add(instructor, { userId: assistant.id, role: 'assistant' });
  await add(instructor, { userId: student.id, role: 'student' });
});

function add(by: TestUser, body: object, headers: Record<string, string> = {}): Promise<TestResponse<Member>> {
  return app.request('POST', `/courses/${courseId}/members`, { token: by.token, body, headers });
}

function list(by: TestUser, query = ''): Promise<TestResponse<Page>> {
  return app.request('GET', `/courses/${courseId}/members${query}`, { token: by.token });
}

function patch(
  by: TestUser,
  userId: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<TestResponse<Member>> {
  return app.request('PATCH', `/courses/${courseId}/members/${userId}`, { token: by.token, body, headers });
}

function remove(by: TestUser, userId: string, headers: Record<string, string> = {}): Promise<TestResponse<unknown>> {
  return app.request('DELETE', `/courses/${courseId}/members/${userId}`, { token: by.token, headers });
}

async function rolesIn(): Promise<Record<string, string>> {
  const { body } = await list(instructor);
  return Object.fromEntries(body.items.map(({ userId, role }) => [userId, role]));
}

describe('listing members', () => {
  it('shows staff everyone, who came last first', async () => {
    for (const user of [instructor, assistant, admin]) {
      const response = await list(user);
      expect(response.status).toBe(200);
      expect(response.body.items.map(({ userId, role }) => [userId, role])).toEqual([
        [student.id, 'student'],
        [assistant.id, 'assistant'],
        [instructor.id, 'instructor'],
      ]);
    }
    expect((await list(instructor)).body.items[0]).toEqual({
      userId: student.id,
      name: 'Stu Dent',
      email: student.email,
      role: 'student',
      enrolledAt: expect.stringMatching(/\.\d{3}Z$/),
    });
  });

  it('is closed to all others', async () => {
    for (const user of [student, otherStudent, otherInstructor]) expectProblem(await list(user), 403, 'staff_only');
    expectProblem(await app.request('GET', `/courses/${courseId}/members`), 401, 'unauthenticated');
    expectProblem(await app.request('GET', `/courses/${NOBODY}/members`, { token: admin.token }), 404, 'not_found');
    await app.request('PATCH', `/courses/${courseId}`, { token: instructor.token, body: { status: 'draft' } });
    for (const user of [student, otherStudent, otherInstructor]) expectProblem(await list(user), 404, 'not_found');
  });

  it('filters by role and goes on behind the cursor while members are added', async () => {
    expect((await list(instructor, '?role=assistant')).body.items.map(({ userId }) => userId)).toEqual([assistant.id]);
    const first = await list(instructor, '?limit=2');
    await add(instructor, { userId: otherStudent.id, role: 'student' });
    const second = await list(instructor, `?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body.items.map(({ userId }) => userId)).toEqual([instructor.id]);
    expect(second.body.nextCursor).toBeNull();
    expectInvalid(await list(instructor, '?role=admin'), 'role');
    expectInvalid(await list(instructor, '?limit=1000&cursor=x'), 'limit');
  });

  it('shows one member to staff', async () => {
    const path = `/courses/${courseId}/members/${student.id}`;
    const response = await app.request<Member>('GET', path, { token: assistant.token });
    expect([response.status, response.body.name]).toEqual([200, 'Stu Dent']);
    expectProblem(await app.request('GET', path, { token: student.token }), 403, 'staff_only');
    expectProblem(
      await app.request('GET', `/courses/${courseId}/members/${otherStudent.id}`, { token: assistant.token }),
      404,
      'not_found',
    );
  });
});

describe('adding a member', () => {
  it('takes an e-mail address in any case, or an id', async () => {
    const byEmail = await add(instructor, { email: otherStudent.email.toUpperCase(), role: 'assistant' });
    expect(byEmail.status).toBe(201);
    expect(byEmail.headers.get('location')).toBe(`/api/v1/courses/${courseId}/members/${otherStudent.id}`);
    expect(byEmail.body).toMatchObject({ userId: otherStudent.id, role: 'assistant' });
    const byId = await add(admin, { userId: otherInstructor.id, role: 'instructor' });
    expect(byId.status).toBe(201);
    expect(await rolesIn()).toMatchObject({ [otherStudent.id]: 'assistant', [otherInstructor.id]: 'instructor' });
  });

  it('says that somebody is a member already, also to the slower of two', async () => {
    expectProblem(await add(instructor, { userId: student.id, role: 'assistant' }), 409, 'already_member');
    const both = await Promise.all([1, 2].map(() => add(instructor, { userId: otherStudent.id, role: 'student' })));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    expect((await rolesIn())[student.id]).toBe('student');
  });

  it('refuses unknown people with a message that says what to do', async () => {
    const byEmail = await add(instructor, { email: 'nobody@example.org', role: 'student' });
    expectProblem(byEmail, 422, 'unknown_user');
    expect(byEmail.body).toMatchObject({ errors: [{ path: '/email', message: expect.stringContaining('register') }] });
    expectProblem(await add(instructor, { userId: NOBODY, role: 'student' }), 422, 'unknown_user');
  });

  it('wants exactly one name for them, and a course role', async () => {
    expectInvalid(await add(instructor, { role: 'student' }), '');
    expectInvalid(await add(instructor, { userId: otherStudent.id, email: otherStudent.email, role: 'student' }), '');
    expectInvalid(await add(instructor, { userId: otherStudent.id }), '/role');
    expectInvalid(await add(instructor, { userId: otherStudent.id, role: 'admin' }), '/role');
    expectInvalid(await add(instructor, { userId: 'x', email: 'x', role: 'student' }), '/email', '/userId');
    expectInvalid(await add(instructor, { userId: null, role: 'student' }), '/userId');
    expectInvalid(await add(instructor, { userId: otherStudent.id, role: 'student', version: 7 }), '/version');
  });

  it('is for instructors of the course and administrators', async () => {
    const body = { userId: otherStudent.id, role: 'student' };
    for (const user of [student, assistant, otherStudent, otherInstructor]) {
      expectProblem(await add(user, body), 403, 'instructors_only');
    }
    expectProblem(await app.request('POST', `/courses/${courseId}/members`, { body }), 401, 'unauthenticated');
    await app.request('PATCH', `/courses/${courseId}`, { token: instructor.token, body: { status: 'draft' } });
    expectProblem(await add(otherInstructor, body), 404, 'not_found');
    expect((await add(admin, body)).status).toBe(201);
  });

  it('answers a repeated request with the same member', async () => {
    const body = { userId: otherStudent.id, role: 'student' };
    const first = await add(instructor, body, { 'idempotency-key': 'add' });
    const again = await add(instructor, body, { 'idempotency-key': 'add' });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
  });
});

describe('changing a member', () => {
  it('gives another role, which counts at once', async () => {
    const changed = await patch(instructor, student.id, { role: 'assistant' });
    expect([changed.status, changed.body.role]).toEqual([200, 'assistant']);
    expect((await list(student)).status).toBe(200);
    await patch(instructor, student.id, { role: 'student' });
    expectProblem(await list(student), 403, 'staff_only');
  });

  it('is a merge patch that knows one field', async () => {
    expect((await patch(instructor, student.id, {})).body.role).toBe('student');
    expectInvalid(await patch(instructor, student.id, { role: null }), '/role');
    expectInvalid(await patch(instructor, student.id, { userId: otherStudent.id }), '/userId');
  });

  it('honours If-Match', async () => {
    const path = `/courses/${courseId}/members/${student.id}`;
    const tag = (await app.request('GET', path, { token: instructor.token })).headers.get('etag') ?? '';
    expect((await patch(instructor, student.id, { role: 'assistant' }, { 'if-match': tag })).status).toBe(200);
    const stale = await patch(instructor, student.id, { role: 'instructor' }, { 'if-match': tag });
    expectProblem(stale, 412, 'version_mismatch');
    expectProblem(await remove(instructor, student.id, { 'if-match': tag }), 412, 'version_mismatch');
  });

  it('is for instructors of the course and administrators', async () => {
    for (const user of [student, assistant, otherStudent, otherInstructor]) {
      expectProblem(await patch(user, student.id, { role: 'instructor' }), 403, 'instructors_only');
      expectProblem(await remove(user, student.id), 403, 'instructors_only');
    }
    expectProblem(await patch(instructor, otherStudent.id, { role: 'assistant' }), 404, 'not_found');
    expectProblem(await remove(instructor, otherStudent.id), 404, 'not_found');
    expect((await patch(admin, student.id, { role: 'assistant' })).status).toBe(200);
  });
});

describe('the last instructor', () => {
  it('stays, whoever asks', async () => {
    for (const user of [instructor, admin]) {
      expectProblem(await patch(user, instructor.id, { role: 'student' }), 409, 'last_instructor');
      expectProblem(await remove(user, instructor.id), 409, 'last_instructor');
    }
  });

  it('may go when there is another', async () => {
    await patch(instructor, assistant.id, { role: 'instructor' });
    expect((await remove(assistant, instructor.id)).status).toBe(204);
    expectProblem(await patch(instructor, student.id, { role: 'assistant' }), 403, 'instructors_only');
  });

  it('is left when two remove each other at the same time', async () => {
    await patch(instructor, assistant.id, { role: 'instructor' });
    const both = await Promise.all([
      patch(instructor, assistant.id, { role: 'student' }),
      remove(assistant, instructor.id),
    ]);
    expect(both.filter(({ status }) => status < 300)).toHaveLength(1);
    const left = await list(admin, '?role=instructor');
    expect(left.body.items).toHaveLength(1);
  });
});

describe('taking somebody out', () => {
  it('ends what they may see', async () => {
    expect((await app.request('GET', `/courses/${courseId}/assignments`, { token: student.token })).status).toBe(200);
    expect((await remove(instructor, student.id)).status).toBe(204);
    expectProblem(
      await app.request('GET', `/courses/${courseId}/assignments`, { token: student.token }),
      403,
      'members_only',
    );
    expectProblem(await remove(instructor, student.id), 404, 'not_found');
  });
});
