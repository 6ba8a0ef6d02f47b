import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, createAssignment, createCourse, submit, WRONG } from '../support/course-builder.js';
import { expectProblem } from '../support/expect-problem.js';
import { startTestApp, type TestApp, type TestRequest, type TestResponse, type TestUser } from '../support/test-app.js';

let app: TestApp;
let student: TestUser;
let instructor: TestUser;
let prefixes = 0;

beforeAll(async () => {
  app = await startTestApp({ worker: false });
  [student, instructor] = await Promise.all([app.createUser(), app.createUser({ role: 'instructor' })]);
});
afterAll(() => app?.close());

/** Another process of the installation, which counts; the same people may ask it. */
async function counting<T>(
  variables: Readonly<Record<string, string>>,
  work: (counting: TestApp) => Promise<T>,
): Promise<T> {
  // Counts of its own: those of the tests before would go on in Redis.
  prefixes += 1;
  const prefix = app.variables['REDIS_PREFIX'];
  const own = prefix === undefined ? {} : { REDIS_PREFIX: `${prefix}${prefixes}` };
  const second = await startTestApp({
    sharing: app,
    worker: false,
    variables: { RATE_LIMITS: 'on', ...own, ...variables },
  });
  try {
    return await work(second);
  } finally {
    await second.close();
  }
}

/** So many of the same request, one after the other. */
async function many(
  count: number,
  by: TestApp,
  path: string,
  request: (number: number) => TestRequest,
): Promise<readonly TestResponse<unknown>[]> {
  const answers: TestResponse<unknown>[] = [];
  for (let number = 0; number < count; number += 1) answers.push(await by.request('GET', path, request(number)));
  return answers;
}

const statusesOf = (answers: readonly TestResponse<unknown>[]): readonly number[] =>
  answers.map(({ status }) => status);

/** A proxy's word about where a request came from. */
const from = (...addresses: readonly string[]): Readonly<Record<string, string>> => ({
  'x-forwarded-for': addresses.join(', '),
});

/** Work of so many kilobytes. */
const sized = (kib: number) => ({ files: [WRONG, { path: 'data.txt', content: 'x'.repeat(kib * 1_024) }] });

