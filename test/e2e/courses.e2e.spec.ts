import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestResponse, type TestUser } from '../support/test-app.js';

interface Course {
  readonly id: string;
  readonly title: string;
  readonly code: string;
  readonly status: string;
  readonly enrolment: string;
  readonly enrolmentCode?: string | null;
  readonly myRole: string | null;
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly createdAt: string;
  readonly term: string | null;
}

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

interface Page {
  readonly items: readonly Course[];
  readonly nextCursor: string | null;
}

let app: TestApp;
let admin: TestUser;
let instructor: TestUser;
let otherInstructor: TestUser;
let student: TestUser;
let otherStudent: TestUser;
let assistant: TestUser;

beforeAll(async () => {
  app = await startTestApp({ worker: false });
  admin = await app.admin();
  instructor = await app.createUser({ role: 'instructor' });
  otherInstructor = await app.createUser({ role: 'instructor' });
  student = await app.createUser();
  otherStudent = await app.createUser();
  assistant = await app.createUser();
});

afterAll(async () => {
  await app?.close();
});

async function createCourse(fields: Record<string, unknown> = {}, by = instructor): Promise<Course> {
  const response = await app.request<Course>('POST', '/courses', {
    token: by.token,
    body: { code: 'C-1', title: 'A course', ...fields },
  });
  expect(response).toMatchObject({ status: 201 });
  return response.body;
}

async function addMember(course: Course, user: TestUser, role: string): Promise<void> {
  const response = await app.request('POST', `/courses/${course.id}/members`, {
    token: instructor.token,
    body: { userId: user.id, role },
  });
  expect(response.status).toBe(201);
}

function get(user: TestUser | undefined, path: string): Promise<TestResponse<Course & Problem>> {
  return app.request('GET', path, user === undefined ? {} : { token: user.token });
}

function patch(
  user: TestUser,
  course: Course,
  body: object,
  headers: Record<string, string> = {},
): Promise<TestResponse<Course & Problem>> {
  return app.request('PATCH', `/courses/${course.id}`, { token: user.token, body, headers });
}

async function idsOf(user: TestUser, query = ''): Promise<readonly string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const from: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page: TestResponse<Page> = await app.request<Page>('GET', `/courses?limit=100${query}${from}`, {
      token: user.token,
    });
    expect(page.status).toBe(200);
    ids.push(...page.body.items.map(({ id }) => id));
    cursor = page.body.nextCursor;
  } while (cursor !== null);
  return ids;
}

function enrol(user: TestUser, course: Course, body?: object): Promise<TestResponse<Problem & { role: string }>> {
  return app.request('POST', `/courses/${course.id}/enrol`, {
    token: user.token,
    ...(body === undefined ? {} : { body }),
  });
}

function createOnce(title: string): Promise<TestResponse<Course & Problem>> {
  return app.request('POST', '/courses', {
    token: instructor.token,
    body: { code: 'ONCE', title },
    headers: { 'idempotency-key': '"make-one"' },
  });
}

