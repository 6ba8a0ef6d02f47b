import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectInvalid, expectProblem } from '../support/expect-problem.js';
import { startTestApp, type TestApp, type TestResponse, type TestUser } from '../support/test-app.js';

interface Grading {
  readonly runtime?: string;
  readonly limits?: Record<string, unknown>;
  readonly files?: readonly { path: string }[];
  readonly tests: readonly Record<string, unknown>[];
  readonly groups?: readonly unknown[];
}

interface Assignment {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly status: string;
  readonly maxPoints: number;
  readonly gradingVersion: number;
  readonly maxAttempts: number | null;
  readonly latePolicy: object;
  readonly grading: Grading;
}

interface Page {
  readonly items: readonly Assignment[];
  readonly nextCursor: string | null;
}

const NOBODY = '01900000-0000-7000-8000-000000000000';

const adds = { kind: 'program', name: 'adds', points: 2, stdin: '1 2\n', expect: { stdout: '3\n' } };
const grading = { runtime: 'python', entrypoint: 'main.py', tests: [adds] };

let app: TestApp;
let admin: TestUser;
let instructor: TestUser;
let otherInstructor: TestUser;
let assistant: TestUser;
let student: TestUser;
let otherStudent: TestUser;
let courseId: string;

beforeAll(async () => {
  app = await startTestApp({ worker: false });
  admin = await app.admin();
  instructor = await app.createUser({ role: 'instructor' });
  otherInstructor = await app.createUser({ role: 'instructor' });
  assistant = await app.createUser();
  student = await app.createUser();
  otherStudent = await app.createUser();
});

afterAll(async () => {
  await app?.close();
});

beforeEach(async () => {
  const course = await app.request<{ id: string }>('POST', '/courses', {
    token: instructor.token,
    body: { code: 'A', title: 'Assignments', status: 'published' },
  });
  courseId = course.body.id;
  for (const [user, role] of [
    [assistant, 'assistant'],
    [student, 'student'],
  ] as const) {
    await app.request('POST', `/courses/${courseId}/members`, {
      token: instructor.token,
      body: { userId: user.id, role },
    });
  }
});

function post(by: TestUser, body: object, headers: Record<string, string> = {}): Promise<TestResponse<Assignment>> {
  return app.request('POST', `/courses/${courseId}/assignments`, { token: by.token, body, headers });
}

async function create(fields: Record<string, unknown> = {}): Promise<Assignment> {
  const response = await post(instructor, { title: 'An assignment', status: 'published', grading, ...fields });
  expect(response).toMatchObject({ status: 201 });
  return response.body;
}

function get(by: TestUser, id: string): Promise<TestResponse<Assignment>> {
  return app.request('GET', `/assignments/${id}`, { token: by.token });
}

function list(by: TestUser, query = ''): Promise<TestResponse<Page>> {
  return app.request('GET', `/courses/${courseId}/assignments${query}`, { token: by.token });
}