describe('too many requests', () => {
  it('of one account are answered with 429, which says when to go on; the next account is not concerned', async () => {
    await counting({ RATE_ACCOUNT: '5' }, async (second) => {
      const answers = await many(7, second, '/users/me', () => ({ token: student.token }));
      expect(statusesOf(answers)).toEqual([200, 200, 200, 200, 200, 429, 429]);
      expect(answers.slice(0, 5).map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual([
        '4',
        '3',
        '2',
        '1',
        '0',
      ]);
      const [first, refused] = [answers[0], answers[6]];
      expect(first?.headers.get('ratelimit-limit')).toBe('5');
      if (refused === undefined) throw new Error('There is no seventh answer.');
      expectProblem(refused, 429, 'rate_limited');
      expect(refused.headers.get('ratelimit-remaining')).toBe('0');
      const wait = Number(refused.headers.get('retry-after'));
      expect(wait).toBeGreaterThanOrEqual(1);
      expect(wait).toBeLessThanOrEqual(60);
      expect(refused.headers.get('ratelimit-reset')).toBe(String(wait));
      expect((await second.request('GET', '/users/me', { token: instructor.token })).status).toBe(200);
      // It is the account that is counted, by whatever token.
      const { token } = await app.signIn(student.email, student.password);
      expect((await second.request('GET', '/courses', { token })).status).toBe(429);
    });
  });

  it('of strangers count by address, with or without a token that is not valid; who is signed in there goes on', async () => {
    await counting({ RATE_ADDRESS: '6' }, async (second) => {
      const strange: TestRequest[] = [{}, { token: 'forged' }, { token: `assay_pat_${'x'.repeat(43)}` }];
      const answers = await many(9, second, '/users/me', (number) => strange[number % 3] ?? {});
      expect(statusesOf(answers)).toEqual([401, 401, 401, 401, 401, 401, 429, 429, 429]);
      for (const path of ['/no/such/route', '/docs', '/openapi.json']) {
        expect([path, (await second.request('GET', path)).status]).toEqual([path, 429]);
      }
      expect((await second.request('GET', '/users/me', { token: student.token })).status).toBe(200);
      // Whoever keeps the server alive may ask as often as they like.
      expect(statusesOf(await many(10, second, '/health/live', () => ({})))).not.toContain(429);
    });
  });

  it('from a whole class behind one address are not too many, as they come', async () => {
    await counting({}, async (second) => {
      // What counts is that they come: bodies that nobody needs to hash a password for.
      const everybody = (path: string): Promise<TestResponse<unknown>[]> =>
        Promise.all(Array.from({ length: 300 }, () => second.request('POST', path, { body: {} })));
      // Each signs in, mistypes once, and is signed on again within the same minute.
      const answers = [
        ...(await everybody('/auth/login')),
        ...(await everybody('/auth/login')),
        ...(await everybody('/auth/refresh')),
      ];
      expect(new Set(statusesOf(answers))).toEqual(new Set([422]));
      // It would be noticed if nobody counted them.
      const left = answers.map(({ headers }) => Number(headers.get('ratelimit-remaining')));
      expect(Math.min(...left)).toBeLessThan(600);
    });
  });

  it('to sign in have a limit of their own', async () => {
    await counting({ RATE_SIGN_IN: '3', RATE_ADDRESS: '1000' }, async (second) => {
      const tries = [];
      for (let number = 0; number < 5; number += 1) {
        const body = { email: `nobody-${number}@example.org`, password: 'no such password' };
        tries.push(await second.request('POST', '/auth/login', { body }));
      }
      expect(statusesOf(tries)).toEqual([401, 401, 401, 429, 429]);
      expect((await second.request('GET', '/users/me')).status).toBe(401);
    });
  });

  it('by the forms of mailed links count as signing in, and looking at the pages does not', async () => {
    await counting({ RATE_SIGN_IN: '2', RATE_ADDRESS: '1000' }, async (second) => {
      const page = `${second.url}/api/v1/account/reset-password`;
      const form = { token: 'no such token', password: 'long enough for all' };
      const statuses = [];
      for (let number = 0; number < 4; number += 1) {
        statuses.push((await fetch(page, { method: 'POST', body: new URLSearchParams(form) })).status);
      }
      expect(statuses.slice(0, 2)).not.toContain(429);
      expect(statuses.slice(2)).toEqual([429, 429]);
      expect((await fetch(`${page}?token=none`)).status).toBe(200);
    });
  });

  it('for what costs much have one too', async () => {
    const course = await createCourse(app, instructor);
    await counting({ RATE_COSTLY: '2' }, async (second) => {
      const { token } = instructor;
      const answers = await many(3, second, `/courses/${course.id}/gradebook.csv`, () => ({ token }));
      expect(statusesOf(answers)).toEqual([200, 200, 429]);
      expect((await second.request('GET', `/courses/${course.id}/gradebook`, { token })).status).toBe(200);
    });
  });
});

describe('the address of a client', () => {
  it('is that of the connection, whatever a header says', async () => {
    await counting({ RATE_ADDRESS: '3' }, async (second) => {
      const answers = await many(5, second, '/users/me', (number) => ({ headers: from(`192.0.2.${number}`) }));
      expect(statusesOf(answers)).toEqual([401, 401, 401, 429, 429]);
    });
  });

  it('is what the trusted proxy says, and not what the client told the proxy', async () => {
    await counting({ RATE_ADDRESS: '3', TRUST_PROXY: '1' }, async (second) => {
      const honest = await many(5, second, '/users/me', (number) => ({ headers: from(`192.0.2.${number}`) }));
      expect(statusesOf(honest)).toEqual([401, 401, 401, 401, 401]);
      const lying = await many(5, second, '/users/me', (number) => ({
        headers: from(`203.0.113.${number}`, '198.51.100.1'),
      }));
      expect(statusesOf(lying)).toEqual([401, 401, 401, 429, 429]);
    });
  });

  it('opens no metrics to whoever calls themselves local', async () => {
    await counting({ TRUST_PROXY: 'loopback' }, async (second) => {
      expect((await second.request('GET', '/metrics', { headers: from('127.0.0.1') })).status).toBe(401);
      expect((await second.request('GET', '/metrics', { headers: from('192.0.2.1') })).status).toBe(401);
    });
  });
});

describe('a student who hands in', () => {
  it('too often within an hour is told when to go on; others and staff are not', async () => {
    const course = await createCourse(app, instructor);
    const [one, other] = [await createAssignment(app, course), await createAssignment(app, course, { title: 'Other' })];
    const friend = await app.createUser();
    for (const user of [student, friend]) await addMember(app, course, user);
    await counting({ LIMIT_SUBMISSIONS_PER_HOUR: '3' }, async (second) => {
      for (const assignmentId of [one, other, one]) {
        expect((await submit(second, student, assignmentId)).status).toBe(202);
      }
      const refused = await submit(second, student, other);
      expectProblem(refused, 429, 'too_many_submissions');
      const wait = Number(refused.headers.get('retry-after'));
      expect(wait).toBeGreaterThan(3_000);
      expect(wait).toBeLessThanOrEqual(3_600);
      expect((await submit(second, friend, other)).status).toBe(202);
      for (let number = 0; number < 5; number += 1) {
        expect((await submit(second, instructor, one, { files: [WRONG] })).status).toBe(202);
      }
    });
  });

  it('more than may be kept of theirs is refused, and nothing of it is kept', async () => {
    const course = await createCourse(app, instructor);
    const assignmentId = await createAssignment(app, course);
    const hoarder = await app.createUser();
    await addMember(app, course, hoarder);
    await counting({ LIMIT_STORED_MIB_PER_STUDENT: '1' }, async (second) => {
      expect((await submit(second, hoarder, assignmentId, sized(600))).status).toBe(202);
      expectProblem(await submit(second, hoarder, assignmentId, sized(600)), 429, 'storage_quota_exceeded');
      expect((await submit(second, hoarder, assignmentId, sized(300))).status).toBe(202);
      const list = await app.request<{ items: unknown[] }>('GET', `/assignments/${assignmentId}/submissions`, {
        token: hoarder.token,
      });
      expect(list.body.items).toHaveLength(2);
    });
  });
});