describe('creating a course', () => {
  it('needs a code and a title only, and makes a draft that staff let people into', async () => {
    const response = await app.request<Course>('POST', '/courses', {
      token: instructor.token,
      body: { code: 'BACKEND-101', title: 'Backend Foundations' },
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(`/api/v1/courses/${response.body.id}`);
    expect(response.headers.get('etag')).toMatch(/^"1-/);
    expect(response.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      code: 'BACKEND-101',
      title: 'Backend Foundations',
      description: '',
      term: null,
      status: 'draft',
      enrolment: 'invite',
      startsAt: null,
      endsAt: null,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      myRole: 'instructor',
      enrolmentCode: null,
      gradingWeight: 1,
    });
  });

  it('keeps every field that is sent, with times in UTC and milliseconds', async () => {
    const sent = {
      code: 'X',
      title: 'Ünïcode ✓',
      description: '# Heading\n\ttext',
      term: 'Autumn',
      status: 'published',
      enrolment: 'code',
      enrolmentCode: 'let me in',
      startsAt: '2026-09-01T10:00:00+02:00',
      endsAt: '2026-12-01T00:00:00.5Z',
    };
    const course = await createCourse(sent);
    const read = await get(instructor, `/courses/${course.id}`);
    expect(read.body).toMatchObject({
      ...sent,
      startsAt: '2026-09-01T08:00:00.000Z',
      endsAt: '2026-12-01T00:00:00.500Z',
    });
  });

  it('makes an enrolment code where one is needed and none was sent', async () => {
    const course = await createCourse({ enrolment: 'code' });
    expect(course.enrolmentCode).toMatch(/^[A-Z2-9]{5}-[A-Z2-9]{5}$/);
  });

  it('is for administrators and instructors of the platform', async () => {
    const body = { code: 'C', title: 'T' };
    expect((await app.request('POST', '/courses', { body })).status).toBe(401);
    expect((await app.request('POST', '/courses', { token: student.token, body })).status).toBe(403);
    const byAdmin = await createCourse({}, admin);
    expect(byAdmin.myRole).toBe('instructor');
  });

  it.each([
    [{ title: 'T' }, '/code'],
    [{ code: 'C' }, '/title'],
    [{ code: '   ', title: 'T' }, '/code'],
    [{ code: 'C', title: 'two\nlines' }, '/title'],
    [{ code: 'C', title: 'T', description: 'a\u0000b' }, '/description'],
    [{ code: 'C', title: 'T', description: null }, '/description'],
    [{ code: 'C', title: 'x'.repeat(201) }, '/title'],
    [{ code: 'C', title: 'T', status: 'secret' }, '/status'],
    [{ code: 'C', title: 'T', enrolment: null }, '/enrolment'],
    [{ code: 'C', title: 'T', startsAt: '2026-02-30T00:00:00Z' }, '/startsAt'],
    [{ code: 'C', title: 'T', startsAt: '2026-02-03' }, '/startsAt'],
    [{ code: 'C', title: 'T', startsAt: 5 }, '/startsAt'],
    [{ code: 'C', title: 'T', startsAt: '2026-02-02T00:00:00Z', endsAt: '2026-02-01T00:00:00Z' }, '/endsAt'],
    [{ code: 'C', title: 'T', createdAt: '2026-02-01T00:00:00Z' }, '/createdAt'],
    [{ code: 'C', title: 'T', ownerId: 'x' }, '/ownerId'],
  ])('refuses %j', async (body, path) => {
    const response = await app.request<Problem>('POST', '/courses', { token: instructor.token, body });
    expect(response.status).toBe(422);
    expect(response.body.errors?.map((error) => error.path)).toContain(path);
  });

  it('answers a repeated request with the same course', async () => {
    const first = await createOnce('Once');
    const again = await createOnce('Once');
    const other = await createOnce('Twice');
    expect([first.status, again.status, other.status]).toEqual([201, 201, 422]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(other.body.code).toBe('idempotency_key_reused');
  });
});

describe('who sees a course', () => {
  it.each([
    ['draft', { admin: 200, instructor: 200, assistant: 200, student: 404, otherStudent: 404, otherInstructor: 404 }],
    [
      'published',
      { admin: 200, instructor: 200, assistant: 200, student: 200, otherStudent: 200, otherInstructor: 200 },
    ],
    [
      'archived',
      { admin: 200, instructor: 200, assistant: 200, student: 200, otherStudent: 404, otherInstructor: 404 },
    ],
  ])('%s: as the contract says, in the list too', async (status, expected) => {
    const course = await createCourse();
    await addMember(course, assistant, 'assistant');
    await addMember(course, student, 'student');
    expect((await patch(instructor, course, { status })).status).toBe(200);
    const users = { admin, instructor, assistant, student, otherStudent, otherInstructor };
    for (const [name, user] of Object.entries(users)) {
      const wanted = expected[name as keyof typeof expected];
      expect([name, (await get(user, `/courses/${course.id}`)).status]).toEqual([name, wanted]);
      expect([name, (await idsOf(user)).includes(course.id)]).toEqual([name, wanted === 200]);
    }
    expect((await get(undefined, `/courses/${course.id}`)).status).toBe(401);
  });

  it('answers alike for a hidden course, a missing one and no id at all', async () => {
    const hidden = await createCourse();
    const answers = await Promise.all([
      get(student, `/courses/${hidden.id}`),
      get(student, '/courses/01900000-0000-7000-8000-000000000000'),
    ]);
    const [one, two] = answers.map(({ status, body }) => ({ status, code: body.code, detail: body.detail }));
    expect(one).toEqual(two);
    expect((await get(student, '/courses/nonsense')).status).toBe(404);
  });

  it('shows the enrolment code and the role to those whom they concern', async () => {
    const course = await createCourse({ status: 'published', enrolment: 'code' });
    await addMember(course, assistant, 'assistant');
    await addMember(course, student, 'student');
    const seenBy = async (user: TestUser): Promise<Course> => (await get(user, `/courses/${course.id}`)).body;
    expect(await seenBy(assistant)).toMatchObject({ myRole: 'assistant', enrolmentCode: course.enrolmentCode });
    expect(await seenBy(admin)).toMatchObject({ myRole: null, enrolmentCode: course.enrolmentCode });
    const asStudent = await seenBy(student);
    expect(asStudent.myRole).toBe('student');
    expect(asStudent).not.toHaveProperty('enrolmentCode');
    expect(await seenBy(otherInstructor)).not.toHaveProperty('enrolmentCode');
    const { body } = await app.request<Page>('GET', '/courses?limit=100', { token: student.token });
    expect(body.items.find(({ id }) => id === course.id)).not.toHaveProperty('enrolmentCode');
  });
});

describe('listing courses', () => {
  it('goes on behind the cursor while courses are added', async () => {
    const made = [];
    for (let number = 0; number < 5; number += 1) made.push((await createCourse({ status: 'published' })).id);
    const first = await app.request<Page>('GET', '/courses?limit=2', { token: otherStudent.token });
    expect(first.body.items.map(({ id }) => id)).toEqual([made[4], made[3]]);
    await createCourse({ status: 'published' });
    const second = await app.request<Page>('GET', `/courses?limit=2&cursor=${first.body.nextCursor}`, {
      token: otherStudent.token,
    });
    expect(second.body.items.map(({ id }) => id)).toEqual([made[2], made[1]]);
  });

  it('ends with nextCursor null', async () => {
    const page = await app.request<Page>('GET', '/courses?limit=100&mine=true', {
      token: (await app.createUser()).token,
    });
    expect(page.body).toEqual({ items: [], nextCursor: null });
  });

  it('takes filters', async () => {
    const course = await createCourse({ status: 'published' });
    await addMember(course, student, 'student');
    const archived = await createCourse();
    await patch(instructor, archived, { status: 'archived' });
    expect(await idsOf(student, '&mine=true')).toContain(course.id);
    expect(await idsOf(otherStudent, '&mine=true')).not.toContain(course.id);
    expect(await idsOf(instructor, '&status=archived')).toContain(archived.id);
    expect(await idsOf(instructor, '&status=archived')).not.toContain(course.id);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'cursor=nonsense', 'cursor=', 'status=gone', 'mine=maybe', 'sort=title'])(
    'refuses ?%s',
    async (query) => {
      const response = await app.request<Problem>('GET', `/courses?${query}`, { token: student.token });
      expect(response.status).toBe(422);
      expect(response.body.errors?.[0]?.path).toBe(query.split('=')[0]);
    },
  );
});

describe('changing a course', () => {
  it('is a merge patch: what is left out stays, null clears', async () => {
    const course = await createCourse({ term: 'Autumn', startsAt: '2026-09-01T00:00:00Z' });
    const changed = await patch(instructor, course, { title: 'New', term: null });
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual({ ...course, title: 'New', term: null });
    expect((await get(instructor, `/courses/${course.id}`)).body).toEqual(changed.body);
  });

  it.each([
    [{ title: null }, '/title'],
    [{ status: null }, '/status'],
    [{ endsAt: '2026-08-01T00:00:00Z' }, '/endsAt'],
    [{ id: '01900000-0000-7000-8000-000000000000' }, '/id'],
    [{ myRole: 'instructor' }, '/myRole'],
  ])('refuses %j', async (body, path) => {
    const course = await createCourse({ startsAt: '2026-09-01T00:00:00Z' });
    const response = await patch(instructor, course, body);
    expect(response.status).toBe(422);
    expect(response.body.errors?.map((error) => error.path)).toContain(path);
    expect((await get(instructor, `/courses/${course.id}`)).body).toEqual(course);
  });

  it('is for instructors of the course and administrators', async () => {
    const course = await createCourse({ status: 'published' });
    await addMember(course, assistant, 'assistant');
    await addMember(course, student, 'student');
    const statuses = async (target: Course): Promise<readonly number[]> => {
      const found = [];
      for (const user of [student, otherStudent, assistant, otherInstructor, admin]) {
        found.push((await patch(user, target, { title: 'Mine' })).status);
        found.push(
          (
            await app.request('DELETE', `/courses/${target.id}`, {
              token: user.token,
              headers: { 'if-match': '"999-x"' },
            })
          ).status,
        );
      }
      return found;
    };
    expect(await statuses(course)).toEqual([403, 403, 403, 403, 403, 403, 403, 403, 200, 412]);
    await patch(instructor, course, { status: 'draft' });
    expect(await statuses(course)).toEqual([404, 404, 404, 404, 403, 403, 404, 404, 200, 412]);
  });

  it('gives another code when the code is cleared', async () => {
    const course = await createCourse({ enrolment: 'code' });
    const changed = await patch(instructor, course, { enrolmentCode: null });
    expect(changed.body.enrolmentCode).toMatch(/^.{5}-.{5}$/);
    expect(changed.body.enrolmentCode).not.toBe(course.enrolmentCode);
  });

  it('honours If-Match, also of two edits at the same time', async () => {
    const course = await createCourse();
    const tag = (await get(instructor, `/courses/${course.id}`)).headers.get('etag') ?? '';
    const edits = await Promise.all(
      ['A', 'B', 'C'].map((title) => patch(instructor, course, { title }, { 'if-match': tag })),
    );
    expect(edits.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412]);
    const winner = edits.find(({ status }) => status === 200);
    expect((await get(instructor, `/courses/${course.id}`)).body.title).toBe(winner?.body.title);
    const known = await app.request('GET', `/courses/${course.id}`, {
      token: instructor.token,
      headers: { 'if-none-match': winner?.headers.get('etag') ?? '' },
    });
    expect(known.status).toBe(304);
  });

  it('loses no edit of parallel ones to different fields', async () => {
    const course = await createCourse();
    const edits = await Promise.all([
      patch(instructor, course, { title: 'New title' }),
      patch(instructor, course, { term: 'New term' }),
      patch(instructor, course, { code: 'NEW' }),
    ]);
    expect(edits.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await get(instructor, `/courses/${course.id}`)).body).toMatchObject({
      title: 'New title',
      term: 'New term',
      code: 'NEW',
    });
  });
});

describe('archiving a course', () => {
  it('keeps it for its members, twice without harm, and can be undone', async () => {
    const course = await createCourse({ status: 'published' });
    await addMember(course, student, 'student');
    for (let time = 0; time < 2; time += 1) {
      const response = await app.request('DELETE', `/courses/${course.id}`, { token: instructor.token });
      expect(response.status).toBe(204);
      expect(response.body).toBe('');
    }
    expect((await get(student, `/courses/${course.id}`)).body.status).toBe('archived');
    expect((await patch(instructor, course, { status: 'published' })).body.status).toBe('published');
  });
});

describe('enrolling', () => {
  it('lets everyone into an open course, once, with or without a body', async () => {
    const course = await createCourse({ status: 'published', enrolment: 'open' });
    const first = await enrol(student, course);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ courseId: course.id, userId: student.id, role: 'student' });
    const again = await enrol(student, course, {});
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect((await get(student, `/courses/${course.id}`)).body.myRole).toBe('student');
  });

  it('leaves the role of who is in the course already', async () => {
    const course = await createCourse({ status: 'published', enrolment: 'open' });
    const response = await enrol(instructor, course);
    expect([response.status, response.body.role]).toEqual([200, 'instructor']);
  });

  it('asks for the right code', async () => {
    const course = await createCourse({ status: 'published', enrolment: 'code', enrolmentCode: 'open sesame' });
    for (const body of [undefined, {}, { code: 'Open Sesame' }, { code: '' }, { code: 'open sesame!' }]) {
      const refused = await enrol(student, course, body);
      expect([refused.status, refused.body.code, refused.body.errors?.[0]?.path]).toEqual([422, 'wrong_code', '/code']);
    }
    expect((await enrol(student, course, { code: ' open sesame ' })).status).toBe(201);
    expect((await enrol(student, course, { code: 'wrong by now' })).status).toBe(200);
  });

  it.each(['invite', 'paid'])('closes a course whose enrolment is %s', async (enrolment) => {
    const course = await createCourse({ status: 'published', enrolment });
    const refused = await enrol(student, course);
    expect([refused.status, refused.body.code]).toEqual([403, 'enrolment_closed']);
  });

  it('closes drafts and archived courses', async () => {
    const course = await createCourse({ enrolment: 'open' });
    expect((await enrol(student, course)).status).toBe(404);
    expect([(await enrol(admin, course)).status, (await enrol(admin, course)).body.code]).toEqual([
      403,
      'enrolment_closed',
    ]);
    await patch(instructor, course, { status: 'archived' });
    expect((await enrol(student, course)).status).toBe(404);
    expect((await enrol(admin, course)).status).toBe(403);
  });

  it('makes one member of many clicks', async () => {
    const course = await createCourse({ status: 'published', enrolment: 'open' });
    const clicks = await Promise.all(Array.from({ length: 8 }, () => enrol(otherStudent, course)));
    expect(clicks.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 200, 200, 200, 200, 200, 200, 201,
    ]);
    const members = await app.request<Page>('GET', `/courses/${course.id}/members`, { token: instructor.token });
    expect(members.body.items).toHaveLength(2);
  });

  it('gives the same answer to the same Idempotency-Key', async () => {
    const course = await createCourse({ status: 'published', enrolment: 'open' });
    const send = (): Promise<TestResponse<unknown>> =>
      app.request('POST', `/courses/${course.id}/enrol`, {
        token: student.token,
        body: {},
        headers: { 'idempotency-key': 'enrol-me' },
      });
    expect([(await send()).status, (await send()).status]).toEqual([201, 201]);
    expect((await enrol(student, course)).status).toBe(200);
  });

  it('needs somebody who is signed in', async () => {
    const course = await createCourse({ status: 'published', enrolment: 'open' });
    expect((await app.request('POST', `/courses/${course.id}/enrol`, { body: {} })).status).toBe(401);
  });

  it('refuses unknown properties', async () => {
    const course = await createCourse({ status: 'published', enrolment: 'open' });
    const response = await enrol(student, course, { role: 'instructor' });
    expect([response.status, response.body.errors?.[0]?.path]).toEqual([422, '/role']);
  });
});