function patch(
  by: TestUser,
  id: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<TestResponse<Assignment>> {
  return app.request('PATCH', `/assignments/${id}`, { token: by.token, body, headers });
}

function archive(by: TestUser, id: string, headers: Record<string, string> = {}): Promise<TestResponse<unknown>> {
  return app.request('DELETE', `/assignments/${id}`, { token: by.token, headers });
}

describe('creating an assignment', () => {
  it('needs a title and a grading document only', async () => {
    const response = await post(instructor, { title: 'Größer & schöner: Über Łódź!', grading });
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(`/api/v1/assignments/${response.body.id}`);
    expect(response.headers.get('etag')).toMatch(/^"1-/);
    expect(response.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      courseId,
      slug: 'grosser-schoner-uber-lodz',
      title: 'Größer & schöner: Über Łódź!',
      instructions: '',
      status: 'draft',
      opensAt: null,
      dueAt: null,
      closesAt: null,
      maxAttempts: null,
      latePolicy: { kind: 'none' },
      countedAttempt: 'best',
      supersedes: false,
      maxPoints: 2,
      grading,
      gradingVersion: 1,
    });
    expect((await get(instructor, response.body.id)).body).toEqual(response.body);
  });

  it('keeps every field that is sent', async () => {
    const sent = {
      slug: 'my-slug-2',
      title: 'All of it',
      instructions: '# Do\n\nthis',
      status: 'published',
      opensAt: '2026-09-01T08:00:00.000Z',
      dueAt: '2026-09-08T08:00:00.000Z',
      closesAt: '2026-09-09T08:00:00.000Z',
      maxAttempts: 3,
      latePolicy: { kind: 'percent', perDay: 10, max: 50 },
      countedAttempt: 'latest',
    };
    const made = await create(sent);
    expect((await get(instructor, made.id)).body).toMatchObject(sent);
  });

  it('sums the points of tests and groups', async () => {
    const tests = [0.1, 0.2, 7].map((points, number) => ({ ...adds, name: `test ${number}`, points }));
    const groups = [{ name: 'both', points: 5, scoring: 'all', tests: ['test 2'] }];
    expect((await create({ grading: { ...grading, tests, groups } })).maxPoints).toBe(5.3);
  });

  it('makes slugs that are free, also at the same time, and refuses those that are taken', async () => {
    const made = await Promise.all([1, 2, 3, 4].map(() => create({ title: 'LRU cache' })));
    expect(made.map(({ slug }) => slug).toSorted()).toEqual(['lru-cache', 'lru-cache-2', 'lru-cache-3', 'lru-cache-4']);
    expect((await create({ title: '課題' })).slug).toBe('assignment');
    expectProblem(await post(instructor, { title: 'X', slug: 'lru-cache', grading }), 409, 'slug_taken');
  });

  it.each([
    [{ grading }, ['/title']],
    [{ title: 'T' }, ['/grading']],
    [{ title: 'T', grading: [] }, ['/grading']],
    [{ title: 'T', grading: null }, ['/grading']],
    [{ title: 'T', grading, slug: 'No Slug' }, ['/slug']],
    [{ title: 'T', grading, slug: '-x' }, ['/slug']],
    [{ title: 'T', grading, maxAttempts: 0 }, ['/maxAttempts']],
    [{ title: 'T', grading, maxAttempts: 1001 }, ['/maxAttempts']],
    [{ title: 'T', grading, maxAttempts: 1.5 }, ['/maxAttempts']],
    [{ title: 'T', grading, countedAttempt: 'first' }, ['/countedAttempt']],
    [{ title: 'T', grading, latePolicy: 'none' }, ['/latePolicy']],
    [{ title: 'T', grading, latePolicy: { kind: 'percent' } }, ['/latePolicy/perDay']],
    [
      { title: 'T', grading, latePolicy: { kind: 'percent', perDay: 101, max: -1 } },
      ['/latePolicy/max', '/latePolicy/perDay'],
    ],
    [{ title: 'T', grading, latePolicy: { kind: 'none', perDay: 5 } }, ['/latePolicy/perDay']],
    [{ title: 'T', grading, latePolicy: { kind: 'harsh' } }, ['/latePolicy/kind']],
    [{ title: 'T', grading, maxPoints: 5 }, ['/maxPoints']],
    [{ title: 'T', grading, gradingVersion: 5 }, ['/gradingVersion']],
    [{ title: 'T', grading, opensAt: '2026-09-02T00:00:00Z', dueAt: '2026-09-01T00:00:00Z' }, ['/dueAt']],
    [{ title: 'T', grading, dueAt: '2026-09-02T00:00:00Z', closesAt: '2026-09-01T00:00:00Z' }, ['/closesAt']],
    [{ title: 'T', grading, opensAt: '2026-09-02T00:00:00Z', closesAt: '2026-09-01T00:00:00Z' }, ['/closesAt']],
    [{ title: 'T', grading, dueAt: 'tomorrow' }, ['/dueAt']],
    [{ title: 'T', grading: { ...grading, runtime: 'cobol' } }, ['/grading/runtime']],
    [{ title: 'T', grading: { ...grading, runtimes: ['node'] } }, ['/grading/runtimes']],
    [
      { title: 'T', grading: { ...grading, tests: [{ kind: 'program', name: 'no points' }] } },
      ['/grading/tests/0/points'],
    ],
    [{ title: 'T', grading: { ...grading, tests: [adds, adds] } }, ['/grading/tests/1/name']],
    [{ title: 'T', grading: { ...grading, entrypoint: '../main.py' } }, ['/grading/entrypoint']],
    [{ title: 'T', grading: { ...grading, limits: { timeMs: 3_000_000 } } }, ['/grading/limits/timeMs']],
    [{ title: 'T', grading: { ...grading, tests: [] } }, ['/grading/tests']],
    [{ title: 'T', grading: { ...grading, color: 'red' } }, ['/grading/color']],
  ])('refuses %j', async (body, paths) => {
    const response = await post(instructor, body);
    expect(response.status).toBe(422);
    const { errors } = response.body as unknown as { errors: readonly { path: string }[] };
    expect([...new Set(errors.map(({ path }) => path))].toSorted()).toEqual(paths);
    expect((await list(instructor)).body.items).toEqual([]);
  });

  it('is for instructors of the course and administrators', async () => {
    const body = { title: 'T', grading };
    for (const user of [student, assistant, otherStudent, otherInstructor]) {
      expectProblem(await post(user, body), 403, 'instructors_only');
    }
    expectProblem(await app.request('POST', `/courses/${courseId}/assignments`, { body }), 401, 'unauthenticated');
    expect((await post(admin, body)).status).toBe(201);
    await app.request('PATCH', `/courses/${courseId}`, { token: instructor.token, body: { status: 'draft' } });
    expectProblem(await post(otherInstructor, body), 404, 'not_found');
    expectProblem(await post(assistant, body), 403, 'instructors_only');
  });

  it('answers a repeated request with the same assignment', async () => {
    const body = { title: 'Once', grading };
    const first = await post(instructor, body, { 'idempotency-key': 'one' });
    const again = await post(instructor, body, { 'idempotency-key': 'one' });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect((await list(instructor)).body.items).toHaveLength(1);
  });

  it('gives up a key with which something was refused', async () => {
    const headers = { 'idempotency-key': 'two' };
    expectInvalid(
      await post(instructor, { title: 'T', grading: { ...grading, runtime: 'x' } }, headers),
      '/grading/runtime',
    );
    expect((await post(instructor, { title: 'T', grading }, headers)).status).toBe(201);
  });
});

describe('who sees an assignment', () => {
  it.each([
    ['draft', { admin: 200, instructor: 200, assistant: 200, student: 404, otherStudent: 404, otherInstructor: 404 }],
    [
      'published',
      { admin: 200, instructor: 200, assistant: 200, student: 200, otherStudent: 404, otherInstructor: 404 },
    ],
    [
      'archived',
      { admin: 200, instructor: 200, assistant: 200, student: 404, otherStudent: 404, otherInstructor: 404 },
    ],
  ])('%s: members only, as its status allows', async (status, expected) => {
    const { id } = await create({ status });
    const users = { admin, instructor, assistant, student, otherStudent, otherInstructor };
    for (const [name, user] of Object.entries(users)) {
      const wanted = expected[name as keyof typeof expected];
      expect([name, (await get(user, id)).status]).toEqual([name, wanted]);
      const listed = await list(user);
      const isListed = listed.status === 200 ? listed.body.items.some((item) => item.id === id) : listed.status;
      expect([name, isListed]).toEqual([name, name.startsWith('other') ? 403 : wanted === 200]);
    }
    expectProblem(await app.request('GET', `/assignments/${id}`), 401, 'unauthenticated');
  });

  it('hides everything in a draft course from students, and the existence from strangers', async () => {
    const { id } = await create();
    await app.request('PATCH', `/courses/${courseId}`, { token: instructor.token, body: { status: 'draft' } });
    const hidden = await get(student, id);
    const missing = await get(student, NOBODY);
    expectProblem(hidden, 404, 'not_found');
    expect((hidden.body as unknown as Record<string, unknown>)['detail']).toBe(
      (missing.body as unknown as Record<string, unknown>)['detail'],
    );
    expectProblem(await list(student), 404, 'not_found');
    expectProblem(await list(otherStudent), 404, 'not_found');
    expect((await get(assistant, id)).status).toBe(200);
  });

  it('stays visible to the members of an archived course', async () => {
    const { id } = await create();
    await app.request('DELETE', `/courses/${courseId}`, { token: instructor.token });
    expect((await get(student, id)).status).toBe(200);
    expectProblem(await get(otherStudent, id), 404, 'not_found');
  });
});

describe('what students see of the grading document', () => {
  const secretText = 'only-staff-may-read-this';
  const document = {
    runtime: 'python',
    files: [
      { path: 'open.csv', content: 'a,b' },
      { path: 'hidden.csv', content: secretText, hidden: true },
    ],
    tests: [
      { ...adds, name: 'visible' },
      { ...adds, name: 'hidden', visibility: 'hidden', stdin: secretText, expect: { stdout: secretText } },
      { ...adds, name: 'the secret one', visibility: 'secret', stdin: secretText },
      { ...adds, name: 'later', visibility: 'after-due', stdin: 'after-due text' },
    ],
  };

  it('is what visibility allows, alone and in the list', async () => {
    const { id } = await create({ grading: document, dueAt: '2999-01-01T00:00:00Z' });
    const own = await get(student, id);
    expect(JSON.stringify(own.body)).not.toMatch(/only-staff|the secret one|hidden\.csv|after-due text/);
    expect(own.body.grading.tests).toEqual([
      expect.objectContaining({ name: 'visible', stdin: '1 2\n' }),
      { kind: 'program', name: 'hidden', points: 2, visibility: 'hidden', hidden: true },
      { kind: 'program', name: 'later', points: 2, visibility: 'after-due', hidden: true },
    ]);
    expect(own.body.grading.files?.map(({ path }) => path)).toEqual(['open.csv']);
    expect((await list(student)).body.items[0]).toEqual(own.body);
    expect((await get(assistant, id)).body.grading).toEqual(document);
    expect((await list(assistant)).body.items[0]?.grading).toEqual(document);
  });

  it('grows when the assignment is due', async () => {
    const { id } = await create({ grading: document, dueAt: '2020-01-01T00:00:00Z' });
    const { tests } = (await get(student, id)).body.grading;
    expect(tests.map(({ name }) => name)).toEqual(['visible', 'hidden', 'later']);
    expect(tests[2]).toMatchObject({ stdin: 'after-due text' });
  });
});

describe('listing assignments', () => {
  it('is newest first, goes on while assignments are added, and takes a status', async () => {
    const made = [];
    for (let number = 0; number < 5; number += 1) made.push((await create()).id);
    const draft = await create({ status: 'draft' });
    const first = await list(student, '?limit=2');
    expect(first.body.items.map(({ id }) => id)).toEqual([made[4], made[3]]);
    await create();
    const second = await list(student, `?limit=3&cursor=${first.body.nextCursor}`);
    expect(second.body.items.map(({ id }) => id)).toEqual([made[2], made[1], made[0]]);
    expect(second.body.nextCursor).toBeNull();
    expect((await list(instructor, '?status=draft')).body.items.map(({ id }) => id)).toEqual([draft.id]);
    expect((await list(student, '?status=draft')).body.items).toEqual([]);
    expectInvalid(await list(student, '?status=open'), 'status');
  });

  it('ends a page early where grading documents are large, and loses none', async () => {
    const stdin = 'x'.repeat(1_000_000);
    const tests = [1, 2, 3].map((number) => ({ ...adds, name: `${number}`, stdin }));
    const made = [];
    for (let number = 0; number < 3; number += 1) made.push((await create({ grading: { ...grading, tests } })).id);
    const first = await list(student, '?limit=100');
    expect(first.body.items).toHaveLength(1);
    const second = await list(student, `?limit=100&cursor=${first.body.nextCursor}`);
    const third = await list(student, `?limit=100&cursor=${second.body.nextCursor}`);
    expect([first, second, third].flatMap(({ body }) => body.items.map(({ id }) => id))).toEqual(made.toReversed());
    expect(third.body.nextCursor).toBeNull();
  });
});

describe('changing an assignment', () => {
  it('is a merge patch: what is left out stays, null clears', async () => {
    const made = await create({ dueAt: '2026-09-08T08:00:00Z', maxAttempts: 3 });
    const changed = await patch(instructor, made.id, { title: 'New', dueAt: null, maxAttempts: null });
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual({ ...made, title: 'New', dueAt: null, maxAttempts: null });
    expect((await get(instructor, made.id)).body).toEqual(changed.body);
    expect((await patch(instructor, made.id, {})).body).toEqual(changed.body);
  });

  it.each([
    [{ title: null }, '/title'],
    [{ grading: null }, '/grading'],
    [{ latePolicy: null }, '/latePolicy'],
    [{ latePolicy: { perDay: 200 } }, '/latePolicy/perDay'],
    [{ status: null }, '/status'],
    [{ slug: null }, '/slug'],
    [{ closesAt: '2026-09-07T00:00:00Z' }, '/closesAt'],
    [{ courseId: NOBODY }, '/courseId'],
    [{ maxPoints: 100 }, '/maxPoints'],
    [{ grading: { tests: null } }, '/grading'],
    [{ grading: { tests: [{ ...adds, points: -1 }] } }, '/grading/tests/0/points'],
  ])('refuses %j and changes nothing', async (body, path) => {
    const made = await create({ dueAt: '2026-09-08T08:00:00Z', latePolicy: { kind: 'percent', perDay: 1 } });
    const response = await patch(instructor, made.id, body);
    expect(response.status).toBe(422);
    const { errors } = response.body as unknown as { errors: readonly { path: string }[] };
    expect(errors.map((error) => error.path)).toContain(path);
    expect((await get(instructor, made.id)).body).toEqual(made);
  });

  it('merges the late policy, and begins anew with another kind', async () => {
    const { id } = await create({ latePolicy: { kind: 'percent', perDay: 10, max: 50 } });
    const policyAfter = async (latePolicy: object): Promise<object> =>
      (await patch(instructor, id, { latePolicy })).body.latePolicy;
    expect(await policyAfter({ perDay: 20 })).toEqual({ kind: 'percent', perDay: 20, max: 50 });
    expect(await policyAfter({ kind: 'none' })).toEqual({ kind: 'none' });
    expect(await policyAfter({ kind: 'percent', perDay: 5 })).toEqual({ kind: 'percent', perDay: 5, max: 100 });
  });

  it('is for instructors of the course and administrators', async () => {
    const { id } = await create();
    expectProblem(await patch(student, id, { title: 'Mine' }), 403, 'instructors_only');
    expectProblem(await patch(assistant, id, { title: 'Mine' }), 403, 'instructors_only');
    expectProblem(await patch(otherStudent, id, { title: 'Mine' }), 404, 'not_found');
    expectProblem(await patch(otherInstructor, id, { title: 'Mine' }), 404, 'not_found');
    expectProblem(await archive(student, id), 403, 'instructors_only');
    expectProblem(await archive(assistant, id), 403, 'instructors_only');
    expectProblem(await archive(otherInstructor, id), 404, 'not_found');
    expect((await patch(admin, id, { title: 'Ours' })).status).toBe(200);
  });

  it('refuses a slug that is taken', async () => {
    const one = await create({ slug: 'one' });
    const two = await create({ slug: 'two' });
    expectProblem(await patch(instructor, two.id, { slug: 'one' }), 409, 'slug_taken');
    expect((await patch(instructor, one.id, { slug: 'one' })).status).toBe(200);
  });
});

describe('versions of the grading document', () => {
  it('come with every change, and with nothing else', async () => {
    const { id } = await create();
    const versionAfter = async (body: object): Promise<number> =>
      (await patch(instructor, id, body)).body.gradingVersion;
    expect(await versionAfter({ title: 'Other' })).toBe(1);
    expect(await versionAfter({ grading })).toBe(1);
    expect(await versionAfter({ grading: { tests: [adds], runtime: 'python' } })).toBe(1);
    expect(await versionAfter({ grading: { tests: [{ ...adds, points: 3 }] } })).toBe(2);
    expect((await get(instructor, id)).body).toMatchObject({ maxPoints: 3, gradingVersion: 2 });
    expect((await get(student, id)).body.grading.tests[0]).toMatchObject({ points: 3 });
    expect(await versionAfter({ grading })).toBe(3);
  });

  it('are merged as RFC 7396 says: null takes away, lists are replaced', async () => {
    const { id } = await create({ grading: { ...grading, limits: { timeMs: 1000, memoryMiB: 64 } } });
    const merged = await patch(instructor, id, { grading: { limits: { timeMs: 500 } } });
    expect(merged.body.grading).toEqual({ ...grading, limits: { timeMs: 500, memoryMiB: 64 } });
    const cleared = await patch(instructor, id, {
      grading: { limits: null, runtime: null, runtimes: ['python', 'node'], entrypoint: null },
    });
    expect(cleared.body.grading).toEqual({ runtimes: ['python', 'node'], tests: [adds] });
  });

  it('say what the merge kept, when that is the fault', async () => {
    const { id } = await create();
    const response = await patch(instructor, id, { grading: { runtimes: ['node'], tests: [adds] } });
    expectInvalid(response, '/grading/runtimes', '/grading');
    expect(JSON.stringify(response.body)).toContain('kept runtime, entrypoint');
  });

  it('get one number each from edits at the same time', async () => {
    const { id } = await create();
    const edits = await Promise.all(
      [3, 4, 5, 6].map((points) => patch(instructor, id, { grading: { tests: [{ ...adds, points }] } })),
    );
    expect(edits.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(edits.map(({ body }) => body.gradingVersion).toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5]);
    const last = edits.find(({ body }) => body.gradingVersion === 5);
    expect((await get(instructor, id)).body).toEqual(last?.body);
  });

  it('are made by one of several edits that name the same version', async () => {
    const { id } = await create();
    const tag = (await get(instructor, id)).headers.get('etag') ?? '';
    const edits = await Promise.all(
      [3, 4, 5].map((points) =>
        patch(instructor, id, { grading: { tests: [{ ...adds, points }] } }, { 'if-match': tag }),
      ),
    );
    expect(edits.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412]);
    expect((await get(instructor, id)).body.gradingVersion).toBe(2);
  });
});

describe('archiving an assignment', () => {
  it('hides it from students, twice without harm, and can be undone', async () => {
    const { id } = await create();
    expect((await archive(instructor, id)).status).toBe(204);
    expect((await archive(instructor, id)).status).toBe(204);
    expectProblem(await get(student, id), 404, 'not_found');
    expect((await get(assistant, id)).body.status).toBe('archived');
    expect((await patch(instructor, id, { status: 'published' })).status).toBe(200);
    expect((await get(student, id)).status).toBe(200);
  });

  it('honours If-Match', async () => {
    const { id } = await create();
    const tag = (await get(instructor, id)).headers.get('etag') ?? '';
    await patch(instructor, id, { title: 'Changed' });
    expectProblem(await archive(instructor, id, { 'if-match': tag }), 412, 'version_mismatch');
    expect((await get(instructor, id)).body.status).toBe('published');
  });
});

describe('entity tags', () => {
  it('differ by viewer, and answer 304 to who knows them', async () => {
    const { id } = await create({ grading: { ...grading, tests: [{ ...adds, visibility: 'hidden' }] } });
    const ofStaff = (await get(instructor, id)).headers.get('etag') ?? '';
    const own = await get(student, id);
    expect(own.headers.get('etag')).not.toBe(ofStaff);
    expect(own.headers.get('cache-control')).toBe('private, no-cache');
    const known = await app.request('GET', `/assignments/${id}`, {
      token: student.token,
      headers: { 'if-none-match': own.headers.get('etag') ?? '' },
    });
    expect([known.status, known.body]).toEqual([304, '']);
  });
});
